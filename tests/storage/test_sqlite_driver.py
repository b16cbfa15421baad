"""One change of thread for each statement on SQLite (docs/decisions/0046)."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.clock import ShiftedClock
from bot.domain.roles import PartnerRole
from storage.database import Database
from tests.support import made
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY


@pytest.fixture
async def sqlite(sqlite_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[Database]:
    database = Database(sqlite_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await database.open()
    async with database.write() as tx:
        await tx.grants.grant(made.ASKER.team_id, made.ASKER.user_id, PartnerRole.SALES_AGENT, "somebody")
    yield database
    await database.close()


@pytest.fixture
def changes_of_thread(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is handed to a connection's thread from now on."""
    handed: list[str] = []
    execute = aiosqlite.Connection._execute  # noqa: SLF001 - the one way into the thread

    async def counted(self: aiosqlite.Connection, work: Any, *arguments: Any, **options: Any) -> Any:
        handed.append(getattr(work, "__qualname__", str(work)))
        return await execute(self, work, *arguments, **options)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return handed


async def test_a_look_changes_threads_once(sqlite: Database, changes_of_thread: list[str]) -> None:
    async with sqlite.look() as tx:
        assert await tx.grants.of(made.ASKER) == [PartnerRole.SALES_AGENT]
    assert len(changes_of_thread) == 1


async def test_reading_changes_threads_once_a_statement_and_at_the_end(
    sqlite: Database, changes_of_thread: list[str]
) -> None:
    async with sqlite.read() as tx:
        assert await tx.grants.of(made.ASKER)
        assert await tx.switches.stopped() is None
    assert len(changes_of_thread) == 3


async def test_writing_changes_threads_to_begin_for_each_statement_and_to_commit(
    sqlite: Database, changes_of_thread: list[str]
) -> None:
    async with sqlite.write() as tx:
        assert await tx.deliveries.claim("x")
    assert len(changes_of_thread) == 3


async def test_a_transaction_without_a_statement_changes_nothing(
    sqlite: Database, changes_of_thread: list[str]
) -> None:
    async with sqlite.read():
        pass
    assert not changes_of_thread
    async with sqlite.read() as tx:
        assert await tx.grants.of(made.ASKER)


async def test_a_statement_says_what_it_did(sqlite: Database) -> None:
    async with sqlite.write() as tx:
        connection = tx.changes.unit.connection
        done = await connection.execute(text("INSERT INTO deliveries (key, seen_at) VALUES ('a', 1), ('b', 2)"))
        assert done.rowcount == 2
        assert not done.returns_rows
        rows = await connection.execute(text("SELECT key, seen_at FROM deliveries ORDER BY key"))
        assert rows.keys() == ["key", "seen_at"]
        assert rows.fetchmany(1) == [("a", 1)]
        assert rows.fetchone() == ("b", 2)
        assert rows.fetchone() is None
        with pytest.raises(IntegrityError):
            await connection.execute(text("INSERT INTO deliveries (key, seen_at) VALUES ('a', 1)"))
        with pytest.raises(IntegrityError):
            await connection.execute(
                text("INSERT INTO deliveries (key, seen_at) VALUES (:key, 1)"), [{"key": "c"}, {"key": "a"}]
            )


async def test_a_reader_that_is_cut_off_leaves_no_snapshot_open(sqlite: Database, sqlite_url: str) -> None:
    """An open snapshot would keep the write-ahead log growing."""

    async def reads() -> None:
        async with sqlite.read() as tx:
            for _ in range(5):
                await tx.grants.of(made.ASKER)

    for number in range(60):
        task = asyncio.create_task(reads())
        await asyncio.sleep(number / 20000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with sqlite.write() as tx:
        await tx.deliveries.claim("y")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    other.close()
    assert busy == 0
    async with sqlite.read() as tx:
        assert await tx.grants.of(made.ASKER)
