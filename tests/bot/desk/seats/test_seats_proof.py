import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.check_status import check_status
from bot.desk.sweep import sweep
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import ServiceTrouble
from bot.domain.people import Caller
from bot.eligibility.client import ANOTHER_NUMBER, NotNow, Unclear
from bot.eligibility.client_records import AuditTrail
from tests.bot.desk.seats.conftest import CONTOSO
from tests.support.asking import current
from tests.support.desks import DeskKit
from tests.support.seats import behind, held_seats, seats_requested, set_elsewhere

PATCH = {"method": "PATCH", "path": r"/subscriptions/[^/]+$"}


async def _no_records(*_: Any, **__: Any) -> Any:
    return []


async def _no_trail(*_: Any, **__: Any) -> AuditTrail:
    return AuditTrail(hits=(), complete=True)


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
        ("html_ok", True, ChangeState.UNKNOWN),
        ("html_ok", False, ChangeState.UNKNOWN),
        ("nonsense", True, ChangeState.UNKNOWN),
        ("half_body", True, ChangeState.UNKNOWN),
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
    silent = behind(kit, audit_of=_no_records)
    await silent.work()
    assert (await current(kit, change)).state is ChangeState.ACCEPTED
    async with asyncio.timeout(60):
        while await held_seats(kit, CONTOSO) != 25:  # noqa: ASYNC110 - the service has no event for it
            await asyncio.sleep(0.05)
    clock.advance(timedelta(minutes=2))
    checked = await check_status(silent.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


@pytest.mark.parametrize(("reported", "state"), [(25, ChangeState.COMPLETED), (20, ChangeState.UNKNOWN)])
async def test_a_yes_that_shows_another_number_counts_once_the_number_is_read(
    kit: DeskKit, heidi: Caller, reported: int, state: ChangeState
) -> None:
    """Done means that the service reports the new total."""

    async def taken(*args: Any, **named: Any) -> Unclear:
        if reported == 25:
            await kit.desk.service.change_quantity(*args, **named)
        return Unclear(why=ANOTHER_NUMBER, status=200)

    change = await seats_requested(kit, heidi, CONTOSO)
    await behind(kit, change_quantity=taken).work()
    assert (await current(kit, change)).state is state


async def test_a_throttled_order_that_was_carried_out_is_completed_by_what_shows(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Something between us sent a copy: the second attempt finds the total, and orders nothing."""

    async def copied(*args: Any, **named: Any) -> NotNow:
        await kit.desk.service.change_quantity(*args, **named)
        return NotNow(retry_after=1.0, why="throttled")

    change = await seats_requested(kit, heidi, CONTOSO)
    await behind(kit, change_quantity=copied).work()
    assert (await current(kit, change)).state is ChangeState.APPROVED
    clock.advance(timedelta(minutes=1))
    await behind(kit, audit_of=_no_records).work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    assert (await check_status(kit.desk, change_id=change.id)).change.state is ChangeState.COMPLETED
    assert (await held_seats(kit, CONTOSO), await kit.service.orders()) == (25, 1)


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
    silent = behind(kit, audit_of=_no_records, audit_trail=_no_trail)
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
    checked = await check_status(behind(kit, audit_of=_no_records, audit_trail=trail).desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)


async def test_absence_never_fails_it(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await _lost(kit, heidi, acts=False)
    clock.advance(timedelta(days=3))
    assert not (await check_status(kit.desk, change_id=change.id)).settled
