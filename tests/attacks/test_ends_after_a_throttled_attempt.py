"""Withdrawn, or past its time, after a sending that was throttled: "nothing was ordered" is said only after a look."""

from datetime import timedelta

import pytest

from bot.desk.approval_status import approval_status
from bot.desk.stopping import stop_orders
from bot.desk.sweep import sweep
from bot.desk.withdraw import withdraw
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import AlreadyDecided
from bot.domain.people import Caller
from bot.eligibility.client import NotNow
from tests.attacks.between import away, behind
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import TEAM, DeskKit

S = ChangeState
DAY = timedelta(hours=25)


async def _tried(kit: DeskKit, heidi: Caller, *, acts: bool, why: str = "throttled", seconds: float = 86_400) -> Change:
    change = await requested(kit, heidi, CONTOSO)
    await behind(kit, answer=NotNow(retry_after=seconds, why=why), acts=acts).work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (S.APPROVED, 1)
    return after


@pytest.mark.parametrize("acts", [True, False])
async def test_what_was_throttled_expires_only_where_it_was_not_carried_out(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, *, acts: bool
) -> None:
    """Never `expired · nothing was ordered` with an order at the service, and never sent after its time."""
    change = await _tried(kit, heidi, acts=acts)
    clock.advance(DAY)
    assert (await sweep(kit.desk)).expired == 0
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (S.COMPLETED if acts else S.EXPIRED, 1)
    assert await kit.service.orders() == int(acts)
    last = (await kit.trail())[-1].entry
    assert (last.name, last.after) == (AuditName.SUBMIT_OUTCOME if acts else AuditName.CHANGE_EXPIRE, after.state)


@pytest.mark.parametrize("acts", [True, False])
async def test_what_was_throttled_and_withdrawn_is_not_sent_again_and_ends_by_what_the_service_shows(
    kit: DeskKit, heidi: Caller, *, acts: bool
) -> None:
    """At once, also while orders are stopped; whoever withdraws again meanwhile is told that it was."""
    change = await _tried(kit, heidi, acts=acts)
    decided = await withdraw(kit.desk, caller=heidi, change_id=change.id)
    assert decided.change.state is S.APPROVED
    with pytest.raises(AlreadyDecided) as again:
        await withdraw(kit.desk, caller=heidi, change_id=change.id)
    assert (again.value.by, again.value.params["state"]) == (heidi.actor, "withdrawn")
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="U0SVEN")
    assert (await sweep(kit.desk)).expired == 0
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (S.COMPLETED if acts else S.WITHDRAWN, 1)
    assert await kit.service.orders() == int(acts)
    async with kit.desk.database.read() as tx:
        status = await approval_status(tx, kit.desk, after)
    assert status.decision is not None
    assert status.decision.actor == heidi.actor


async def test_it_does_not_end_while_nobody_can_look(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """A service that does not answer says nothing about what it did; with its answer the change ends."""
    change = await _tried(kit, heidi, acts=False)
    clock.advance(DAY)
    await behind(kit, answer=NotNow(retry_after=1.0, why="throttled"), acts=False, customer=away).work()
    assert (await sweep(kit.desk)).expired == 0
    assert (await current(kit, change)).state is S.APPROVED
    clock.advance(timedelta(hours=1))
    await kit.work()
    assert (await current(kit, change)).state is S.EXPIRED


async def test_what_never_left_ends_at_once(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """A refused connection was no order: its asker and the clock need no look."""
    change = await _tried(kit, heidi, acts=False, why="not_sent")
    clock.advance(DAY)
    assert (await sweep(kit.desk)).expired == 1
    assert (await current(kit, change)).state is S.EXPIRED
    other = await _tried(kit, heidi, acts=False, why="not_sent")
    assert (await withdraw(kit.desk, caller=heidi, change_id=other.id)).change.state is S.WITHDRAWN


async def test_a_worker_that_dies_while_it_looks_leaves_it_to_the_next(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Its lease ends, and it is looked into again; never sent, never left as it is."""
    change = await _tried(kit, heidi, acts=False)
    await withdraw(kit.desk, caller=heidi, change_id=change.id)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner="dead", lease=kit.desk.config.lease)
    assert claimed is not None
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).given_back == 1
    clock.advance(timedelta(hours=1))
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts, await kit.service.orders()) == (S.WITHDRAWN, 1, 0)
