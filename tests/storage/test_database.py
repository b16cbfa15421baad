"""Transactions: snapshots, deadlines, cancellations."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.errors import TooLate
from storage.database import Database
from tests.support import made
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY


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
