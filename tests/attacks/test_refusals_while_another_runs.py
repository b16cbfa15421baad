"""A refusal because of another operation, a target that is not ours, a service that cannot be asked for an outcome."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.check_status import check_status
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.customers import Option, Reason, ReasonKind
from bot.domain.people import Caller
from bot.eligibility.client import Declined, UpgradeAnswer
from tests.attacks.between import Reading, behind
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit
from tests.support.service import E3, subscription


def _busy_for(kit: DeskKit, readings: int) -> Reading:
    """Options as the service shows them, with an operation under way for so many readings."""
    left = [readings]

    async def options(*args: Any, **named: Any) -> tuple[Option, ...]:
        found: tuple[Option, ...] = await kit.desk.service.options(*args, **named)
        left[0] -= 1
        busy = (Reason(kind=ReasonKind.OPERATION_PENDING, raw_code="4"),)
        return found if left[0] < 0 else tuple(replace(each, reasons=busy) for each in found)

    return options


@pytest.mark.parametrize("code", ["4", "900278", "800060", "800082", "http_409"])
async def test_a_refusal_because_of_another_operation_waits_for_its_end(kit: DeskKit, heidi: Caller, code: str) -> None:
    """It may be our own first copy; once nothing is under way and all is as it was, the refusal is true."""
    change = await requested(kit, heidi, CONTOSO)
    busy = _busy_for(kit, 1)
    await behind(kit, answer=Declined(code=code, text="pending"), acts=False, options=busy).work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.FAILED, code)


async def test_a_refusal_because_of_our_own_first_copy_is_unknown_until_it_is_found_done(
    kit: DeskKit, heidi: Caller
) -> None:
    """The first copy is still running when the refusal of the second one comes: nothing has moved yet."""
    change = await requested(kit, heidi, CONTOSO)
    ordered: list[Any] = []
    busy = _busy_for(kit, 1)

    async def then_done(*args: Any, **named: Any) -> tuple[Option, ...]:
        shown: tuple[Option, ...] = await busy(*args, **named)
        await kit.desk.service.upgrade(*ordered[0][0], **ordered[0][1])
        return shown

    between = behind(kit, answer=Declined(code="900278"), acts=False, options=then_done)
    service: Any = between.desk.service

    async def refuse(*args: Any, **named: Any) -> UpgradeAnswer:
        ordered.append((args, named))
        return Declined(code="900278")

    service.upgrade = refuse
    await between.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    checked = await check_status(kit.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


async def test_an_operation_that_does_not_end_leaves_the_outcome_unknown(kit: DeskKit, heidi: Caller) -> None:
    """Within its own bound, not the lease's: it may take a day."""
    change = await requested(kit, heidi, CONTOSO)
    brief = {"pending_wait": 0.8}
    busy = _busy_for(kit, 1000)
    await behind(kit, answer=Declined(code="900278"), acts=False, config=brief, options=busy).work()
    after = await current(kit, change)
    assert after.state is ChangeState.UNKNOWN
    assert (await kit.trail())[-1].entry.reason == "declined_pending"


async def test_a_target_of_other_seats_is_not_ours(kit: DeskKit, heidi: Caller, tmp_path: Path) -> None:
    """The source is gone, and somebody bought the target meanwhile: 24 seats were ordered, not 7."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=False, method="POST", path=r"/upgrades$")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    tomorrow = (kit.desk.clock.now() + timedelta(days=1)).date().isoformat()
    for quantity, state in ((7, ChangeState.UNKNOWN), (24, ChangeState.COMPLETED)):
        bought = subscription(E3, quantity, creationDate=tomorrow)
        await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [bought], "users": []}])
        checked = await check_status(kit.desk, change_id=change.id)
        assert checked.change.state is state


@pytest.mark.parametrize("how", ["resting", "failing"])
async def test_a_service_that_cannot_be_asked_is_not_said_to_shownothing(kit: DeskKit, heidi: Caller, how: str) -> None:
    """The look is entered as undetermined, and the card goes on saying when it was looked last."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=False, method="POST", path=r"/upgrades$")
    await kit.work()
    looked = (await check_status(kit.desk, change_id=change.id, by=heidi)).change.checked_at
    assert looked is not None
    if how == "resting":
        for _ in range(5):
            kit.desk.service.breaker.heard(good=False)
        checked = await check_status(kit.desk, change_id=change.id, by=heidi)
    else:
        with kit.service.faults.armed("unauthorized"):
            checked = await check_status(kit.desk, change_id=change.id, by=heidi)
    assert (checked.settled, checked.unread, checked.change.checked_at) == (False, True, looked)
    last = (await kit.trail())[-1].entry
    assert (last.name, last.verdict, last.reason) == (
        AuditName.CHANGE_CHECK,
        AuditVerdict.UNDETERMINED,
        "service_trouble",
    )
