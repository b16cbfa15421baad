"""PostgreSQL goes away under load, for real: everybody is answered, nothing is half done, work goes on by itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.domain.changes import ChangeState
from storage.repositories.change_rows import to_change
from storage.tables.changes import changes
from tests.support.own_postgres import Mode, OwnPostgres, own_postgres
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.stubborn import Stubborn

EACH: Final = 4
ASKERS: Final = ("sales_agent", "admin_agent", "helpdesk_agent")
BOOKS: Final = {
    who: [
        customer(f"{who} {number} GmbH", subscription(BASIC, 4), domain=f"{who.replace('_', '-')}-{number}.example")
        for number in range(EACH)
    ]
    for who in ASKERS
}
BOOK: Final = [each for book in BOOKS.values() for each in book]


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with own_postgres() as running:
        yield running


@asynccontextmanager
async def busy(folder: Path, server: OwnPostgres) -> AsyncIterator[tuple[Product, list[Stubborn], asyncio.Task[None]]]:
    """Three people who ask and one who approves, all at once, until each of a dozen changes is asked for."""
    with server.database() as url, capture_logs():
        async with running_product(folder, customers=BOOK, transport="http", database_url=url) as product:
            people = [Stubborn(person=await product.person(who, locale="en-US")) for who in ASKERS]
            chief = Stubborn(person=await product.person("global_admin", locale="en-US"))

            async def work(one: Stubborn, book: list[dict[str, Any]]) -> None:
                for each in book:
                    await one.asks_for(each)

            async def approve() -> None:
                for each in BOOKS["helpdesk_agent"]:
                    await chief.approves(each)

            async def all_of_it() -> None:
                async with asyncio.TaskGroup() as group:
                    for one, who in zip(people, ASKERS, strict=True):
                        group.create_task(work(one, BOOKS[who]))
                    group.create_task(approve())

            running = asyncio.create_task(all_of_it())
            yield product, [*people, chief], running
            running.cancel()


async def settled(product: Product) -> None:
    """Wait until everything that was begun has come to its end; leases and pauses run out quickly by the clock."""
    async with asyncio.timeout(120):
        while True:
            async with product.app.desk.database.read() as tx:
                depth = await tx.outbox.depth()
                query = select(changes.c.id).where(changes.c.state != ChangeState.COMPLETED.value)
                unfinished = (await tx.changes.unit.execute(query)).all()
            if not unfinished and not depth.waiting:
                return
            await time_passes(product)


async def time_passes(product: Product) -> None:
    """Leases of what was under way run out, and whatever waits for another try is tried."""
    product.clock.advance(timedelta(seconds=30))
    product.app.worker.wake()
    await asyncio.sleep(1)


async def asked_for(product: Product, running: "asyncio.Task[None]") -> None:
    """Wait until everybody has what they wanted."""
    async with asyncio.timeout(120):
        while not running.done():
            await time_passes(product)
    await running


async def sound(product: Product, people: list[Stubborn]) -> None:
    """One order each, each told the truth, nothing given up, the trail whole, the worker alive."""
    async with product.app.desk.database.read() as tx:
        rows = (await tx.changes.unit.execute(select(changes))).all()
        dead = (await tx.outbox.depth()).dead
    notes = {change.note for change in map(to_change, rows)}
    for told in (each for one in people for each in one.told if each.note):
        assert (told.note in notes) == told.done, told
    assert sorted(row.customer_id for row in rows) == sorted(each["id"] for each in BOOK)
    assert not dead
    assert [await product.orders(each["id"]) for each in BOOK] == [1] * len(BOOK)
    await product.check_trail()
    assert await product.app.worker.alive()


@pytest.mark.parametrize("mode", ["immediate", "fast"])
async def test_a_restart_under_load_loses_and_doubles_nothing(tmp_path: Path, server: OwnPostgres, mode: Mode) -> None:
    """Stopped twice as by a crash, or as by an operator, once for a moment and once for longer."""
    async with busy(tmp_path, server) as (product, people, running):
        for number in range(2):
            while sum(len(one.told) for one in people) < (number + 1) * EACH and not running.done():  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # people have no event for it
            await server.stop(mode)
            await asyncio.sleep(1.5 * number)
            await server.start()
        await asked_for(product, running)
        await settled(product)
        await sound(product, people)
        heard = " ".join(each for one in people for each in [*one.sentences, *(told.words for told in one.told)])
        assert "does not answer" in heard or "could not" in heard


async def test_connections_cut_at_any_moment_lose_and_double_nothing(tmp_path: Path, server: OwnPostgres) -> None:
    """In the middle of transactions and at their commits: whoever has to know looks again."""
    async with busy(tmp_path, server) as (product, people, running):
        cut = 0
        while not running.done() and cut < 250:
            cut += await asyncio.to_thread(server.cut)
            await asyncio.sleep(0.05)
        await asked_for(product, running)
        await settled(product)
        await sound(product, people)
        assert cut
