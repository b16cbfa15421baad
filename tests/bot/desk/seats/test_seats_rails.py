import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.desk.seats.request_seats import request_seats
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import NotPossibleAnyMore, OpenChangeExists
from bot.domain.people import Caller
from bot.domain.policy import Mode, Operation, Policy
from bot.eligibility.client import Declined
from tests.bot.desk.seats.conftest import CONTOSO
from tests.support.asking import current
from tests.support.desks import DeskKit, on_another_machine
from tests.support.seats import Reading, behind, held_seats, seat_sheet, seats_requested, set_elsewhere


class JustBefore:
    """The client's own transport, and something that happens between its last reading and the order."""

    def __init__(self, real: Any, first: Reading) -> None:
        self._real, self._first = real, first

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def order(self, *args: Any, **named: Any) -> Any:
        """The order as it came."""
        await self._first()
        return await self._real.order(*args, **named)


async def test_seats_are_ordered_once_and_done_means_that_the_service_reports_them(kit: DeskKit, heidi: Caller) -> None:
    change = await seats_requested(kit, heidi, CONTOSO)
    assert await kit.work() == 1
    after = await current(kit, change)
    assert after.state is ChangeState.COMPLETED
    assert after.outcome is not None
    assert after.outcome.quantity == await held_seats(kit, CONTOSO) == 25
    assert after.outcome.target_subscription_id == CONTOSO["subscriptions"][0]["id"]
    assert await kit.service.orders() == 1
    names = [row.entry.name for row in await kit.trail() if row.entry.change_id == change.id]
    assert names == [AuditName.CHANGE_REQUEST, AuditName.SUBMIT_SEND, AuditName.SUBMIT_OUTCOME]


async def test_many_seats_wait_for_a_second_person_and_are_then_ordered(
    kit: DeskKit, heidi: Caller, gina: Caller
) -> None:
    change = await seats_requested(kit, heidi, CONTOSO, add=26)
    assert await kit.work() == 0
    sheet = await prepare_approval(kit.desk, caller=gina, change_id=change.id)
    assert (sheet.may_decide, sheet.facts.target_quantity, sheet.target.key) == (True, 46, sheet.source.key)
    await approve(kit.desk, caller=gina, review_id=sheet.review_id)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert await held_seats(kit, CONTOSO) == 46


@pytest.mark.parametrize("add", [5, 26])
async def test_a_number_that_moved_since_the_request_is_said_and_nothing_is_sent(
    kit: DeskKit, heidi: Caller, gina: Caller, add: int
) -> None:
    """Also where somebody approved it: five more than 20 are another thing than five more than 22."""
    change = await seats_requested(kit, heidi, CONTOSO, add=add)
    if add > 25:
        sheet = await prepare_approval(kit.desk, caller=gina, change_id=change.id)
        await approve(kit.desk, caller=gina, review_id=sheet.review_id)
    await set_elsewhere(kit, CONTOSO, 22)
    await kit.work()
    after = await current(kit, change)
    assert after.state is ChangeState.REFUSED
    assert after.outcome is not None
    assert after.outcome.error_code == "facts_moved"
    assert [(each.field, each.before, each.after) for each in after.outcome.moves] == [("quantity", 20, 22)]
    assert (await held_seats(kit, CONTOSO), await kit.service.orders()) == (22, 1)


async def test_an_approver_sees_that_the_number_moved_and_cannot_approve_another(
    kit: DeskKit, heidi: Caller, gina: Caller
) -> None:
    change = await seats_requested(kit, heidi, CONTOSO, add=26)
    await set_elsewhere(kit, CONTOSO, 22)
    sheet = await prepare_approval(kit.desk, caller=gina, change_id=change.id)
    assert isinstance(sheet.hindrance, NotPossibleAnyMore)
    assert [each.field for each in sheet.moves] == ["quantity"]
    with pytest.raises(NotPossibleAnyMore):
        await approve(kit.desk, caller=gina, review_id=sheet.review_id)
    assert (await current(kit, change)).facts == change.facts


@pytest.mark.parametrize(("now", "orders"), [(22, 1), (25, 1)])
async def test_a_number_that_moves_between_the_second_look_and_the_sending_is_compared_once_more(
    kit: DeskKit, heidi: Caller, now: int, orders: int
) -> None:
    """Compared again just before: also where it is by then what was asked for, nothing is sent."""
    change = await seats_requested(kit, heidi, CONTOSO)
    await behind(kit, first=lambda: set_elsewhere(kit, CONTOSO, now)).work()
    after = await current(kit, change)
    assert after.state is ChangeState.REFUSED
    assert after.outcome is not None
    assert [(each.field, each.before, each.after) for each in after.outcome.moves] == [("quantity", 20, now)]
    assert await kit.service.orders() == orders


@pytest.mark.parametrize(
    ("now", "state"), [(22, ChangeState.REFUSED), (30, ChangeState.REFUSED), (25, ChangeState.UNKNOWN)]
)
async def test_a_number_that_moves_under_the_order_itself_is_caught_by_the_etag(
    kit: DeskKit, heidi: Caller, monkeypatch: pytest.MonkeyPatch, now: int, state: ChangeState
) -> None:
    """400 2055 with another number is why it was refused; with ours, nobody knows whose it is (decision 0100)."""
    service: Any = kit.desk.service
    late = JustBefore(service._http, lambda: set_elsewhere(kit, CONTOSO, now))  # noqa: SLF001 - no other way between
    monkeypatch.setattr(service, "_http", late)
    change = await seats_requested(kit, heidi, CONTOSO)
    await kit.work()
    after = await current(kit, change)
    assert after.state is state
    assert (await held_seats(kit, CONTOSO), await kit.service.orders()) == (now, 1)


@pytest.mark.parametrize("code", ["2055", "800082", "900278", "800088", "800089", "800090", "800091"])
async def test_a_refusal_is_told_by_its_code_and_nothing_was_ordered(kit: DeskKit, heidi: Caller, code: str) -> None:
    """Where the number is what it was, the refusal is proven; the change can be asked for again."""

    async def refused(*_: Any, **__: Any) -> Declined:
        return Declined(code=code, text="The service's own words.")

    change = await seats_requested(kit, heidi, CONTOSO)
    await behind(kit, change_quantity=refused).work()
    after = await current(kit, change)
    assert after.state is ChangeState.FAILED
    assert after.outcome is not None
    assert (after.outcome.error_code, after.outcome.error_text) == (code, "The service's own words.")
    assert await kit.service.orders() == 0


async def test_a_subscription_that_is_gone_at_the_last_moment_is_no_unknown_outcome(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    """Nothing was even sent: there is nothing to prove."""

    async def gone() -> None:
        await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": CONTOSO["subscriptions"][1:]}])

    change = await seats_requested(kit, heidi, CONTOSO)
    await behind(kit, first=gone).work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.FAILED, "subscription_gone")


@pytest.mark.parametrize("status", ["suspended", "deleted"])
async def test_a_subscription_that_is_no_longer_active_is_refused_with_what_moved(
    kit: DeskKit, heidi: Caller, tmp_path: Path, status: str
) -> None:
    change = await seats_requested(kit, heidi, CONTOSO)
    other = {**CONTOSO["subscriptions"][0], "status": status}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [other]}])
    await kit.work()
    after = await current(kit, change)
    assert after.state is ChangeState.REFUSED
    assert after.outcome is not None
    assert [(each.field, each.after) for each in after.outcome.moves] == [("status", status)]


async def test_of_two_people_who_ask_at_once_one_gets_a_change(kit: DeskKit, heidi: Caller, gina: Caller) -> None:
    other = on_another_machine(kit, kit.desk.database)
    sheets = [await seat_sheet(kit, each, CONTOSO) for each in (heidi, gina)]
    answers = await asyncio.gather(
        request_seats(kit.desk, caller=heidi, draft_id=sheets[0].draft_id, seats="5", note="x"),
        request_seats(other.desk, caller=gina, draft_id=sheets[1].draft_id, seats="7", note="x"),
        return_exceptions=True,
    )
    assert sorted(type(each) for each in answers if not isinstance(each, Change)) == [OpenChangeExists]
    await asyncio.gather(kit.work(owner="one"), other.work(owner="two"))
    assert await kit.service.orders() == 1
    (made,) = [each for each in answers if isinstance(each, Change)]
    assert await held_seats(kit, CONTOSO) == made.facts.target_quantity


async def test_a_rehearsal_of_seats_sends_nothing(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(operation=Operation(mode=Mode.REHEARSAL))
    change = await seats_requested(kit, heidi, CONTOSO)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert (await kit.service.orders(), await held_seats(kit, CONTOSO)) == (0, 20)


async def test_time_passing_alone_moves_nothing(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await seats_requested(kit, heidi, CONTOSO)
    clock.advance(timedelta(hours=5))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
