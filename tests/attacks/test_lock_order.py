"""Two transactions about the same rows on PostgreSQL: one waits for the other, and none is killed (0047)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
import structlog

from bot.desk.check_status import check_status
from bot.desk.forget import forget
from bot.desk.outcome import record_outcome
from bot.desk.prepare_approval import prepare_approval
from bot.desk.reject import reject
from bot.desk.settle import settle
from bot.desk.stopping import resume_orders, stop_orders
from bot.desk.sweep import prune, sweep
from bot.desk.withdraw import withdraw
from bot.domain.audit import AuditName
from bot.domain.changes import Attempt, Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import Refused
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from bot.eligibility.client import Done
from storage.database import Database
from tests.attacks.conftest import CONTOSO, KATO
from tests.support import made
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import current, requested
from tests.support.counting_ids import CountingIds
from tests.support.desks import OWNER, TEAM, DeskKit, on_another_machine
from tests.support.engines import AUDIT_KEY, PostgresTemplate
from tests.support.lock_watch import RANK, watched

S = ChangeState


@pytest.fixture
def database_url(postgres_template: PostgresTemplate) -> Iterator[str]:
    """PostgreSQL alone: SQLite has one writer."""
    with postgres_template.copied() as url:
        yield url


@pytest.fixture
async def elsewhere(kit: DeskKit, database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[DeskKit]:
    """The same desk on another machine, with its own connections."""
    opened = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await opened.open()
    yield on_another_machine(kit, opened)
    await opened.close()


async def somebody_waits(database: Database) -> None:
    """Return when a connection waits for a row."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(20):
        while True:
            async with database.look() as tx:
                if (await tx.changes.unit.connection.exec_driver_sql(query)).scalar_one():
                    return
            await asyncio.sleep(0.02)


async def sent(kit: DeskKit, change: Change) -> tuple[Change, Attempt]:
    """Claimed and marked as sent; no answer so far."""
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
        assert claimed is not None
        assert claimed.id == change.id
        assert await tx.changes.sending(change.id, lease_owner=OWNER)
        ids = kit.desk.ids
        attempt = made.attempt(
            tx, change.id, id=ids.opaque(), request_id=ids.uuid(), correlation_id=ids.uuid(), sent_at=tx.now
        )
        await tx.attempts.add(attempt)
    return claimed, attempt


async def test_an_outcome_and_a_look_about_one_change_wait_for_each_other(
    kit: DeskKit, elsewhere: DeskKit, heidi: Caller
) -> None:
    """A look moves the change and then answers the attempt: whoever records the outcome goes the same way."""
    change, attempt = await sent(kit, await requested(kit, heidi, CONTOSO))
    done = Done(target_subscription_id="new", quantity=24)
    with structlog.testing.capture_logs() as logs:
        async with kit.desk.database.write() as tx:
            assert await tx.changes.move(change.id, to=S.COMPLETED)
            recording = asyncio.create_task(
                record_outcome(elsewhere.desk, owner=OWNER, change=change, attempt=attempt, answer=done)
            )
            await somebody_waits(kit.desk.database)
            assert await tx.attempts.answer(attempt.id, result="found:correlation")
        await recording
    assert "outcome_not_recorded" not in [each["event"] for each in logs]
    assert (await current(kit, change)).state is S.COMPLETED
    async with kit.desk.database.read() as tx:
        assert [each.result for each in await tx.attempts.of(change.id)] == ["found:correlation"]


async def test_forgetting_and_a_cut_of_the_same_trail_wait_for_each_other(
    kit: DeskKit, elsewhere: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Both end at the texts, and both come to them by the chain's end."""
    change = await requested(kit, heidi, CONTOSO)
    await withdraw(kit.desk, caller=heidi, change_id=change.id)
    clock.advance(timedelta(days=2))
    async with kit.desk.database.write() as tx:
        assert await tx.audit_cuts.begin(TEAM, before=tx.now - timedelta(days=1))
        forgetting = asyncio.create_task(
            forget(elsewhere.desk.database, ids=kit.desk.ids, team_id=TEAM, number=change.number, by="root")
        )
        await somebody_waits(kit.desk.database)
        assert not await tx.audit_cuts.advance(TEAM)
    assert (await forgetting).notes
    await kit.trail()


async def test_forgetting_and_a_tick_of_the_same_list_wait_for_each_other(
    kit: DeskKit, elsewhere: DeskKit, heidi: Caller
) -> None:
    """Both come to the accounts by their list."""
    change = await requested(kit, heidi, CONTOSO)
    assert await kit.work() == 1
    async with kit.desk.database.write() as tx:
        assert await tx.follow_ups.list_of(change.id, hold=True)
        (account,) = await tx.follow_ups.of(change.id)
        forgetting = asyncio.create_task(
            forget(elsewhere.desk.database, ids=kit.desk.ids, team_id=TEAM, number=change.number, by="root")
        )
        await somebody_waits(kit.desk.database)
        assert await tx.follow_ups.tick(account.key, done=True, by=heidi.actor)
    assert (await forgetting).accounts == 1


@pytest.mark.parametrize("who", ["somebody else", "nobody who may"])
async def test_a_refusal_names_no_state_that_is_being_left(
    kit: DeskKit, elsewhere: DeskKit, heidi: Caller, who: str
) -> None:
    """Its entry waits for the decision that is under way, and tells of the change as it is then."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    roles = (PartnerRole.HELPDESK_AGENT,) if who == "somebody else" else ()
    other = kit.member("U0OTHER", *roles)
    async with kit.desk.database.write() as tx:
        assert await tx.approvals.hold(change.id, states={S.AWAITING_APPROVAL})
        refused = asyncio.create_task(withdraw(elsewhere.desk, caller=other, change_id=change.id))
        await somebody_waits(kit.desk.database)
        assert await tx.changes.move(change.id, to=S.REJECTED)
    with pytest.raises(Refused):
        await refused
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.before, entry.after) == (AuditName.CHANGE_WITHDRAW, S.REJECTED, S.REJECTED)


async def test_the_whole_life_of_a_change_locks_in_the_one_order(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Every statement is watched: a path that begins to go another way is found here, not in a deadlock."""
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    helga, database = helpdesk(kit), kit.desk.database
    with watched(database) as watch:
        done = await waiting(kit, helga, CONTOSO)
        await approved(kit, gustav, done)
        assert await kit.work() == 1
        await forget(database, ids=kit.desk.ids, team_id=TEAM, number=done.number, by="root")
        rejected = await waiting(kit, helga, KATO)
        with pytest.raises(Refused):
            await prepare_approval(kit.desk, caller=helga, change_id=rejected.id)
        await reject(kit.desk, caller=gustav, change_id=rejected.id, reason="no budget")
        await stop_orders(database, team_ids=("T2", TEAM), by="root")
        await resume_orders(database, team_ids=("T2", TEAM), by="root")
        kit.service.faults.arm_next_order("cut", acts=False)
        lost = await requested(kit, heidi, KATO)
        assert await kit.work() == 1
        assert not (await check_status(kit.desk, change_id=lost.id)).settled
        clock.advance(timedelta(days=1, seconds=1))
        await settle(kit.desk, caller=gustav, change_id=lost.id, as_=S.FAILED, order_id="", seen="Nothing there.")
        asleep, _ = await sent(kit, await requested(kit, heidi, KATO))
        clock.advance(timedelta(days=2))
        assert (await sweep(kit.desk)).unknown == 1
        await prune(kit.desk)
        async with database.write() as tx:
            assert await tx.audit_cuts.begin(TEAM, before=tx.now - timedelta(days=1))
            assert not await tx.audit_cuts.advance(TEAM)
    assert not watch.faults
    seen = {table for each in watch.transactions for table in each}
    assert {"changes", "decisions", "attempts", "audit_heads", "audit_texts", "outbox", "switches"} <= seen & set(RANK)
    assert (await current(kit, asleep)).state is S.UNKNOWN
