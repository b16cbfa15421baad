import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.approve import approve
from bot.desk.check_status import check_status
from bot.desk.prepare_approval import prepare_approval
from bot.desk.seats.request_seats import request_seats
from bot.desk.sweep import sweep
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import NotPossibleAnyMore, OpenChangeExists, ServiceTrouble
from bot.domain.people import Caller
from bot.domain.policy import Mode, Operation, Policy
from bot.eligibility.client_records import AuditTrail
from tests.bot.desk.seats.conftest import CONTOSO
from tests.support.asking import current
from tests.support.desks import DeskKit, on_another_machine
from tests.support.seats import held_seats, seat_sheet, seats_requested, set_elsewhere

PATCH = {"method": "PATCH", "path": r"/subscriptions/[^/]+$"}
Reading = Callable[..., Coroutine[Any, Any, Any]]


class Between:
    """The real service with other readings, and something that happens `first`, before an order is sent on."""

    def __init__(self, real: Any, *, first: Reading | None = None, **instead: Reading) -> None:
        self._real, self._first, self._instead = real, first, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._real, name)

    async def change_quantity(self, *args: Any, **named: Any) -> Any:
        """The order as it came."""
        if self._first is not None:
            await self._first()
        return await self._real.change_quantity(*args, **named)


def _behind(kit: DeskKit, *, first: Reading | None = None, **instead: Reading) -> DeskKit:
    service: Any = Between(kit.desk.service, first=first, **instead)
    return replace(kit, desk=replace(kit.desk, service=service))


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


async def _no_records(*_: Any, **__: Any) -> Any:
    return []


async def _no_trail(*_: Any, **__: Any) -> AuditTrail:
    return AuditTrail(hits=(), complete=True)


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
    await _behind(kit, first=lambda: set_elsewhere(kit, CONTOSO, now)).work()
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


@pytest.mark.parametrize(
    ("kind", "acts", "state"),
    [
        ("error", False, ChangeState.UNKNOWN),
        ("error", True, ChangeState.UNKNOWN),
        ("unavailable", False, ChangeState.UNKNOWN),
        ("throttled", None, ChangeState.APPROVED),
        ("unauthorized", None, ChangeState.FAILED),
        ("forbidden", None, ChangeState.FAILED),
        ("html", True, ChangeState.UNKNOWN),
        ("html_ok", True, ChangeState.COMPLETED),
        ("html_ok", False, ChangeState.UNKNOWN),
        ("nonsense", True, ChangeState.COMPLETED),
        ("half_body", True, ChangeState.COMPLETED),
        ("cut", False, ChangeState.UNKNOWN),
        ("cut", True, ChangeState.UNKNOWN),
        ("hang", True, ChangeState.UNKNOWN),
        ("accepted", True, ChangeState.COMPLETED),
    ],
)
async def test_each_way_of_failing_ends_in_the_state_that_it_proves(
    kit: DeskKit,
    heidi: Caller,
    clock: ShiftedClock,
    kind: str,
    acts: bool | None,  # noqa: FBT001 - pytest passes parameters by name
    state: ChangeState,
) -> None:
    """One order at most, whatever the service does; a yes without the number counts once the number is read."""
    quick = replace(kit, desk=replace(kit.desk, config=replace(kit.desk.config, send_timeout=4.0)))
    change = await seats_requested(quick, heidi, CONTOSO)
    kit.service.faults.arm(kind, acts=acts, seconds=0 if kind == "accepted" else 60, **PATCH)  # type: ignore[arg-type]
    await quick.work()
    assert (await current(kit, change)).state is state
    assert await kit.service.orders() == (1 if acts else 0)
    assert await held_seats(kit, CONTOSO) == (25 if acts else 20)
    clock.advance(timedelta(minutes=2))
    await quick.work()
    await sweep(kit.desk)
    if state is ChangeState.APPROVED:
        assert (await current(kit, change)).state is ChangeState.COMPLETED
    if state is ChangeState.UNKNOWN:
        checked = await check_status(kit.desk, change_id=change.id)
        assert checked.settled is bool(acts)
        assert checked.change.state is (ChangeState.COMPLETED if acts else ChangeState.UNKNOWN)
    assert await kit.service.orders() <= 1


async def test_what_was_accepted_is_followed_by_reads_until_the_service_reports_it(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """202 with Location: the total of the subscription says when it is done, even where the trail says nothing."""
    change = await seats_requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("accepted", seconds=4.0, **PATCH)  # type: ignore[arg-type]
    silent = _behind(kit, audit_of=_no_records)
    await silent.work()
    assert (await current(kit, change)).state is ChangeState.ACCEPTED
    async with asyncio.timeout(60):
        while await held_seats(kit, CONTOSO) != 25:  # noqa: ASYNC110 - the service has no event for it
            await asyncio.sleep(0.05)
    clock.advance(timedelta(minutes=2))
    checked = await check_status(silent.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


async def _lost(kit: DeskKit, heidi: Caller, *, acts: bool) -> Change:
    change = await seats_requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=acts, **PATCH)  # type: ignore[arg-type]
    await kit.work()
    after = await current(kit, change)
    assert after.state is ChangeState.UNKNOWN
    return after


async def test_a_lost_answer_is_completed_by_the_services_record_of_our_call(kit: DeskKit, heidi: Caller) -> None:
    change = await _lost(kit, heidi, acts=True)
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert (await kit.trail())[-1].entry.reason == "audit_record"
    assert await kit.service.orders() == 1


async def test_a_total_that_nobody_else_can_have_set_completes_it_once_the_records_are_late_enough(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Decision 0101: only with the records read in full, and not before they would name somebody else."""
    change = await _lost(kit, heidi, acts=True)
    silent = _behind(kit, audit_of=_no_records, audit_trail=_no_trail)
    assert not (await check_status(silent.desk, change_id=change.id)).settled
    clock.advance(timedelta(minutes=16))
    checked = await check_status(silent.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert (await kit.trail())[-1].entry.reason == "total_by_nobody_else"


async def test_a_total_that_somebody_else_set_is_no_evidence(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """The very number, by a colleague in Partner Center: a person has to look."""
    change = await _lost(kit, heidi, acts=False)
    await set_elsewhere(kit, CONTOSO, 25)
    clock.advance(timedelta(hours=2))
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)


@pytest.mark.parametrize("how", ["away", "cut off"])
async def test_records_that_cannot_be_read_in_full_leave_it_open(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, how: str
) -> None:
    async def trail(*_: Any, **__: Any) -> AuditTrail:
        if how == "away":
            raise ServiceTrouble(status=503)
        return AuditTrail(hits=(), complete=False)

    change = await _lost(kit, heidi, acts=True)
    clock.advance(timedelta(hours=2))
    checked = await check_status(_behind(kit, audit_of=_no_records, audit_trail=trail).desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)


async def test_absence_never_fails_it(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await _lost(kit, heidi, acts=False)
    clock.advance(timedelta(days=3))
    assert not (await check_status(kit.desk, change_id=change.id)).settled


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
