"""The audit trail: chained, append-only, its text deletable."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.people import HeldRole, RoleEvidence
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.errors import StorageUnavailable
from tests.support import made


def full(database_now: object) -> AuditEntry:
    """An entry with every field set."""
    held = HeldRole(role=PartnerRole.SALES_AGENT, source="grant", read_at=database_now)  # type: ignore[arg-type]
    return made.entry(
        evidence=RoleEvidence(held=(held,), unreachable=("graph",)),
        verdict=AuditVerdict.REFUSED,
        rule="built-in [actions] request",
        reason="no_role",
        facts_version=2,
        before=ChangeState.APPROVED,
        after=ChangeState.WITHDRAWN,
        subscription_id='quoted " \\ ü',
        free_text="Ticket: 4711 😀 <!channel>",
    )


async def test_an_entry_comes_back_as_it_was_appended(database: Database) -> None:
    async with database.write() as tx:
        first = await tx.audit.append(full(tx.now))
        second = await tx.audit.append(made.entry(change_id=None, customer_id=None, name=AuditName.ROLE_GRANT))
        assert (first.number, second.number, first.at) == (1, 2, tx.now)
    async with database.read() as tx:
        assert await tx.audit.get(made.TEAM, 1) == first
        assert await tx.audit.get(made.TEAM, 2) == second
        assert await tx.audit.get(made.TEAM, 3) is None
        assert await tx.audit.of_change("change-1") == [first]
        head = await tx.audit.head(made.TEAM)
    assert (head.number, head.hash) == (2, second.hash)


async def test_each_workspace_has_a_chain_of_its_own(database: Database) -> None:
    async with database.write() as tx:
        rows = [await tx.audit.append(made.entry(team_id=team)) for team in ("T1", "T2", "T1")]
    assert [row.number for row in rows] == [1, 1, 2]
    async with database.read() as tx:
        assert await tx.audit.teams() == ["T1", "T2"]
        assert all([(await tx.audit.verify(team)).sound for team in ("T1", "T2", "T3")])


async def test_a_chain_grows_without_a_gap_under_many_writers(database: Database) -> None:
    async def append(number: int) -> None:
        async with database.write() as tx:
            await tx.audit.append(made.entry(data={"n": number}))
            if number % 5 == 0:
                raise RuntimeError

    await asyncio.gather(*map(append, range(50)), return_exceptions=True)
    async with database.read() as tx:
        report = await tx.audit.verify(made.TEAM)
    assert (report.sound, report.entries, report.head.number) == (True, 40, 40)


async def test_text_can_be_deleted_without_breaking_the_chain(database: Database) -> None:
    async with database.write() as tx:
        await tx.audit.append(full(tx.now))
    async with database.write() as tx:
        assert await tx.audit.delete_text(made.TEAM, 1)
        assert not await tx.audit.delete_text(made.TEAM, 1)
    async with database.read() as tx:
        row = await tx.audit.get(made.TEAM, 1)
        report = await tx.audit.verify(made.TEAM)
        stored = (await tx.changes.unit.connection.execute(text("SELECT body FROM audit_entries"))).scalar_one()
    assert row is not None
    assert (row.entry.free_text, row.text_deleted, report.sound) == (None, True, True)
    assert "4711" not in stored


async def test_pages_are_cut_by_number_customer_change_and_time(database: Database) -> None:
    async with database.write() as tx:
        for number in range(7):
            await tx.audit.append(made.entry(customer_id=f"customer-{number % 2}", change_id=f"change-{number}"))
        now = tx.now
    async with database.read() as tx:
        first = await tx.audit.page(made.TEAM, limit=3)
        rest = await tx.audit.page(made.TEAM, limit=9, after=first.after)
        assert [row.number for row in first.items + rest.items] == [7, 6, 5, 4, 3, 2, 1]
        assert rest.after is None
        upwards = await tx.audit.page(made.TEAM, limit=2, newest_first=False, after="2")
        assert [row.number for row in upwards.items] == [3, 4]
        of_customer = await tx.audit.page(made.TEAM, customer_id="customer-1")
        assert [row.number for row in of_customer.items] == [6, 4, 2]
        assert [row.number for row in (await tx.audit.page(made.TEAM, change_id="change-3")).items] == [4]
        assert (await tx.audit.page(made.TEAM, since=now + timedelta(seconds=1))).items == ()
        assert (await tx.audit.page(made.TEAM, until=now)).items == ()


async def run(database: Database, statements: str) -> None:
    async with database.write() as tx:
        for statement in statements.split("; "):
            await tx.changes.unit.connection.execute(text(statement))


ATTACKS = [
    "UPDATE audit_entries SET body = 'x' WHERE number = 1",
    "UPDATE audit_entries SET customer_id = NULL",
    "DELETE FROM audit_entries WHERE number = 2",
    "DELETE FROM audit_entries",
    "UPDATE audit_texts SET text = 'x'",
]
SQLITE_ATTACKS = [
    "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE number = 1",
    "REPLACE INTO audit_texts SELECT team_id, number, salt, 'x' FROM audit_texts",
    "UPDATE OR REPLACE audit_entries SET number = 2 WHERE number = 1",
    "INSERT INTO audit_entries SELECT team_id, 9, at, name, NULL, NULL, body, hash FROM audit_entries WHERE number = 1",
]
POSTGRES_ATTACKS = [
    "TRUNCATE audit_entries",
    "TRUNCATE audit_entries CASCADE",
    "SET LOCAL session_replication_role = replica; DELETE FROM audit_entries",
    "INSERT INTO audit_entries SELECT * FROM audit_entries ON CONFLICT (team_id, number) DO UPDATE SET body = 'x'",
    "MERGE INTO audit_entries a USING audit_texts t ON a.number = t.number WHEN MATCHED THEN DELETE",
]


async def test_the_database_itself_refuses_every_change_of_the_trail(database: Database) -> None:
    async with database.write() as tx:
        for _ in range(3):
            await tx.audit.append(full(tx.now))
        postgres = tx.changes.unit.postgres
    for attack in ATTACKS + (POSTGRES_ATTACKS if postgres else SQLITE_ATTACKS):
        with pytest.raises(DBAPIError, match="append-only"):
            await run(database, attack)
    async with database.read() as tx:
        assert (await tx.audit.verify(made.TEAM)).sound


def test_a_program_without_our_pragmas_is_refused_as_well(sqlite_url: str) -> None:
    """REPLACE goes round a delete trigger while `recursive_triggers` is off, as it is for any other program."""
    path = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        new = "INSERT OR REPLACE INTO audit_entries VALUES ('T', ?, 0, 'n', NULL, NULL, ?, x'00')"
        connection.execute(new, (1, "first"))
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(new, (1, "second"))
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            connection.execute("INSERT OR REPLACE INTO audit_entries (rowid) VALUES (1)")
        assert connection.execute("SELECT body FROM audit_entries").fetchall() == [("first",)]
    connection.close()


async def test_nothing_can_be_written_while_reading(database: Database) -> None:
    with pytest.raises((DBAPIError, StorageUnavailable, RuntimeError), match=r"(?i)read-?only"):
        async with database.read() as tx:
            await tx.audit.append(made.entry())
    with pytest.raises((DBAPIError, StorageUnavailable, RuntimeError), match=r"(?i)read-?only"):
        async with database.read() as tx:
            await tx.deliveries.claim("x")
