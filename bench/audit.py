"""The trail among few and among many entries: a page, a customer's page, open changes, verifying, exporting.

`python -m bench.audit [--few N] [--many N] [--postgres]`: ratios from one run (issue 4, section 8).
"""

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import insert

from bench.storage import postgres
from bot.desk.trail_export import ExportFormat, Selection, export
from bot.domain.changes import ChangeState
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from storage import migrate
from storage.audit_body import GENESIS, body_of, link
from storage.database import Database
from storage.tables.audit import audit_entries, audit_heads
from tests.support import made
from tests.support.engines import AUDIT_KEY

_BATCH = 5000
_ROUNDS = 300
_WARM = 20
_CHANGES = 100
_OPEN = 200
Read = Callable[[], Awaitable[object]]


async def fill(database: Database, count: int) -> None:
    """Entries of 500 customers and for each hundredth a change, the last two hundred of which are open.

    Written a batch at a time with the store's own bodies and links: a chain that `verify` finds whole.
    """
    previous = GENESIS
    for first in range(0, count, _BATCH):
        async with database.write() as tx:
            unit, rows = tx.audit.unit, []
            for number in range(first + 1, min(first + _BATCH, count) + 1):
                entry = made.entry(customer_id=f"customer-{number % 500}", change_id=f"c{number - number % _CHANGES}")
                body = body_of(entry, number=number, at=tx.now, text_digest=None)
                previous = link(unit.audit_key, previous=previous, number=number, body=body)
                name, change, customer = entry.name.value, entry.change_id, entry.customer_id
                row = {"team_id": made.TEAM, "number": number, "at": tx.now, "name": name, "body": body}
                rows.append(row | {"change_id": change, "customer_id": customer, "hash": previous})
                if number % _CHANGES == 0:
                    ids = {"id": f"c{number}", "draft_id": f"d{number}", "number": f"n{number}"}
                    open_ = number > count - _OPEN * _CHANGES
                    state = ChangeState.AWAITING_APPROVAL if open_ else ChangeState.APPROVED
                    subject = {"customer": f"customer-{number % 500}", "subscription": f"s{number}"}
                    await tx.changes.add(made.change(tx, state=state, **subject, **ids))
            await unit.execute(insert(audit_entries), rows)
            done = "UPDATE changes SET state = 'completed' WHERE state = 'approved'"
            await unit.connection.exec_driver_sql(done)
    async with database.write() as tx:
        await tx.audit.unit.execute(insert(audit_heads).values(team_id=made.TEAM, number=count, hash=previous))
        if tx.audit.unit.postgres:
            await tx.audit.unit.connection.exec_driver_sql("ANALYZE")


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
            assert len((await tx.changes.open(made.TEAM, limit=10)).items) == 10

    return {
        "newest page": page,
        "a page in the middle": second_page,
        "a customer's page": customer,
        "a change's page": change,
        "open changes": opened,
    }


async def medians(few: Database, many: Database) -> dict[str, tuple[float, float]]:
    """Median seconds of each read in both, in turn: a busy moment hits both alike."""
    found = [reads(few), reads(many)]
    taken: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in found[0]}
    for at in range(_ROUNDS + _WARM):
        for name, times in taken.items():
            for reading, into in zip(found, times, strict=True):
                begun = time.perf_counter()
                await reading[name]()
                if at >= _WARM:
                    into.append(time.perf_counter() - begun)
    return {name: (statistics.median(each[0]), statistics.median(each[1])) for name, each in taken.items()}


@asynccontextmanager
async def filled(url: str, count: int) -> AsyncIterator[Database]:
    """A database with so many entries."""
    migrate.upgrade(url)
    database = Database(url, clock=SystemClock(), ids=RandomIds(), audit_key=AUDIT_KEY)
    await database.open()
    begun = time.perf_counter()
    await fill(database, count)
    print(f"  filled with {count:,} entries in {time.perf_counter() - begun:.0f} s")
    yield database
    await database.close()


async def measure(urls: tuple[str, str], *, few: int, many: int) -> None:
    """Everything, on one engine: the first URL for few entries, the second for many."""
    async with filled(urls[0], few) as small, filled(urls[1], many) as database:
        for name, (short, long) in (await medians(small, database)).items():
            print(f"  {name:22} {short * 1000:7.2f} ms -> {long * 1000:7.2f} ms   ratio {long / short:.2f}")
        await walks(database, many)


async def walks(database: Database, many: int) -> None:
    """What reads every entry."""
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
        files = (f"sqlite:///{folder}/few.db", f"sqlite:///{folder}/many.db")
        asyncio.run(measure(files, few=given.few, many=given.many))
        if given.postgres:
            print("PostgreSQL")
            servers = (stack.enter_context(postgres()), stack.enter_context(postgres()))
            asyncio.run(measure(servers, few=given.few, many=given.many))


if __name__ == "__main__":
    main()
