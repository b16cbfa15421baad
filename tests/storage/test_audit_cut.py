"""Cutting the trail at a sealed checkpoint: the one way in which entries leave it."""

import pytest
from sqlalchemy import text

from bot.domain.audit import AuditName
from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.records import AuditHead, FaultKind
from tests.support import made
from tests.support.counting_ids import CountingIds
from tests.support.cutting import DAY, NEW, OLD, cut, filled, verified
from tests.support.engines import AUDIT_KEY


async def test_a_trail_that_was_cut_is_whole_and_says_where_it_was_cut(database: Database, clock: ShiftedClock) -> None:
    await filled(database, clock)
    async with database.read() as tx:
        last = await tx.audit.get(made.TEAM, OLD)
    begun = await cut(database)
    assert begun is not None
    assert last is not None
    async with database.read() as tx:
        rows = (await tx.audit.page(made.TEAM, newest_first=False, limit=100)).items
        checkpoint = await tx.audit.checkpoint(made.TEAM)
        texts = (await tx.audit.unit.execute(text("SELECT count(*) FROM audit_texts"))).scalar_one()
    assert [row.number for row in rows] == [8, 9, 10, 11, 12]
    assert rows[-1].entry.name is AuditName.TRAIL_CUT
    assert rows[-1].entry.data == {"number": OLD, "hash": last.hash}
    assert checkpoint is not None
    assert (checkpoint.number, checkpoint.hash, checkpoint.until, checkpoint.entry_number) == (7, last.hash, 7, 12)
    assert texts == NEW
    report = await verified(database)
    assert (report.sound, report.entries) == (True, NEW + 1)


async def test_every_moment_of_a_cut_is_sound_and_it_is_gone_on_with(database: Database, clock: ShiftedClock) -> None:
    """A process may die between any two batches."""
    await filled(database, clock)
    cuts = 0
    async with database.write() as tx:
        first = await tx.audit_cuts.begin(made.TEAM, before=tx.now - DAY)
    more = True
    while more:
        assert (await verified(database)).sound
        async with database.write() as tx:
            again = await tx.audit_cuts.begin(made.TEAM, before=tx.now - DAY)
            assert again is not None
            assert (again.until, again.entry_number) == (OLD, first.entry_number if first is not None else 0)
            more = await tx.audit_cuts.advance(made.TEAM, limit=2)
        cuts += 1
    assert cuts == 4
    assert (await verified(database)).sound
    assert await cut(database) is None


async def test_a_batch_that_is_rolled_back_leaves_everything(database: Database, clock: ShiftedClock) -> None:
    await filled(database, clock)
    async with database.write() as tx:
        await tx.audit_cuts.begin(made.TEAM, before=tx.now - DAY)

    async def torn() -> None:
        async with database.write() as tx:
            await tx.audit_cuts.advance(made.TEAM)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await torn()
    report = await verified(database)
    assert (report.sound, report.entries) == (True, OLD + NEW + 1)


async def test_cutting_again_moves_on_and_everything_may_go_but_the_entry_of_it(
    database: Database, clock: ShiftedClock
) -> None:
    await filled(database, clock)
    await cut(database)
    clock.advance(2 * DAY)
    await cut(database)
    async with database.read() as tx:
        rows = (await tx.audit.page(made.TEAM)).items
    assert [row.number for row in rows] == [13]
    assert (await verified(database)).sound
    async with database.write() as tx:
        assert (await tx.audit.append(made.entry())).number == 14
    assert (await verified(database)).sound


async def test_an_older_instant_behind_a_newer_one_keeps_its_place(
    database: Database, database_url: str, clock: ShiftedClock, ids: CountingIds
) -> None:
    """Clocks of several machines differ: no gap comes about."""
    await filled(database, clock)
    slow = Database(database_url, clock=ShiftedClock(), ids=ids, audit_key=AUDIT_KEY)
    await slow.open()
    async with slow.write() as tx:
        await tx.audit.append(made.entry())
    await slow.close()
    await cut(database)
    async with database.read() as tx:
        rows = (await tx.audit.page(made.TEAM, newest_first=False)).items
    assert [row.number for row in rows] == [8, 9, 10, 11, 12, 13]


async def test_a_head_noted_before_the_cut_is_compared_only_where_it_stands(
    database: Database, clock: ShiftedClock
) -> None:
    await filled(database, clock)
    async with database.read() as tx:
        rows = (await tx.audit.page(made.TEAM, newest_first=False, limit=100)).items
    await cut(database)
    noted = [AuditHead(team_id=made.TEAM, number=row.number, hash=row.hash) for row in rows]
    assert (await verified(database, noted[OLD - 1])).sound
    assert (await verified(database, noted[OLD])).sound
    gone = await verified(database, noted[0])
    assert [(fault.kind, fault.number) for fault in gone.faults] == [(FaultKind.HEAD, 1)]
