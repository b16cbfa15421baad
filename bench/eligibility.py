"""The service's figures, as ratios of one run (issue 2, 8): upgrades GET, `starts_with`, import.

`python -m bench.eligibility [--customers 100000]`. Server and caller are processes of their own on one machine.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import socket
import statistics
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

from bench.eligibility_book import name_of, write_book
from bench.eligibility_load import Target, load
from bench.figures import Figure
from bot.domain.catalogue import load_default
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.eligibility.importing import import_book
from bot.eligibility.service.app import create_service
from storage.book.book import Book

TOKEN = "bench"
CONNECTIONS = 16
SECONDS = 3.0
ROUNDS = 3


def measure(*, customers: int) -> list[Figure]:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        book_file, database = Path(folder) / "book.json", Path(folder) / "book.db"
        write_book(book_file, customers=customers)
        return [
            asyncio.run(_import(book_file, database, customers)),
            _upgrades(book_file, database),
            _searches(database, customers),
        ]


async def _import(book_file: Path, database: Path, customers: int) -> Figure:
    async with Book.at(f"sqlite:///{database}") as book:
        report = await import_book(file=book_file, book=book, catalogue=load_default(), clock=SystemClock())
    size = await asyncio.to_thread(lambda: book_file.stat().st_size / 1e6)
    print(
        f"import of {customers:,} customers ({report.subscriptions:,} subscriptions, {report.users:,} users, "
        f"{size:.0f} MB) on SQLite: {report.seconds:.1f} s (at most 60)"
    )
    what = f"service: import of {customers:,} customers"
    return Figure(what=what, found=report.seconds, target=60, at_least=False, unit="s")


def _upgrades(book_file: Path, database: Path) -> Figure:
    with book_file.open(encoding="utf-8") as lines:
        next(lines)
        some = [json.loads(next(lines).rstrip().removesuffix(",")) for _ in range(2000)]
    paths = [
        f"/v1/customers/{customer['id']}/subscriptions/{each['id']}/upgrades"
        for customer in some
        if len(customer["subscriptions"]) == 3
        for each in customer["subscriptions"]
        if each["soldBy"] == "us" and "business" in each["offer"]
    ]
    with _served(_service, database) as port, _served(_fixed, database) as fixed_port:
        real = Target(port=port, token=TOKEN, paths=paths)
        size = asyncio.run(load(real, connections=1, seconds=0.5)).bytes_each
        fixed = Target(port=fixed_port, token=TOKEN, paths=[f"/fixed/{size}"])
        rates: dict[str, list[float]] = {"real": [], "fixed": []}
        for _ in range(ROUNDS):
            rates["fixed"].append(asyncio.run(load(fixed, connections=CONNECTIONS, seconds=SECONDS)).rate)
            rates["real"].append(asyncio.run(load(real, connections=CONNECTIONS, seconds=SECONDS)).rate)
    ratios = [own / bare for own, bare in zip(rates["real"], rates["fixed"], strict=True)]
    print(
        f"upgrades GET: {statistics.median(rates['real']):,.0f}/s, fixed body of {size} bytes: "
        f"{statistics.median(rates['fixed']):,.0f}/s, ratio {statistics.median(ratios):.2f} (at least 0.15; "
        f"rounds {', '.join(f'{each:.2f}' for each in ratios)})"
    )
    what = "service: upgrades GET, ratio to a fixed body"
    return Figure(what=what, found=statistics.median(ratios), target=0.15, at_least=True)


def _searches(database: Path, customers: int) -> Figure:
    chance = random.Random(11)  # noqa: S311 no secret
    kinds = {
        "one letter": [name_of(chance)[:1] for _ in range(50)],
        "three letters": [name_of(chance)[:3] for _ in range(50)],
        "two words": [name_of(chance)[:12] for _ in range(300)],
        "no umlauts": [name_of(chance)[:8].replace("ü", "ue").replace("ä", "a") for _ in range(300)],
    }
    with _served(_service, database) as port:
        spans: list[float] = []
        for kind, texts in kinds.items():
            filters = [json.dumps({"Field": "CompanyName", "Value": each, "Operator": "starts_with"}) for each in texts]
            target = Target(port=port, token=TOKEN, paths=["/v1/customers"], filters=filters, size=100)
            found = asyncio.run(load(target, connections=1, seconds=SECONDS / 2)).spans
            spans += found
            print(f"  starts_with, {kind}: p50 {_ms(found, 50)}, p99 {_ms(found, 99)} ({len(found):,} searches)")
    print(f"starts_with among {customers:,} customers: p50 {_ms(spans, 50)}, p99 {_ms(spans, 99)} (p99 under 20 ms)")
    what = f"service: starts_with among {customers:,} customers, p99"
    return Figure(what=what, found=_percentile(spans, 99), target=20, at_least=False, unit="ms")


def _ms(spans: list[float], percent: int) -> str:
    return f"{_percentile(spans, percent):.2f} ms"


def _percentile(spans: list[float], percent: int) -> float:
    """In milliseconds."""
    return sorted(spans)[min(len(spans) - 1, len(spans) * percent // 100)] * 1000


class _served:  # noqa: N801 used as a word in a with statement
    """A server in a process of its own."""

    def __init__(self, run: object, database: Path) -> None:
        self._run = run
        self._database = database

    def __enter__(self) -> int:
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        bound.listen(256)
        context = multiprocessing.get_context("fork")
        ready = context.Event()
        self._process = context.Process(target=self._run, args=(bound, self._database, ready), daemon=True)
        self._process.start()
        ready.wait(20)
        port: int = bound.getsockname()[1]
        bound.close()
        time.sleep(0.3)
        return port

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(5)


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning", access_log=False, lifespan="off")


def _service(bound: socket.socket, database: Path, ready: Event) -> None:
    async def run() -> None:
        async with Book.at(f"sqlite:///{database}") as book:
            app = create_service(book=book, catalogue=load_default(), token=TOKEN, clock=SystemClock(), ids=RandomIds())
            ready.set()
            await uvicorn.Server(_config(app)).serve(sockets=[bound])

    _run(run())


def _fixed(bound: socket.socket, database: Path, ready: Event) -> None:
    del database
    app = FastAPI()
    bodies: dict[int, bytes] = {}

    @app.get("/fixed/{size}")
    async def fixed(size: int) -> Response:
        if size not in bodies:
            bodies[size] = json.dumps({"x": "y" * (size - 9)}, separators=(",", ":")).encode()
        return Response(bodies[size], media_type="application/json")

    async def run() -> None:
        ready.set()
        await uvicorn.Server(_config(app)).serve(sockets=[bound])

    _run(run())


def _run(work: object) -> None:
    import uvloop  # noqa: PLC0415 in the child only

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)  # type: ignore[arg-type] # a coroutine


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--customers", type=int, default=100_000)
    measure(customers=arguments.parse_args().customers)
