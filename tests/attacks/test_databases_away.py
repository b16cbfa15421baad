"""The database goes away while an order is under way: what it answered is recorded when the database is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.desk import outcome
from bot.desk.submit import submit
from bot.desk.sweep import prune, sweep
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from storage.database import Database, Transaction
from storage.errors import StorageUnavailable
from storage.outgoing_records import Queue, Waiting
from storage.tables.outgoing import outbox
from tests.attacks.conftest import CONTOSO, KATO
from tests.support.asking import current, requested
from tests.support.counting_ids import CountingIds
from tests.support.desks import OWNER, TEAM, DeskKit
from tests.support.engines import AUDIT_KEY

OTHER_TEAM = "T0AAA"


class GoingAway(Database):
    """The real database, which takes no writes after the first one, until `back` tries later."""

    writes = 0
    back = 8

    @asynccontextmanager
    async def write(self, *, within: float | None = None, lasting: bool = True) -> AsyncIterator[Transaction]:
        self.writes += 1
        if 1 < self.writes < self.back:
            raise StorageUnavailable("away")
        async with super().write(within=within, lasting=lasting) as tx:
            yield tx


@pytest.fixture
async def away(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[GoingAway]:
    opened = GoingAway(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await opened.open()
    yield opened
    await opened.close()


async def test_an_outcome_is_recorded_when_the_database_is_back_before_the_lease_ends(
    kit: DeskKit, heidi: Caller, away: GoingAway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failover takes longer than four seconds; a lease lasts two minutes."""
    monkeypatch.setattr(outcome, "_TRIES", (0.0, 0.01))
    monkeypatch.setattr(outcome, "_LATER_TRIES", 0.02)
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    await submit(replace(kit.desk, database=away), owner=OWNER, change=claimed)
    assert away.writes == away.back
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


async def test_recording_is_given_up_with_the_lease(
    kit: DeskKit, heidi: Caller, away: GoingAway, clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By then the sweep has called it unknown, and the looks find out."""
    monkeypatch.setattr(outcome, "_TRIES", (0.0, 0.01))
    monkeypatch.setattr(outcome, "_LATER_TRIES", 0.2)
    away.back = 10**9
    desk = replace(kit.desk, database=away)
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    sending = asyncio.create_task(submit(desk, owner=OWNER, change=claimed))
    while away.writes < 4:  # noqa: ASYNC110 - tries have no event for it
        await asyncio.sleep(0.02)
    clock.advance(kit.desk.config.lease)
    async with asyncio.timeout(5):
        await sending
    assert (await sweep(kit.desk)).unknown == 1
    assert (await current(kit, change)).state is ChangeState.UNKNOWN


async def test_a_sweep_of_two_workspaces_waits_for_nobody_who_waits_for_it(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, database: Database
) -> None:
    """Somebody writes into both chains, in the one order; the sweep has a lapsed and an expired change in the other."""
    first = await requested(kit, heidi, CONTOSO)
    async with database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
        assert claimed is not None
        waiting = replace(
            first,
            id="other",
            number="OTHER1",
            team_id=OTHER_TEAM,
            draft_id="other",
            facts=first.facts.model_copy(update={"customer_id": KATO["id"], "subscription_id": "other"}),
        )
        await tx.changes.add(waiting)
    clock.advance(timedelta(days=2))

    def entry(team_id: str) -> AuditEntry:
        return AuditEntry(name=AuditName.OPERATION_STOP, verdict=AuditVerdict.DONE, team_id=team_id)

    async with database.write() as tx:
        await tx.audit.append(entry(OTHER_TEAM))
        sweeping = asyncio.create_task(sweep(kit.desk))
        await asyncio.sleep(0.5)
        await tx.audit.append(entry(TEAM))
    swept = await sweeping
    assert (swept.given_back, swept.expired) == (1, 2)  # what was given back is too old by now


async def test_what_went_out_long_ago_is_forgotten_by_the_clock_in_batches(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, database: Database
) -> None:
    """What has not gone out yet is kept, however old it is."""
    change = await requested(kit, heidi, CONTOSO)
    await kit.work()
    async with database.write() as tx:
        first = await tx.outbox.first(Waiting(team_id=change.team_id, queue=Queue.AUDIT))
        assert first is not None
        (card,) = await tx.outbox.claim("mailer", timedelta(minutes=1), first)
        assert await tx.outbox.sent(card)
        unsent = len(await tx.outbox.of(change.id))
        before = await _rows(tx)
    clock.advance(kit.desk.config.handle_keep + timedelta(minutes=1))
    while await prune(kit.desk):
        continue
    async with database.read() as tx:
        assert len(await tx.outbox.of(change.id)) == unsent
        assert await _rows(tx) == before - 1


async def _rows(tx: Transaction) -> int:
    found = await tx.outbox.unit.execute(select(func.count()).select_from(outbox))
    return int(found.scalar_one())
