"""Whatever else would remove entries is refused by the database, or found by whoever has the key."""

import pytest
from sqlalchemy.exc import DBAPIError

from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.errors import StorageError
from storage.records import FaultKind
from tests.support.cutting import NEW, OLD, cut, execute, filled, verified

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
