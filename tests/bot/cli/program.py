"""The installed program as a process, and what it says."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 20.0


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Nothing of ours but what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | dict(given or {})


def names_in(folder: Path) -> list[str]:
    """What was left in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def start(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error::ResourceWarning",
        "-m",
        "bot.cli",
        *arguments,
        cwd=cwd,
        env=environment({"PYTHONPATH": str(Path(__file__).parents[3])} | dict(env or {})),
        stdout=PIPE,
        stderr=PIPE,
    )


async def run(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run a command to its end."""
    return await ended(await start(*arguments, cwd=cwd, env=env))


async def ended(process: Process) -> Ended:
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@dataclass
class Running:
    """A program that said it is ready."""

    process: Process
    line: str
    ready_after: float

    async def stop(self, number: signal.Signals = signal.SIGINT) -> Ended:
        self.process.send_signal(number)
        return await ended(self.process)


@asynccontextmanager
async def running(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> AsyncIterator[Running]:
    """A program that runs until it is stopped; its first line on standard output says that it is ready."""
    begun = time.monotonic()
    process = await start(*arguments, cwd=cwd, env=env)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = (await process.stdout.readline()).decode()
        if not line:
            raise AssertionError((await ended(process)).err)
        yield Running(process, line, time.monotonic() - begun)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
