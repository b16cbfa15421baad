"""Handles that are written together, and commits that a power cut may take (docs/decisions/0046)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import storage
from bot.domain.clock import ShiftedClock
from storage.database import Database, Transaction
from storage.errors import StorageUnavailable
from storage.keeping import Keeper
from storage.records import Handle, Switch
from tests.support import made

PACKAGES = Path(storage.__file__).parent.parent


def handle(name: str, clock: ShiftedClock) -> Handle:
    at = clock.now() - timedelta(days=1)
    return Handle(id=name, team_id=made.TEAM, user_id=None, purpose="upgrade", data={"page": 1}, created_at=at)


async def found(database: Database, name: str) -> Handle | None:
    async with database.look() as tx:
        return await tx.handles.get(name)


async def test_what_is_kept_is_of_the_moment_when_it_was_kept(database: Database, clock: ShiftedClock) -> None:
    assert await database.keep([handle("a", clock), handle("b", clock)]) is None
    for name in ("a", "b"):
        kept = await found(database, name)
        assert kept is not None
        assert kept.data == {"page": 1}
        assert abs(kept.created_at - clock.now()) < timedelta(seconds=5)
    assert await database.keep([]) is None


async def test_the_stop_switch_is_told_with_it(database: Database, clock: ShiftedClock) -> None:
    async with database.write() as tx:
        await tx.switches.stop("somebody")
    stopped = await database.keep([handle("a", clock)])
    assert stopped is not None
    assert stopped.by == "somebody"


async def test_everybody_who_comes_at_once_is_kept(database: Database, clock: ShiftedClock) -> None:
    await asyncio.gather(*(database.keep([handle(f"h{number}", clock)]) for number in range(200)))
    async with database.read() as tx:
        assert all([await tx.handles.get(f"h{number}") for number in range(200)])


async def test_one_that_cannot_be_kept_fails_alone(database: Database, clock: ShiftedClock) -> None:
    broken = handle(cast("str", None), clock)
    results = await asyncio.gather(
        *(database.keep([each]) for each in (handle("a", clock), broken, handle("b", clock), handle("c", clock))),
        return_exceptions=True,
    )
    assert [isinstance(each, Exception) for each in results] == [False, True, False, False]
    assert all([await found(database, name) for name in "abc"])


async def test_somebody_who_leaves_takes_nobody_along(database: Database, clock: ShiftedClock) -> None:
    for round_ in range(20):
        tasks = [asyncio.create_task(database.keep([handle(f"{round_}-{each}", clock)])) for each in range(4)]
        await asyncio.sleep(round_ / 4000)
        tasks[round_ % 4].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [each for at, each in enumerate(results) if at != round_ % 4] == [None, None, None]


async def test_closing_waits_for_what_is_being_kept(database: Database, clock: ShiftedClock) -> None:
    waiting = [asyncio.create_task(database.keep([handle(f"h{number}", clock)])) for number in range(5)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*waiting) == [None] * 5
    await database.open()
    assert await found(database, "h4") is not None


async def test_a_closed_database_keeps_nothing_and_says_so(database: Database, clock: ShiftedClock) -> None:
    await database.close()
    with pytest.raises(RuntimeError, match="not open"):
        await database.keep([handle("a", clock)])


async def test_who_comes_while_one_transaction_runs_shares_the_next(clock: ShiftedClock) -> None:
    crews: list[int] = []

    async def write(some: Sequence[Handle]) -> Switch | None:
        crews.append(len(some))
        await asyncio.sleep(0.01)
        return None

    keeper = Keeper(write)
    first = asyncio.create_task(keeper.keep([handle("first", clock)]))
    await asyncio.sleep(0.005)
    await asyncio.gather(first, *(keeper.keep([handle(str(number), clock)]) for number in range(9)))
    assert crews == [1, 9]


async def test_a_database_that_does_not_answer_is_told_to_all_at_once(clock: ShiftedClock) -> None:
    tries = 0

    async def write(some: Sequence[Handle]) -> Switch | None:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        raise StorageUnavailable(str(len(some)))

    keeper = Keeper(write)
    waiting = [keeper.keep([handle(str(number), clock)]) for number in range(5)]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(each, StorageUnavailable) for each in results)
    assert tries == 1


async def level(tx: Transaction) -> Any:
    """SQLite: 1 is NORMAL, 2 FULL. PostgreSQL: whether somebody but the server's settings says how to commit."""
    unit = tx.changes.unit
    if not unit.postgres:
        return (await unit.connection.execute(text("PRAGMA synchronous"))).scalar_one() == 1
    asked = "SELECT setting = 'off' AND source = 'session' FROM pg_settings WHERE name = 'synchronous_commit'"
    return (await unit.connection.execute(text(asked))).scalar_one()


async def test_only_a_passing_transaction_is_committed_without_waiting_for_the_disk(database: Database) -> None:
    for lasting in (True, False, True, True, False, False, True):
        async with database.write(lasting=lasting) as tx:
            assert await level(tx) is not lasting


async def test_after_a_passing_transaction_that_failed_the_next_one_lasts(database: Database) -> None:
    async def fails(*, within: float | None = None) -> None:
        async with database.write(lasting=False, within=within) as tx:
            await tx.deliveries.claim("x")
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await fails()
        async with database.write() as tx:
            assert await level(tx) is False


async def test_after_a_passing_transaction_that_was_cut_off_the_next_one_lasts(database: Database) -> None:
    async def passing() -> None:
        async with database.write(lasting=False) as tx:
            await tx.deliveries.claim("x")
            await asyncio.sleep(1)

    for number in range(30):
        task = asyncio.create_task(passing())
        await asyncio.sleep(number / 10000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.write(within=2) as tx:
            assert await level(tx) is False


async def test_what_only_reads_cannot_write(database: Database) -> None:
    for opened in (database.read, database.look):
        async with opened() as tx:
            with pytest.raises(RuntimeError, match="read-only"):
                await tx.deliveries.claim("x")


async def test_a_snapshot_is_read_only_for_the_engine_too(database: Database) -> None:
    with pytest.raises((DBAPIError, StorageUnavailable), match=r"(?i)read-?only"):
        async with database.read() as tx:
            await tx.changes.unit.connection.execute(text("DELETE FROM deliveries"))


def test_nothing_but_handles_may_be_taken_by_a_power_cut() -> None:
    """Who decides something commits it to last (docs/decisions/0046)."""
    files = [file for package in ("bot", "handlers", "storage") for file in (PACKAGES / package).rglob("*.py")]
    naming = {file.name for file in files if "lasting=False" in file.read_text(encoding="utf-8")}
    assert naming == {"database.py"}
    assert (PACKAGES / "storage" / "database.py").read_text(encoding="utf-8").count("self.write(lasting=False)") == 1
