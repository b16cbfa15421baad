"""The trail among few and among many entries: a page, a customer's page, open changes, verifying, exporting.

`python -m bench.audit [--few N] [--many N] [--postgres]`: ratios from one run (issue 4, section 8).
"""

import argparse
import asyncio
import itertools
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

from bench.storage import postgres
from bot.desk.trail_export import ExportFormat, Selection, export
from bot.domain.changes import ChangeState
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from storage import migrate
from storage.database import Database
from tests.support import made
from tests.support.engines import AUDIT_KEY

_BATCH = 5000
_ROUNDS = 300
_OPEN_EVERY = 100
Read = Callable[[], Awaitable[object]]


async def fill(database: Database, upto: int, *, begun: int) -> None:
    """Entries of 500 customers, and for each hundredth a change, of which every tenth is still open."""
    for first in range(begun, upto, _BATCH):
        async with database.write() as tx:
            for number in range(first, min(first + _BATCH, upto)):
                customer = f"customer-{number % 500}"
                if number % _OPEN_EVERY == 0:
                    open_ = number % (10 * _OPEN_EVERY) == 0
                    state = ChangeState.AWAITING_APPROVAL if open_ else ChangeState.APPROVED
                    ids = {"id": f"c{number}", "draft_id": f"d{number}", "number": f"n{number}"}
                    change = made.change(tx, customer=customer, subscription=f"s{number}", state=state, **ids)
                    await tx.changes.add(change)
                await tx.audit.append(made.entry(customer_id=customer, change_id=f"c{number - number % _OPEN_EVERY}"))
            done = "UPDATE changes SET state = 'completed' WHERE state = 'approved'"
            await tx.audit.unit.connection.exec_driver_sql(done)


def reads(database: Database) -> dict[str, Read]:
    """What people look at."""

    async def page() -> None:
        async with database.read() as tx:
            assert len((await tx.audit.page(made.TEAM)).items) == 20

    async def second_page() -> None:
        async with database.read() as tx:
            head = await tx.audit.head(made.TEAM)
            assert len((await tx.audit.page(made.TEAM, after=str(head.number // 2))).items) == 20

    async def customer() -> None:
        async with database.read() as tx:
            assert len((await tx.audit.page(made.TEAM, customer_id="customer-7")).items) == 20

    async def change() -> None:
        async with database.read() as tx:
            assert len((await tx.audit.page(made.TEAM, change_id="c1000")).items) == 20

    async def opened() -> None:
        async with database.read() as tx:
            assert (await tx.changes.open(made.TEAM, limit=10)).items

    return {
        "newest page": page,
        "a page in the middle": second_page,
        "a customer's page": customer,
        "a change's page": change,
        "open changes": opened,
    }


async def medians(database: Database) -> dict[str, float]:
    """Median seconds of each read, the reads in turn so that a busy moment hits all alike."""
    found = reads(database)
    taken: dict[str, list[float]] = {name: [] for name in found}
    for read, _ in itertools.product(found.values(), range(20)):
        await read()
    for _ in range(_ROUNDS):
        for name, read in found.items():
            begun = time.perf_counter()
            await read()
            taken[name].append(time.perf_counter() - begun)
    return {name: statistics.median(each) for name, each in taken.items()}


async def measure(url: str, *, few: int, many: int) -> None:
    """Everything, on one engine."""
    migrate.upgrade(url)
    database = Database(url, clock=SystemClock(), ids=RandomIds(), audit_key=AUDIT_KEY)
    await database.open()
    await fill(database, few, begun=0)
    among_few = await medians(database)
    begun = time.perf_counter()
    await fill(database, many, begun=few)
    print(f"  filled with {many:,} entries in {time.perf_counter() - begun:.0f} s")
    among_many = await medians(database)
    for name, seconds in among_many.items():
        ratio = seconds / among_few[name]
        print(f"  {name:22} {among_few[name] * 1000:7.2f} ms -> {seconds * 1000:7.2f} ms   ratio {ratio:.2f}")
    begun = time.perf_counter()
    async with database.read() as tx:
        report = await tx.audit.verify(made.TEAM)
    taken = time.perf_counter() - begun
    assert report.sound
    assert report.entries == many
    print(f"  verify: {many / taken:,.0f} entries/s ({taken:.1f} s)")
    for form in ExportFormat:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun, size = time.perf_counter(), 0
        async for piece in export(database, Selection(team_ids=(made.TEAM,)), form):
            size += len(piece)
        taken = time.perf_counter() - begun
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(
            f"  export {form.value:6} {many / taken:,.0f} entries/s, {size / 1e6:,.0f} MB, {grown / 1024:.1f} MiB more"
        )
    await database.close()


def main() -> None:
    """SQLite; PostgreSQL too where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ud-bench-")))
        print("SQLite")
        asyncio.run(measure(f"sqlite:///{folder}/bench.db", few=given.few, many=given.many))
        if given.postgres:
            print("PostgreSQL")
            asyncio.run(measure(stack.enter_context(postgres()), few=given.few, many=given.many))


if __name__ == "__main__":
    main()
