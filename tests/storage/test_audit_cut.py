"""Cutting the trail at a sealed checkpoint: the one way in which entries leave it, and no other."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.audit import AuditName
from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.errors import StorageError
from storage.records import AuditCheckpoint, AuditHead, FaultKind, VerifyReport
from storage.repositories.audit_cuts import AuditCuts
from tests.support import made
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY

OLD, NEW = 7, 4
DAY = timedelta(days=1)


async def filled(database: Database, clock: ShiftedClock) -> None:
    """Seven entries of two days ago with texts, four of now."""
    async with database.write() as tx:
        for number in range(OLD):
            await tx.audit.append(made.entry(data={"n": number}, free_text=f"text {number}"))
    clock.advance(2 * DAY)
    async with database.write() as tx:
        for number in range(NEW):
            await tx.audit.append(made.entry(data={"n": number}, free_text="kept"))


async def cut(database: Database, *, keep: timedelta = DAY, limit: int = 3) -> AuditCheckpoint | None:
    async with database.write() as tx:
        begun = await AuditCuts(tx.audit.unit).begin(made.TEAM, before=tx.now - keep)
    more = begun is not None
    while more:
        async with database.write() as tx:
            more = await AuditCuts(tx.audit.unit).advance(made.TEAM, limit=limit)
    return begun


async def verified(database: Database, expected: AuditHead | None = None) -> VerifyReport:
    async with database.read() as tx:
        return await tx.audit.verify(made.TEAM, expected=expected)


async def execute(database: Database, *statements: str, triggers: bool = True) -> None:
    async with database.write() as tx:
        connection, postgres = tx.audit.unit.connection, tx.audit.unit.postgres
        if not triggers:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            tables = ("audit_entries", "audit_checkpoints")
            off = [f"ALTER TABLE {each} DISABLE TRIGGER ALL" for each in tables]
            if not postgres:
                off = [f"DROP TRIGGER {each}" for each in (await connection.execute(text(found))).scalars()]
            for each in off:
                await connection.exec_driver_sql(each)
        for statement in statements:
            await connection.exec_driver_sql(statement)


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
        first = await AuditCuts(tx.audit.unit).begin(made.TEAM, before=tx.now - DAY)
    more = True
    while more:
        assert (await verified(database)).sound
        async with database.write() as tx:
            again = await AuditCuts(tx.audit.unit).begin(made.TEAM, before=tx.now - DAY)
            assert again is not None
            assert (again.until, again.entry_number) == (OLD, first.entry_number if first is not None else 0)
            more = await AuditCuts(tx.audit.unit).advance(made.TEAM, limit=2)
        cuts += 1
    assert cuts == 4
    assert (await verified(database)).sound
    assert await cut(database) is None


async def test_a_batch_that_is_rolled_back_leaves_everything(database: Database, clock: ShiftedClock) -> None:
    await filled(database, clock)
    async with database.write() as tx:
        await AuditCuts(tx.audit.unit).begin(made.TEAM, before=tx.now - DAY)

    async def torn() -> None:
        async with database.write() as tx:
            await AuditCuts(tx.audit.unit).advance(made.TEAM)
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


CHECKPOINT = (
    "INSERT INTO audit_checkpoints (team_id, number, hash, until_number, entry_number, sealed_at, seal) "
    "SELECT team_id, {number}, {hash}, {until}, {entry}, at, hash FROM audit_entries WHERE number = 5"
)
ENTRY_HASH = "(SELECT hash FROM audit_entries WHERE number = 5)"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entries",
        "DELETE FROM audit_entries WHERE number = 8",
        "DELETE FROM audit_entries WHERE number = 12",
        "UPDATE audit_entries SET at = at",
        "DELETE FROM audit_checkpoints",
        "UPDATE audit_checkpoints SET number = 9",
        "UPDATE audit_checkpoints SET number = 9, until_number = 9",
        "UPDATE audit_checkpoints SET number = 6",
        "UPDATE audit_checkpoints SET team_id = 'T9'",
        "UPDATE audit_checkpoints SET until_number = 12",
        "UPDATE audit_checkpoints SET entry_number = 11",
        "UPDATE audit_checkpoints SET hash = seal",
        CHECKPOINT.format(number=9, hash="hash", until=9, entry=12).replace("number = 5", "number = 9"),
    ],
)
async def test_the_database_refuses_everything_else(database: Database, clock: ShiftedClock, statement: str) -> None:
    await filled(database, clock)
    await cut(database)
    with pytest.raises((DBAPIError, StorageError)):
        await execute(database, statement)
    assert (await verified(database)).sound


@pytest.mark.parametrize(
    "statements",
    [
        [CHECKPOINT.format(number=5, hash="hash", until=5, entry=6)],
        [CHECKPOINT.format(number=0, hash="hash", until=5, entry=6)],
        [CHECKPOINT.format(number=5, hash="hash", until=5, entry=99)],
        ["CREATE TEMPORARY TABLE audit_checkpoints (team_id text, number bigint)",
         "INSERT INTO {temp}.audit_checkpoints VALUES ('T0TEAM', 99)",
         "DELETE FROM audit_entries"],
    ],
    ids=["made up", "made up at 0", "without an entry", "in a temporary table"],
)  # fmt: skip
async def test_no_checkpoint_is_made_up_and_none_looked_at_elsewhere(
    database: Database, clock: ShiftedClock, statements: list[str]
) -> None:
    await filled(database, clock)
    temp = "temp" if not database_is_postgres(database) else "pg_temp"
    with pytest.raises((DBAPIError, StorageError)):
        await execute(database, *(each.format(temp=temp) for each in statements))
    report = await verified(database)
    assert (report.sound, report.entries) == (True, OLD + NEW)


def database_is_postgres(database: Database) -> bool:
    return "postgres" in database._url  # noqa: SLF001 - which engine a test runs on is nobody's interface


PUT_BACK = (
    "INSERT INTO audit_entries SELECT team_id, 7, at, name, change_id, customer_id, body, hash "
    "FROM audit_entries WHERE number = 8"
)
ATTACKS = {
    "further than sealed": (
        ["UPDATE audit_checkpoints SET number = 9, hash = (SELECT hash FROM audit_entries WHERE number = 9)",
         "DELETE FROM audit_entries WHERE number <= 9"],
        FaultKind.CHECKPOINT, 9,
    ),
    "another hash": (["UPDATE audit_checkpoints SET hash = seal"], FaultKind.CHECKPOINT, 7),
    "another entry": (["UPDATE audit_checkpoints SET entry_number = 11"], FaultKind.CHECKPOINT, 7),
    "no checkpoint": (["DELETE FROM audit_checkpoints"], FaultKind.REMOVED, 1),
    "more removed": (["DELETE FROM audit_entries WHERE number IN (8, 9)"], FaultKind.REMOVED, 8),
    "the end with its entry": (
        ["DELETE FROM audit_entries WHERE number > 11",
         "UPDATE audit_heads SET number = 11, hash = (SELECT hash FROM audit_entries WHERE number = 11)"],
        FaultKind.CUT_OFF, 12,
    ),
    "put back": (
        [PUT_BACK],
        FaultKind.INSERTED, 7,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
async def test_whoever_has_the_database_and_not_the_key_is_found(
    database: Database, clock: ShiftedClock, name: str
) -> None:
    await filled(database, clock)
    await cut(database)
    statements, kind, number = ATTACKS[name]
    await execute(database, *statements, triggers=False)
    report = await verified(database)
    assert not report.sound
    assert (report.faults[0].kind, report.faults[0].number) == (kind, number)


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
