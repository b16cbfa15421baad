"""An answer proves that nothing happened, and something did: a copy of the order, sent by others, went through."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.check_status import check_status
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.customers import Option, Reason, ReasonKind
from bot.domain.errors import ServiceTrouble
from bot.domain.people import Caller
from bot.eligibility.client import AcceptedForLater, AuditHit, Declined, NotNow, OrderAnswer, UpgradeAnswer
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit
from tests.support.service import E3, subscription

Reading = Callable[..., Coroutine[Any, Any, Any]]


class Between:
    """The real service behind something that sends orders on (or not) and answers them itself."""

    def __init__(self, real: Any, *, answer: OrderAnswer, acts: bool, **instead: Reading) -> None:
        self._real, self.answer, self.acts, self.instead = real, answer, acts, instead

    def __getattr__(self, name: str) -> Any:
        return self.instead.get(name) or getattr(self._real, name)

    async def upgrade(self, *args: Any, **named: Any) -> UpgradeAnswer:
        """The order as it came, and another answer."""
        if self.acts:
            await self._real.upgrade(*args, **named)
        return self.answer


async def _away(*_: Any, **__: Any) -> Any:
    raise ServiceTrouble(status=503)


async def _nothing(*_: Any, **__: Any) -> Any:
    return []


def _behind(
    kit: DeskKit, *, answer: OrderAnswer, acts: bool, config: dict[str, Any] | None = None, **instead: Any
) -> DeskKit:
    service: Any = Between(kit.desk.service, answer=answer, acts=acts, **instead)
    return replace(kit, desk=replace(kit.desk, service=service, config=replace(kit.desk.config, **config or {})))


THROTTLED = NotNow(retry_after=1.0, why="throttled")


async def _throttled_once(kit: DeskKit, heidi: Caller, clock: ShiftedClock, *, acts: bool) -> Change:
    change = await requested(kit, heidi, CONTOSO)
    await _behind(kit, answer=THROTTLED, acts=acts).work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.APPROVED, 1)
    clock.advance(timedelta(minutes=1))
    return change


async def test_a_throttled_order_that_was_carried_out_is_completed_by_the_services_record(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Never `refused · nothing ordered`: the second attempt finds what the first one did."""
    change = await _throttled_once(kit, heidi, clock, acts=True)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.COMPLETED, 1)
    assert after.outcome is not None
    assert (after.outcome.quantity, after.outcome.follow_ups) == (24, 1)
    held = await kit.desk.service.subscriptions(CONTOSO["id"], correlation_id=kit.desk.ids.uuid())
    assert after.outcome.target_subscription_id in {each.id for each in held if each.active}
    assert await kit.service.orders() == 1
    last = (await kit.trail())[-1].entry
    assert (last.name, last.reason, last.before, last.after) == (
        AuditName.SUBMIT_OUTCOME,
        "audit_record",
        ChangeState.SUBMITTING,
        ChangeState.COMPLETED,
    )


async def test_a_throttled_order_whose_source_is_gone_without_a_trace_is_unknown(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    """The records say nothing, and nobody can say that nothing was ordered; a later record completes it."""
    change = await _throttled_once(kit, heidi, clock, acts=False)
    gone = {**CONTOSO, "subscriptions": CONTOSO["subscriptions"][1:]}
    await kit.service.replace(tmp_path, [gone])
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.UNKNOWN, "outcome_unknown")
    assert await kit.work() == 0
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)


@pytest.mark.parametrize("read", ["audit_of", "both"])
async def test_a_throttled_order_is_unknown_where_its_records_cannot_be_read(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, read: str
) -> None:
    """And completed as soon as they can."""
    change = await _throttled_once(kit, heidi, clock, acts=True)
    instead: dict[str, Any] = {"audit_of": _away} | ({"subscriptions": _away} if read == "both" else {})
    if read == "audit_of":
        instead["subscriptions"] = _nothing
    await _behind(kit, answer=THROTTLED, acts=False, **instead).work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


async def test_a_throttled_order_that_was_not_carried_out_is_sent_again(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await _throttled_once(kit, heidi, clock, acts=False)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.COMPLETED, 2)
    assert await kit.service.orders() == 1


async def test_a_throttled_order_whose_source_others_changed_is_refused_as_before(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    """Another number of seats is no doing of an upgrade."""
    change = await _throttled_once(kit, heidi, clock, acts=False)
    bigger = {**CONTOSO["subscriptions"][0], "quantity": 30}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [bigger, *CONTOSO["subscriptions"][1:]]}])
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.REFUSED, "facts_moved")


async def test_an_order_that_never_left_explains_nothing(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    """A refused connection is no copy: what is gone then was somebody else's doing."""
    change = await requested(kit, heidi, CONTOSO)
    await _behind(kit, answer=NotNow(retry_after=1.0, why="not_sent"), acts=False).work()
    clock.advance(timedelta(minutes=1))
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": CONTOSO["subscriptions"][1:]}])
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.REFUSED


async def test_the_first_of_two_attempts_counts_too(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """The copy of the first one acted only after the second one was lost."""
    change = await requested(kit, heidi, CONTOSO)
    kept: list[tuple[Any, Any]] = []
    late = _behind(kit, answer=THROTTLED, acts=False)

    async def keep(*args: Any, **named: Any) -> UpgradeAnswer:
        kept.append((args, named))
        return THROTTLED

    service: Any = late.desk.service
    service.upgrade = keep
    await late.work()
    clock.advance(timedelta(minutes=1))
    kit.service.faults.arm("cut", acts=False, method="POST", path=r"/upgrades$")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    await kit.desk.service.upgrade(*kept[0][0], **kept[0][1])
    clock.advance(timedelta(minutes=1))
    checked = await check_status(kit.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED
    assert checked.change.outcome is not None
    assert checked.change.outcome.correlation_id == kept[0][1]["correlation_id"]


async def _failed_record(call_ids: frozenset[str], *, customer_id: str, **_: Any) -> list[AuditHit]:
    """What the service's records say of the second copy."""
    return [
        AuditHit(
            operation="upgrade_subscription",
            status="failed",
            customer_id=customer_id,
            subscription_ids=frozenset(),
            at=None,
            call_id=each.upper(),
        )
        for each in call_ids
    ]


async def test_an_accepted_order_that_is_refused_later_fails_only_where_nothing_moved(
    kit: DeskKit, heidi: Caller
) -> None:
    """The failure on record may be the second copy's: the first one's work is found in the list, now or later."""
    change = await requested(kit, heidi, CONTOSO)
    await _behind(kit, answer=AcceptedForLater(), acts=True).work()
    assert (await current(kit, change)).state is ChangeState.ACCEPTED
    behind = _behind(kit, answer=THROTTLED, acts=False, audit_of=_failed_record, subscriptions=_nothing)
    checked = await check_status(behind.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.ACCEPTED)
    behind = _behind(kit, answer=THROTTLED, acts=False, audit_of=_failed_record)
    checked = await check_status(behind.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED


async def test_an_accepted_order_that_failed_and_left_everything_is_a_failure(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    behind = _behind(kit, answer=AcceptedForLater(), acts=False, audit_of=_failed_record)
    await behind.work()
    checked = await check_status(behind.desk, change_id=change.id)
    assert checked.change.state is ChangeState.FAILED


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
    await _behind(kit, answer=Declined(code=code, text="pending"), acts=False, options=busy).work()
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

    behind = _behind(kit, answer=Declined(code="900278"), acts=False, options=then_done)
    service: Any = behind.desk.service

    async def refuse(*args: Any, **named: Any) -> UpgradeAnswer:
        ordered.append((args, named))
        return Declined(code="900278")

    service.upgrade = refuse
    await behind.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    checked = await check_status(kit.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


async def test_an_operation_that_does_not_end_leaves_the_outcome_unknown(kit: DeskKit, heidi: Caller) -> None:
    """Within its own bound, not the lease's: it may take a day."""
    change = await requested(kit, heidi, CONTOSO)
    brief = {"pending_wait": 0.8}
    busy = _busy_for(kit, 1000)
    await _behind(kit, answer=Declined(code="900278"), acts=False, config=brief, options=busy).work()
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
async def test_a_service_that_cannot_be_asked_is_not_said_to_show_nothing(
    kit: DeskKit, heidi: Caller, how: str
) -> None:
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
