"""Figures of the Slack side (issue 2, 8), as ratios of one run: `python -m bench.http [--rounds 3] [--memory 10000]`.

Every server, the eligibility service and this caller are processes of their own; loopback HTTP, SQLite.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvloop

from bench.figures import Figure
from bench.http_caller import CUSTOMERS, SECRET, TEAM, USER, Caller, Slack
from bot.desk.roles import grant_role
from bot.domain.catalogue import load_default
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.eligibility.importing import import_book
from bot.web.server import bind, serving
from storage import migrate
from storage.book.book import Book
from storage.database import Database

TOKEN, KEY = "bench-token", "k" * 40
ACKS, COMMANDS, SIDE_BY_SIDE = 400, 400, 8
_PARTS, _GROWTH = 5, 2.0


@contextlib.asynccontextmanager
async def server(*arguments: str, port: int, env: dict[str, str]) -> AsyncIterator[int]:
    """A server process that takes connections; yields its process id."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, env=os.environ | env)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def acks(port: int, slack: Slack, *, answered: bool) -> float:
    """The median milliseconds to an ack, one command after the other."""
    caller = Caller(port, slack)
    taken = [await caller.command(answered=answered) for _ in range(ACKS)]
    return statistics.median(taken[ACKS // 10 :]) * 1000


async def rate(port: int, slack: Slack, commands: int = COMMANDS) -> float:
    """Whole commands a second, to the answer's arrival, by several callers at once."""
    left = iter(range(commands))

    async def work() -> None:
        caller = Caller(port, slack)
        for _ in left:
            await caller.command(answered=True)

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE)))
    return commands / (time.perf_counter() - begun)


def megabytes(process: int) -> float:
    """What a process has in memory."""
    text = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS")) / 1024


def free_port() -> int:
    """A port that nobody uses just now."""
    with bind(host="127.0.0.1", port=0) as found:
        return int(found.getsockname()[1])


def book() -> dict[str, Any]:
    """Customers with three subscriptions each."""
    offers = ("microsoft-365-business-basic", "microsoft-365-apps-for-business", "office-365-enterprise-e1")

    def one(number: int) -> dict[str, Any]:
        ids = [f"{number:08x}-0000-4000-8000-{part:012x}" for part in range(4)]
        subscriptions = [
            {"id": ids[part + 1], "offer": offer, "quantity": 5, "status": "active", "soldBy": "us"}
            for part, offer in enumerate(offers)
        ]
        names = {"companyName": f"Customer {number} GmbH", "domain": f"customer{number}.example", "country": "DE"}
        return {"id": ids[0], **names, "delegatedAdmin": True, "subscriptions": subscriptions, "users": []}

    return {"customers": [one(number) for number in range(CUSTOMERS)]}


async def prepare(folder: Path, env: dict[str, str]) -> None:
    """The two databases."""
    file = folder / "book.json"
    file.write_text(json.dumps(book()))
    async with Book.at(env["ELIGIBILITY_DATABASE_URL"]) as opened:
        await import_book(file=file, book=opened, catalogue=load_default(), clock=SystemClock())
    await asyncio.to_thread(migrate.upgrade, env["DATABASE_URL"])
    database = Database(env["DATABASE_URL"], clock=SystemClock(), ids=RandomIds(), audit_key=KEY.encode())
    await database.open()
    await grant_role(database, actor=Actor(team_id=TEAM, user_id=USER), role=PartnerRole.SALES_AGENT, by="bench")
    await database.close()


def measure(*, rounds: int, memory: int) -> list[Figure]:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        return uvloop.run(_measure(Path(place), rounds=rounds, memory=memory))


async def _measure(folder: Path, *, rounds: int, memory: int) -> list[Figure]:
    slack, on = Slack(), bind(host="127.0.0.1", port=0)
    slack.url = f"http://127.0.0.1:{on.getsockname()[1]}"
    service = free_port()
    env = {
        "SLACK_API_URL": f"{slack.url}/api",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
        "ELIGIBILITY_DATABASE_URL": f"sqlite:///{folder}/book.sqlite3",
        "ELIGIBILITY_URL": f"http://127.0.0.1:{service}",
        "ELIGIBILITY_TOKEN": TOKEN,
        "AUDIT_KEY": KEY,
        "AUDIT_CHANNEL": "C0AUDIT",
        "LOG_LEVEL": "WARNING",
    }
    await prepare(folder, env)
    calls = str(folder / "calls.json")
    ports = {kind: free_port() for kind in ("ours", "default", "bare")}

    def started(kind: str) -> contextlib.AbstractAsyncContextManager[int]:
        return server("bench.http_server", kind, str(ports[kind]), calls, port=ports[kind], env=env)

    async with (
        serving(slack.app, on=on),
        server("bot.cli", "eligibility", "--port", str(service), port=service, env=env),
        started("ours") as process,
        started("default"),
    ):
        await Caller(ports["ours"], slack).command(answered=True)
        await asyncio.sleep(2)
        async with started("bare"):
            waves = json.loads(await asyncio.to_thread(Path(calls).read_text))
            print("asks the service, side by side:", [len(wave) for wave in waves])
            fasts, rates = [], []
            for number in range(rounds):
                fast = await acks(ports["ours"], slack, answered=True)
                slow = await acks(ports["default"], slack, answered=False)
                fasts.append(fast / slow)
                print(f"{number}: ack p50 {fast:.2f} ms, default Bolt {slow:.2f} ms: {fast / slow:.3f}  (at most 0.15)")
                whole, least = await rate(ports["ours"], slack), await rate(ports["bare"], slack)
                rates.append(whole / least)
                print(f"{number}: {whole:.0f} commands/s, bare {least:.0f}/s: {whole / least:.2f}  (at least 0.5)")
        sizes = await _memory(process, ports["ours"], slack, memory)
    kept, end = "serve: memory after the commands", "serve: growth over the last fifth of them"
    figures = [
        Figure(what=kept, found=sizes[-1], target=200, at_least=False, unit="MB"),
        Figure(what=end, found=sizes[-1] - sizes[-2], target=_GROWTH, at_least=False, unit="MB"),
    ]
    if rounds:
        ack, rated = "ack of the command, ratio to a default AsyncApp", "the whole command, ratio to a bare handler"
        figures = [
            Figure(what=ack, found=statistics.median(fasts), target=0.15, at_least=False),
            Figure(what=rated, found=statistics.median(rates), target=0.5, at_least=True),
            *figures,
        ]
    return figures


async def _memory(process: int, port: int, slack: Slack, commands: int) -> list[float]:
    """Megabytes after each fifth of so many commands."""
    sizes = []
    for part in range(_PARTS + 1):
        sizes.append(megabytes(process))
        print(f"memory of serve after {commands * part // _PARTS} more commands: {sizes[-1]:.0f} MB (under 200)")
        if part < _PARTS and commands:
            await rate(port, slack, commands // _PARTS)
    return sizes


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=10_000)
    given = parser.parse_args()
    measure(rounds=given.rounds, memory=given.memory)
