"""A database that is busy or away: what is waited for, what is told, what is kept."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text

from bot.domain.clock import ShiftedClock
from bot.domain.errors import TooLate
from storage.database import Database, Transaction
from storage.errors import CommitUnknown, StorageUnavailable
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY, PostgresTemplate


async def claim(database: Database, key: str, *, within: float | None = None) -> bool:
    async with database.write(within=within) as tx:
        return await tx.deliveries.claim(key)


@pytest.fixture
async def sqlite(sqlite_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[Database]:
    database = Database(sqlite_url.replace("sqlite:", "sqlite+aiosqlite:"), clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await database.open()
    yield database
    await database.close()


async def test_sqlite_is_set_up_to_keep_what_it_committed(sqlite: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "query_only": 0}

    async def pragmas(tx: Transaction) -> dict[str, object]:
        connection = tx.changes.unit.connection
        return {name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in wanted}

    async with sqlite.write() as tx:
        assert await pragmas(tx) == wanted
    async with sqlite.read() as tx:
        assert await pragmas(tx) == wanted | {"query_only": 1}


async def test_sqlite_held_by_another_process_is_waited_for(sqlite: Database, sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TooLate):
        await claim(sqlite, "held", within=0.3)
    async with sqlite.read() as tx:  # readers are not held up
        assert await tx.switches.stopped() is None
    waiting = asyncio.create_task(claim(sqlite, "held"))
    await asyncio.sleep(0.3)
    other.execute("COMMIT")
    other.close()
    assert await waiting


async def test_sqlite_held_for_too_long_is_unavailable(sqlite: Database, sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="locked"):
        await claim(sqlite, "held")
    other.close()
    assert await claim(sqlite, "held", within=2)


@pytest.fixture
async def postgres(
    postgres_template: PostgresTemplate, clock: ShiftedClock, ids: CountingIds
) -> AsyncIterator[tuple[Database, str]]:
    with postgres_template.copied() as url:
        database = Database(url.replace("+psycopg", ""), clock=clock, ids=ids, audit_key=AUDIT_KEY, pool_size=2)
        await database.open()
        yield database, url.replace("+psycopg", "")
        await database.close()


def cut(url: str) -> None:
    """End every other connection of this database, as a restart does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_idle_connections_that_died_are_replaced_unseen(postgres: tuple[Database, str]) -> None:
    database, url = postgres
    for number in range(3):
        assert await claim(database, f"key-{number}")
        await asyncio.to_thread(cut, url)
    async with database.read() as tx:
        assert await tx.switches.stopped() is None
    for _ in range(3):
        await asyncio.to_thread(cut, url)
        assert await database.ask(lambda tx: tx.switches.stopped()) is None


async def test_a_connection_that_dies_on_the_way_is_unavailable_and_nothing_was_kept(
    postgres: tuple[Database, str],
) -> None:
    database, url = postgres

    async def cut_on_the_way() -> None:
        async with database.write() as tx:
            await tx.deliveries.claim("one")
            await asyncio.to_thread(cut, url)
            await tx.deliveries.claim("two")

    with pytest.raises(StorageUnavailable) as told:
        await cut_on_the_way()
    assert not isinstance(told.value, CommitUnknown)
    assert await claim(database, "one")


async def test_a_connection_that_dies_at_the_commit_is_not_called_nothing(postgres: tuple[Database, str]) -> None:
    database, url = postgres

    async def cut_before_the_end() -> None:
        async with database.write() as tx:
            await tx.deliveries.claim("one")
            await asyncio.to_thread(cut, url)

    with pytest.raises(CommitUnknown):
        await cut_before_the_end()


async def test_a_pool_that_is_used_up_is_unavailable_in_the_end(postgres: tuple[Database, str]) -> None:
    database, _ = postgres
    async with database.write(), database.write():
        with pytest.raises(TooLate):
            await claim(database, "x", within=0.3)
    assert await claim(database, "x", within=2)


async def test_a_postgres_that_vanishes_without_a_word_is_noticed(
    postgres_template: PostgresTemplate, clock: ShiftedClock, ids: CountingIds
) -> None:
    """In seconds: the kernel's own patience with a dead peer is hours."""
    with postgres_template.copied() as url:
        database = Database(url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
        await database.open()
        async with database.write() as tx:
            raw = await tx.changes.unit.connection.get_raw_connection()
            assert raw.driver_connection is not None
            set_up = raw.driver_connection.info.get_parameters()
        await database.close()
    wanted = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    wanted |= {"tcp_user_timeout": 15_000, "connect_timeout": 5}
    assert {name: int(set_up.get(name, 1 if name == "keepalives" else 0)) for name in wanted} == wanted
