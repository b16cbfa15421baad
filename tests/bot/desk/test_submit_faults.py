"""Orders when the service or the sender fails: at most one, and no state that was not proven."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.check_status import check_status
from bot.desk.submit import submit
from bot.desk.sweep import sweep
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from tests.bot.desk.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import OWNER, DeskKit

POST = {"method": "POST", "path": r"/upgrades$"}


async def _claimed(kit: DeskKit, owner: str = OWNER) -> Change:
    async with kit.desk.database.write() as tx:
        change = await tx.changes.claim_due(owner=owner, lease=kit.desk.config.lease)
    assert change is not None
    return change


@pytest.mark.parametrize(
    "kind", ["error", "html", "html_ok", "half_body", "nonsense", "hang", "unauthorized", "throttled"]
)
async def test_a_second_look_that_cannot_be_taken_sends_nothing_and_tries_later(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, kind: str
) -> None:
    """Missing is not confirmed."""
    change = await requested(kit, heidi, CONTOSO)
    with kit.service.faults.armed(kind, seconds=60):
        assert await kit.work() == 1
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.APPROVED, 0)
    assert after.due_at > clock.now()
    assert await kit.service.orders() == 0
    clock.advance(timedelta(minutes=31))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED


@pytest.mark.parametrize(
    ("kind", "acts", "state"),
    [
        ("unauthorized", None, ChangeState.FAILED),
        ("forbidden", None, ChangeState.FAILED),
        ("not_found", None, ChangeState.FAILED),
        ("conflict", None, ChangeState.FAILED),
        ("throttled", None, ChangeState.APPROVED),
        ("error", False, ChangeState.UNKNOWN),
        ("error", True, ChangeState.UNKNOWN),
        ("unavailable", False, ChangeState.UNKNOWN),
        ("html", True, ChangeState.UNKNOWN),
        ("html_ok", False, ChangeState.UNKNOWN),
        ("nonsense", True, ChangeState.UNKNOWN),
        ("half_body", True, ChangeState.UNKNOWN),
        ("cut", False, ChangeState.UNKNOWN),
        ("cut", True, ChangeState.UNKNOWN),
        ("hang", False, ChangeState.UNKNOWN),
        ("hang", True, ChangeState.UNKNOWN),
        ("accepted", True, ChangeState.ACCEPTED),
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
    """Whatever the service does: one order at most, and never a second attempt while the first is unclear."""
    quick = replace(kit, desk=replace(kit.desk, config=replace(kit.desk.config, send_timeout=3.0)))
    change = await requested(quick, heidi, CONTOSO)
    kit.service.faults.arm(kind, acts=acts, seconds=0 if kind == "accepted" else 60, **POST)
    await quick.work()
    after = await current(kit, change)
    assert after.state is state
    ordered = await kit.service.orders()
    assert ordered == (1 if acts else 0)
    clock.advance(timedelta(minutes=2))
    await quick.work()
    await sweep(kit.desk)
    if state is ChangeState.APPROVED:
        assert (await current(kit, change)).state is ChangeState.COMPLETED
        assert await kit.service.orders() == 1
    else:
        assert (await current(kit, change)).state is state
        assert await kit.service.orders() == ordered
    if state in {ChangeState.UNKNOWN, ChangeState.ACCEPTED}:
        checked = await check_status(kit.desk, change_id=change.id)
        assert checked.settled is (ordered == 1)
        assert checked.change.state is (ChangeState.COMPLETED if ordered else state)


async def test_a_service_that_is_down_proves_that_nothing_left(kit: DeskKit, heidi: Caller) -> None:
    """Connection refused: the change waits for another try."""
    change = await requested(kit, heidi, CONTOSO)
    claimed = await _claimed(kit)
    dead = kit.service.client(base_url="http://127.0.0.1:9")
    seen = kit.desk.service

    class Half:
        def __getattr__(self, name: str) -> object:
            return getattr(dead if name == "upgrade" else seen, name)

    await submit(replace(kit.desk, service=Half()), owner=OWNER, change=claimed)  # type: ignore[arg-type]
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.APPROVED, 1)
    async with kit.desk.database.read() as tx:
        (attempt,) = await tx.attempts.of(change.id)
    assert attempt.result == "not_now:not_sent"


async def test_a_sender_that_lost_its_lease_sends_nothing(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """It slept too long: somebody else has the change by now."""
    change = await requested(kit, heidi, CONTOSO)
    slow = await _claimed(kit)
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).given_back == 1
    await submit(kit.desk, owner=OWNER, change=slow)
    assert await kit.service.orders() == 0
    clock.advance(timedelta(minutes=1))
    await kit.work(owner="worker-2")
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


async def test_a_mark_without_an_answer_becomes_unknown_and_is_never_sent_again(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """The sender died in the middle of the call; the service had acted."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("hang", acts=True, seconds=60, **POST)
    sending = asyncio.create_task(submit(kit.desk, owner=OWNER, change=await _claimed(kit)))
    while await kit.service.orders() == 0:  # noqa: ASYNC110 - the service has no event for it
        await asyncio.sleep(0.02)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert (await current(kit, change)).state is ChangeState.SUBMITTING
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).unknown == 1
    assert await kit.work() == 0
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


async def test_an_answer_that_comes_after_the_lease_still_counts_as_a_yes(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("slow", seconds=0.5, **POST)
    sending = asyncio.create_task(submit(kit.desk, owner=OWNER, change=await _claimed(kit)))
    while await kit.service.orders() == 0:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.02)
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    await sweep(kit.desk)
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    await sending
    after = await current(kit, change)
    assert after.state is ChangeState.COMPLETED
    assert [row.entry.after for row in await kit.trail()][-2:] == [ChangeState.UNKNOWN, ChangeState.COMPLETED]


async def test_a_no_that_comes_after_the_lease_is_kept_for_whoever_settles_it(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    claimed = await _claimed(kit)
    kit.service.faults.arm("conflict", **POST)
    real = kit.desk.service.upgrade

    async def late(*args: object, **named: object) -> object:
        answer = await real(*args, **named)  # type: ignore[arg-type]
        clock.advance(kit.desk.config.lease + timedelta(seconds=1))
        await sweep(kit.desk)
        return answer

    class Late:
        def __getattr__(self, name: str) -> object:
            return late if name == "upgrade" else getattr(kit.service.client(), name)

    await submit(replace(kit.desk, service=Late()), owner=OWNER, change=claimed)  # type: ignore[arg-type]
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    last = (await kit.trail())[-1].entry
    assert (last.reason, last.data["answer"]) == ("answer_too_late", "declined_unproven")


async def test_nothing_found_leaves_an_unknown_change_unknown(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """Absence is never evidence of failure; the pauses between the looks grow."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=False, **POST)
    await kit.work()
    pauses = []
    for _ in range(8):
        checked = await check_status(kit.desk, change_id=change.id)
        assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)
        pause = checked.change.due_at - clock.now()
        pauses.append(round(pause.total_seconds() / 60))
        clock.advance(pause)
    assert pauses == sorted(pauses)
    assert pauses[0] == 1
    with kit.service.faults.armed("html"):
        assert not (await check_status(kit.desk, change_id=change.id, by=heidi)).settled
    assert (await kit.trail())[-1].entry.name is AuditName.CHANGE_CHECK
