"""Transactions: snapshots, deadlines, cancellations, a database that is busy or away."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from bot.domain.clock import ShiftedClock
from bot.domain.errors import TooLate
from storage.database import Database, Transaction
from storage.errors import CommitUnknown, StorageUnavailable
from tests.support import made
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY, PostgresTemplate


async def claim(database: Database, key: str, *, within: float | None = None) -> bool:
    async with database.write(within=within) as tx:
        return await tx.deliveries.claim(key)


async def test_a_transaction_has_one_instant_by_the_shifted_clock(database: Database, clock: ShiftedClock) -> None:
    for opened in (database.read, database.write):
        async with opened() as tx:
            assert abs(tx.now - clock.now()) < timedelta(seconds=5)
            assert tx.now.tzinfo is UTC
    clock.advance(timedelta(days=3))
    async with database.read() as tx:
        assert abs(tx.now - datetime.now(UTC) - timedelta(days=3)) < timedelta(seconds=5)


async def test_reading_sees_one_moment(database: Database) -> None:
    put = await made.stored(database)
    async with database.read() as reading:
        assert await reading.changes.get(put.id) == put
        await made.claimed(database)
        assert await reading.changes.get(put.id) == put


async def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    async with database.write() as tx:
        naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point
        with pytest.raises(Exception, match="zone"):
            await tx.changes.touch("x", due_at=naive, checked_at=tx.now)


async def test_past_its_time_nothing_is_recorded_and_it_is_told(database: Database) -> None:
    """An ack means recorded; past two seconds nothing is recorded and the user is told so (design.md)."""

    async def slow() -> None:
        async with database.write(within=0.2) as tx:
            await tx.deliveries.claim("slow")
            await asyncio.sleep(5)

    begun = time.monotonic()
    with pytest.raises(TooLate):
        await slow()
    assert time.monotonic() - begun < 2
    assert await claim(database, "slow", within=2)


async def test_another_time_limit_is_not_taken_for_ours(database: Database) -> None:
    async def fails() -> None:
        async with database.write(within=5):
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await fails()


async def test_a_cancelled_transaction_leaves_nothing_and_holds_nobody_up(database: Database) -> None:
    for number in range(20):
        begun = asyncio.Event()

        async def work(begun: asyncio.Event = begun, number: int = number) -> None:
            async with database.write() as tx:
                begun.set()
                await tx.deliveries.claim(f"cancelled-{number}")
                await tx.audit.append(made.entry())
                await asyncio.sleep(5)

        task = asyncio.create_task(work())
        await begun.wait()
        await asyncio.sleep(number / 2000)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with database.read() as tx:
        assert (await tx.audit.head(made.TEAM)).number == 0
    assert await claim(database, "cancelled-0", within=2)


async def test_a_commit_that_has_begun_is_carried_through(database: Database) -> None:
    """Cancelled at any moment, a transaction is kept whole or not at all, and the next one finds the way free."""
    for number in range(40):

        async def work(number: int = number) -> None:
            async with database.write() as tx:
                await tx.deliveries.claim(f"a-{number}")
                await tx.deliveries.claim(f"b-{number}")

        task = asyncio.create_task(work())
        await asyncio.sleep(number / 8000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.write(within=2) as tx:
            assert await tx.deliveries.claim(f"a-{number}") == await tx.deliveries.claim(f"b-{number}")


async def test_more_writers_than_connections_all_get_their_turn(database: Database) -> None:
    results = await asyncio.gather(*(claim(database, f"key-{number % 50}") for number in range(100)))
    assert sum(results) == 50


async def test_the_loop_is_free_while_the_database_works(database: Database) -> None:
    async def lag() -> float:
        worst = 0.0
        for _ in range(50):
            before = time.monotonic()
            await asyncio.sleep(0.002)
            worst = max(worst, time.monotonic() - before)
        return worst

    results = await asyncio.gather(lag(), *(claim(database, f"key-{number}") for number in range(50)))
    assert float(results[0]) < 0.5


async def test_a_closed_database_says_so(database: Database) -> None:
    await database.close()
    with pytest.raises(RuntimeError, match="not open"):
        await claim(database, "x")


def test_a_short_audit_key_and_a_shared_memory_are_refused(clock: ShiftedClock, ids: CountingIds) -> None:
    with pytest.raises(ValueError, match="key"):
        Database("sqlite:///x.db", clock=clock, ids=ids, audit_key=b"short")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
async def test_what_cannot_be_shared_is_refused(url: str, clock: ShiftedClock, ids: CountingIds) -> None:
    with pytest.raises(ValueError, match=r"file|engine"):
        await Database(url, clock=clock, ids=ids, audit_key=AUDIT_KEY).open()


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
