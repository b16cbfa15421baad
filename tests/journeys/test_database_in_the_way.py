"""A database that is there and does not take anything: locked, full, out of connections (issue 4, 5)."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from structlog.testing import capture_logs

from storage.tables.base import metadata
from tests.journeys.steps import EN, asked, confirming, ordered_once, outcome
from tests.support.engines import copied_sqlite
from tests.support.own_postgres import own_postgres
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person

Json = dict[str, Any]
FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
LONG: Final = customer("Fabrikam AG " + "ü" * 2_900, subscription(BASIC, 4), domain="long.example")
TARGET: Final = "Office 365 E3"
DOWN: Final = "database of Upgrade Desk does not answer"
LATE: Final = "took too long, so nothing was recorded"
_LOCK: Final = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("PRAGMA busy_timeout = 20000")
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
"""


@asynccontextmanager
async def opened(folder: Path, url: str, whose: Json = FINE) -> AsyncIterator[tuple[Product, Person]]:
    """A confirmation is on the screen, and the worker has nothing to do."""
    with capture_logs():
        async with running_product(folder, customers=[whose], transport="http", database_url=url) as product:
            sven = await product.person("sales_agent", locale="en-US")
            await confirming(sven, await asked(sven, whose["domain"]), TARGET, EN)
            yield product, sven


async def rows(product: Product) -> dict[str, int]:
    """How many rows each table has, but for what only lists keep."""
    async with product.app.desk.database.read() as tx:
        return {
            name: (await tx.changes.unit.execute(select(func.count()).select_from(table))).scalar_one()
            for name, table in metadata.tables.items()
            if name not in {"handles", "refusal_reports"}
        }


async def goes_on(product: Product, sven: Person, whose: Json = FINE) -> None:
    """The same modal again, without a restart: recorded, ordered once."""
    done = await sven.submit({EN.field: "4711"})
    assert done["result"] == "updated", done
    assert EN.recorded in done["view"]["title"]["text"]
    await outcome(sven, EN.completed, customer="Fabrikam AG", within=60)
    await ordered_once(product, whose["id"])
    assert await product.app.worker.alive()


async def told(sven: Person, *sentences: str) -> None:
    """What a submission is answered while it cannot be recorded."""
    answer: dict[str, Any] = await sven.submit({EN.field: "4711"})
    assert answer["result"] == "errors", answer
    assert any(each in str(answer["errors"]) for each in sentences), answer


async def test_a_sqlite_that_another_process_holds(sqlite_template: Path, tmp_path: Path) -> None:
    """For longer than a press may take: told within Slack's three seconds, and nothing is kept."""
    url = copied_sqlite(sqlite_template, tmp_path)
    async with opened(tmp_path, url) as (product, sven):
        before = await rows(product)
        command = [sys.executable, "-c", _LOCK, url.removeprefix("sqlite:///")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: ASYNC220, S603
            assert other.stdout is not None
            assert await asyncio.to_thread(other.stdout.readline) == b"held\n"
            await told(sven, LATE)
            assert await rows(product) == before  # and readers are not held up
            other.communicate(b"\n", timeout=20)
        await goes_on(product, sven)


async def test_a_sqlite_that_is_full(sqlite_template: Path, tmp_path: Path) -> None:
    """SQLite's own fault of a full disk, on the connection that writes: the change would need one more page."""
    async with opened(tmp_path, copied_sqlite(sqlite_template, tmp_path), LONG) as (product, sven):
        before = await rows(product)
        assert await _pages(product, 1) > 1  # never fewer than there are, and not one more
        await told(sven, DOWN)
        assert await rows(product) == before
        await _pages(product, 1_000_000)
        await goes_on(product, sven, LONG)


async def _pages(product: Product, most: int) -> int:
    async with product.app.desk.database.write() as tx:
        found = await tx.changes.unit.connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
        return int(found.scalar_one())


async def test_a_postgres_without_a_connection_to_spare(tmp_path: Path) -> None:
    with own_postgres() as server, server.database() as url:
        async with opened(tmp_path, url) as (product, sven):
            before = await rows(product)
            with server.crowded():
                await told(sven, DOWN)
            assert await rows(product) == before
            await goes_on(product, sven)
