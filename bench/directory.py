"""The directory of customers (issue 5, section 4): type-ahead with and without typing errors, recall, filling, memory.

`python -m bench.directory [--customers 1000000]`. The service and its caller are processes of their own.
"""

import argparse
import asyncio
import gc
import json
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from bench.directory_names import customers
from bench.eligibility import TOKEN, _served, _service
from bench.figures import Figure
from bench.storage import postgres
from bot.desk.desk import Desk, DeskConfig
from bot.desk.directory_fill import fill_directory
from bot.domain.catalogue import load_default
from bot.domain.clock import SystemClock
from bot.domain.customers import Customer
from bot.domain.ids import RandomIds
from bot.domain.policy import Policy
from bot.eligibility.client import EligibilityClient
from bot.eligibility.importing import import_book
from storage import migrate
from storage.book.book import Book
from storage.database import Database
from tests.support.engines import AUDIT_KEY

_SEARCHES = 300
_WARM = 20
_LETTERS = "abcdefghijklmnoprstuvwzäöü"


def measure(*, count: int) -> list[Figure]:
    """Measure and print, on SQLite and then on PostgreSQL, which fill from the same service."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        book = folder / "book.db"
        asyncio.run(_book(folder / "book.json", book, count))
        port = stack.enter_context(_served(_service, book))
        sample = _sample(count)
        found = asyncio.run(_engine(f"sqlite:///{folder}/desk.db", "SQLite", port=port, sample=sample))
        return found + asyncio.run(_engine(stack.enter_context(postgres()), "PostgreSQL", port=port, sample=sample))


def mistyped(chance: random.Random, text: str) -> str:
    """With one error: a letter too many, too few, another one, or two that changed places."""
    at, kind = chance.randrange(len(text)), chance.randrange(4)
    if kind == 0:
        return text[:at] + chance.choice(_LETTERS) + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _sample(count: int) -> list[Customer]:
    chance = random.Random(9)  # noqa: S311 no secret
    wanted = set(chance.sample(range(count), min(count, _SEARCHES)))
    return [each for at, each in enumerate(customers(count)) if at in wanted]


async def _book(file: Path, database: Path, count: int) -> None:
    def write() -> None:
        with file.open("w", encoding="utf-8") as lines:
            lines.write('{"customers": [\n')
            for at, each in enumerate(customers(count)):
                own = {"id": each.id, "companyName": each.name, "domain": each.domain, "country": "DE"}
                row = own | {"delegatedAdmin": True, "subscriptions": [], "users": []}
                lines.write(("" if at == 0 else ",\n") + json.dumps(row, ensure_ascii=False))
            lines.write("\n]}\n")

    await asyncio.to_thread(write)
    async with Book.at(f"sqlite:///{database}") as book:
        await import_book(file=file, book=book, catalogue=load_default(), clock=SystemClock())


async def _engine(url: str, engine: str, *, port: int, sample: list[Customer]) -> list[Figure]:
    await asyncio.to_thread(migrate.upgrade, url)
    clock, ids = SystemClock(), RandomIds()
    database = Database(url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await database.open()

    async def token() -> str:
        return TOKEN

    try:
        async with aiohttp.ClientSession() as session:
            client = EligibilityClient(
                session=session,
                base_url=f"http://127.0.0.1:{port}",
                token_source=token,
                catalogue=load_default(),
                clock=clock,
                ids=ids,
            )
            desk = Desk(
                database=database,
                service=client,
                directory=None,  # type: ignore[arg-type] # nobody is admitted here
                catalogue=load_default(),
                policies=Policy,
                clock=clock,
                ids=ids,
                config=DeskConfig(approvals_channel="C", audit_channel="C", language="en", service_is_embedded=True),
            )
            filling = await _filling(desk, engine)
            gc.collect()
            gc.freeze()  # as `serve` does
            return [filling, *await _searches(database, engine, sample)]
    finally:
        await database.close()


async def _filling(desk: Desk, engine: str) -> Figure:
    """Reading alone before and after, and the filling between them: a busy machine hits both."""
    bare = [await _read(desk)]
    before, began = _held(), time.perf_counter()
    turns = []
    stop = asyncio.Event()
    while await fill_directory(desk, owner="bench", stop=stop, seconds=20.0):
        turns.append(_held())
    taken = time.perf_counter() - began
    filled = (await desk.database.customers.standing()).customers / taken
    bare.append(await _read(desk))
    rate = sum(bare) / len(bare)
    print(f"{engine}: pages read at {rate:,.0f} customers/s, filled at {filled:,.0f}/s; {taken:.0f} s")
    middle = turns[len(turns) // 2] if turns else _held()
    print(f"  memory: {before:.0f} MB before, {middle:.0f} MB in the middle, {_held():.0f} MB at the end")
    what = f"directory: filling, ratio to reading pages ({engine})"
    return Figure(what=what, found=filled / rate, target=0.7, at_least=True)


async def _read(desk: Desk, pages: int = 200) -> float:
    token, read, began = None, 0, time.perf_counter()
    for _ in range(pages):
        found, token = await desk.service.customer_page(token, correlation_id=desk.ids.uuid())
        read += len(found)
        if token is None:
            break
    return read / (time.perf_counter() - began)


async def _searches(database: Database, engine: str, sample: list[Customer]) -> list[Figure]:
    chance = random.Random(4)  # noqa: S311 no secret
    exact: dict[str, Callable[[Customer], str]] = {
        "two letters": lambda each: each.name[:2],
        "two letters inside": lambda each: each.name[3:5],
        "three letters": lambda each: each.name[:3],
        "five letters": lambda each: each.name[:5],
        "a part of a word": lambda each: each.name[2:7],
        "two words, turned": lambda each: " ".join(word[:4] for word in reversed(each.name.split()[:2])),
        "the name without its form": lambda each: each.name.rsplit(" ", 1)[0],
        "the whole name": lambda each: each.name,
        "the legal form": lambda each: each.name.rsplit(" ", 1)[1],
        "the domain": lambda each: each.domain,
    }
    wrong: dict[str, Callable[[Customer], str]] = {
        "one error, two words": lambda each: mistyped(chance, " ".join(each.name.split()[:2])),
        "one error, one long word": lambda each: mistyped(chance, max(each.name.split(), key=len)),
        "one error, half typed": lambda each: mistyped(chance, each.name[: max(5, len(each.name) // 2)]),
    }
    spans = [span for name, made in exact.items() for span in await _kind(database, name, made, sample)]
    slow = [span for name, made in wrong.items() for span in await _kind(database, name, made, sample, recall=True)]
    return [
        Figure(what=f"directory: type-ahead, p99 ({engine})", found=_p99(spans), target=50, at_least=False, unit="ms"),
        Figure(
            what=f"directory: with one error, p99 ({engine})", found=_p99(slow), target=150, at_least=False, unit="ms"
        ),
    ]


async def _kind(
    database: Database,
    name: str,
    made: Callable[[Customer], str],
    sample: list[Customer],
    *,
    recall: bool = False,
) -> list[float]:
    spans, there, full = [], 0, 0
    for each in sample[:_WARM]:
        await database.customers.search(made(each), limit=100)
    for each in sample:
        typed = made(each)
        began = time.perf_counter()
        found = (await database.customers.search(typed, limit=100)).found
        spans.append(time.perf_counter() - began)
        here = any(one.customer.id == each.id for one in found)
        there += here
        full += not here and len(found) == 100
    lost = (len(sample) - there - full) / len(sample)
    told = f", found {there / len(sample):.0%}, 100 others fit {full / len(sample):.0%}, missed {lost:.0%}"
    share = told if recall else ""
    median = sorted(spans)[len(spans) // 2] * 1000
    print(f"  {name:28} p50 {median:6.1f} ms   p99 {_p99(spans):6.1f} ms{share}")
    return spans


def _p99(spans: list[float]) -> float:
    return sorted(spans)[min(len(spans) - 1, len(spans) * 99 // 100)] * 1000


def _held() -> float:
    """Megabytes of this process's own, files not counted. The service and the builder are processes of their own."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return int(told["RssAnon"].split()[0]) / 1024


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--customers", type=int, default=1_000_000)
    for figure in measure(count=arguments.parse_args().customers):
        print(figure)
