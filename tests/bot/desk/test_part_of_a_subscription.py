from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.approve import approve
from bot.desk.check_status import check_status
from bot.desk.prepare_approval import prepare_approval
from bot.desk.prepare_upgrade import prepare_again
from bot.desk.reasons import Problem
from bot.desk.request_upgrade import request_upgrade
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.customers import Subscription
from bot.domain.errors import BadInput
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from tests.bot.desk.seats.conftest import FABRIKAM, PARTS
from tests.support.asking import current, prepared
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit
from tests.support.seats import set_elsewhere
from tests.support.service import BASIC, E3, RunningService, customer, running_service, subscription

POST = {"method": "POST", "path": r"/upgrades$"}
LARGE = customer("Groß AG", subscription(BASIC, 60, partialUpgrade=True), domain="gross.example")


@pytest.fixture
async def service(tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[RunningService]:
    """The real service, with subscriptions of which a part can be upgraded."""
    async with running_service(tmp_path, clock=clock, ids=ids, customers=[FABRIKAM, PARTS, LARGE]) as running:
        yield running


class Silent:
    """The real service without its audit records."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def audit_of(self, *_: Any, **__: Any) -> list[Any]:
        """None of our call."""
        return []


def _silent(kit: DeskKit) -> DeskKit:
    service: Any = Silent(kit.desk.service)
    return replace(kit, desk=replace(kit.desk, service=service))


async def _part(kit: DeskKit, caller: Caller, seats: str, *, of: dict[str, Any] = PARTS) -> Change:
    sheet = await prepared(kit, caller, of)
    return await request_upgrade(kit.desk, caller=caller, draft_id=sheet.draft_id, note="x", seats=seats)


async def _held(kit: DeskKit, of: dict[str, Any] = PARTS) -> tuple[Subscription, ...]:
    return await kit.service.client().subscriptions(of["id"], correlation_id=kit.desk.ids.uuid())


async def test_a_part_is_upgraded_and_what_stays_is_known(kit: DeskKit, heidi: Caller) -> None:
    """Issue 5, 3: the number in the sheet, at most those there are; what stays is shown."""
    sheet = await prepared(kit, heidi, PARTS)
    assert sheet.may_be_part
    change = await request_upgrade(kit.desk, caller=heidi, draft_id=sheet.draft_id, note="x", seats="4")
    assert (change.facts.quantity, change.facts.target_quantity, change.facts.seats_left) == (10, 4, 6)
    await kit.work()
    after = await current(kit, change)
    assert after.state is ChangeState.COMPLETED
    assert after.outcome is not None
    assert after.outcome.quantity == 4
    old, new = await _held(kit)
    assert (old.quantity, old.active, new.quantity, new.offer.key) == (6, True, 4, E3)
    assert after.outcome.target_subscription_id == new.id
    assert await kit.service.orders() == 1


@pytest.mark.parametrize("typed", [None, "", "  ", "10"])
async def test_all_of_it_is_upgraded_where_no_smaller_number_is_given(
    kit: DeskKit, heidi: Caller, typed: str | None
) -> None:
    sheet = await prepared(kit, heidi, PARTS)
    change = await request_upgrade(kit.desk, caller=heidi, draft_id=sheet.draft_id, note="x", seats=typed)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert [each.active for each in await _held(kit)] == [False, True]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("11", Problem.MORE_THAN_THERE), ("0", Problem.NOT_POSITIVE), ("+4", Problem.NOT_A_NUMBER)],
)
async def test_a_part_that_cannot_be_is_said_at_the_field(
    kit: DeskKit, heidi: Caller, typed: str, problem: Problem
) -> None:
    with pytest.raises(BadInput) as raised:
        await _part(kit, heidi, typed)
    assert (raised.value.field, raised.value.problem) == ("seats", problem)


async def test_without_the_services_word_only_all_of_it_can_be_upgraded(kit: DeskKit, heidi: Caller) -> None:
    """Partner Center has no field for it: without the field it is not permitted (decision 0102)."""
    sheet = await prepared(kit, heidi, FABRIKAM)
    assert not sheet.may_be_part
    with pytest.raises(BadInput) as raised:
        await request_upgrade(kit.desk, caller=heidi, draft_id=sheet.draft_id, note="x", seats="4")
    assert raised.value.problem == Problem.NOT_IN_PARTS


@pytest.mark.parametrize(("seats", "state"), [("25", ChangeState.APPROVED), ("26", ChangeState.AWAITING_APPROVAL)])
async def test_the_policy_counts_the_seats_that_move(
    kit: DeskKit, heidi: Caller, seats: str, state: ChangeState
) -> None:
    assert (await _part(kit, heidi, seats, of=LARGE)).state is state


async def test_a_part_goes_back_to_its_approvers_with_what_is_left_by_then(kit: DeskKit, heidi: Caller) -> None:
    gina = kit.member("U0GINA", PartnerRole.GLOBAL_ADMIN)
    change = await _part(kit, heidi, "26", of=LARGE)
    sheet = await prepare_approval(kit.desk, caller=gina, change_id=change.id)
    assert (sheet.facts.target_quantity, sheet.moves) == (26, ())
    await approve(kit.desk, caller=gina, review_id=sheet.review_id)
    await set_elsewhere(kit, LARGE, 62)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.facts.quantity, after.facts.target_quantity) == (
        ChangeState.AWAITING_APPROVAL,
        62,
        26,
    )
    assert await kit.service.orders() == 1


@pytest.mark.parametrize("quantity", [3, 4])
async def test_a_part_that_is_all_there_is_by_now_is_refused(
    kit: DeskKit, heidi: Caller, tmp_path: Path, quantity: int
) -> None:
    change = await _part(kit, heidi, "4")
    fewer = {**PARTS["subscriptions"][0], "quantity": quantity}
    await kit.service.replace(tmp_path, [{**PARTS, "subscriptions": [fewer]}])
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.REFUSED
    assert await kit.service.orders() == 0


@pytest.mark.parametrize("silent", [False, True])
async def test_a_lost_answer_is_completed_by_the_record_or_by_what_the_customer_holds(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, *, silent: bool
) -> None:
    """The source stays, so "source gone" is no evidence here: it has exactly the other seats (decision 0102)."""
    change = await _part(kit, heidi, "4")
    kit.service.faults.arm("cut", acts=True, **POST)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    clock.advance(timedelta(minutes=2))
    desk = _silent(kit).desk if silent else kit.desk
    checked = await check_status(desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert (await kit.trail())[-1].entry.reason == ("rest_stays_target_there" if silent else "audit_record")
    assert checked.change.outcome is not None
    assert checked.change.outcome.target_subscription_id in {each.id for each in await _held(kit)}
    assert await kit.service.orders() == 1


@pytest.mark.parametrize("kind", ["cut", "error"])
async def test_a_part_that_did_not_happen_is_never_called_done(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, kind: str
) -> None:
    change = await _part(kit, heidi, "4")
    kit.service.faults.arm(kind, acts=False, **POST)
    await kit.work()
    clock.advance(timedelta(days=1))
    for desk in (kit.desk, _silent(kit).desk):
        assert not (await check_status(desk, change_id=change.id)).settled
    assert (await current(kit, change)).state is ChangeState.UNKNOWN


async def test_a_source_with_another_rest_is_no_evidence(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await _part(kit, heidi, "4")
    kit.service.faults.arm("cut", acts=True, **POST)
    await kit.work()
    await set_elsewhere(kit, PARTS, 8)
    clock.advance(timedelta(minutes=2))
    assert not (await check_status(_silent(kit).desk, change_id=change.id)).settled


async def test_a_part_is_asked_for_again_as_the_same_part(kit: DeskKit, heidi: Caller, tmp_path: Path) -> None:
    change = await _part(kit, heidi, "4")
    moved = {**PARTS["subscriptions"][0], "quantity": 12}
    await kit.service.replace(tmp_path, [{**PARTS, "subscriptions": [moved]}])
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.REFUSED
    again = await prepare_again(kit.desk, caller=heidi, change_id=change.id)
    assert (again.prefill_seats, again.facts.quantity, again.may_submit) == (4, 12, True)
