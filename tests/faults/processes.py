"""Processes of the product: loaded ahead, told what to be, struck down, stopped, continued."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

from tests.faults.points import Action, Point
from tests.support.workspace_person import wait_for

ROOT: Final = Path(__file__).parents[2]
_PATIENCE: Final = 30.0
_LINES: Final = 25
_LONGEST_STOP: Final = 25.0


class Child:
    """One process. It owns nothing that outlives it but its log."""

    def __init__(self, *, environment: Mapping[str, str], folder: Path, number: int) -> None:
        self.log = folder / f"child-{number}.log"
        self.armed = folder / f"child-{number}.armed"
        self._folder = folder
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.child"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=folder,
                env={**environment, "PYTHONPATH": str(ROOT)},
            )

    def begin(self, *command: str, point: Point | None = None, action: Action = Action.KILL) -> "Child":
        """Be `upgrade-desk COMMAND` from now on, with this fault in wait."""
        line = {
            "command": command,
            "clock": str(self._folder / "clock"),
            "armed": str(self.armed),
            "point": None if point is None else point.name,
            "action": action.value,
        }
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(json.dumps(line).encode() + b"\n")
        stdin.close()
        return self

    def arm(self) -> None:
        """From now on the fault strikes."""
        self.armed.touch()

    @property
    def pid(self) -> int:
        """Its number, which stands in the leases that it takes."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def stopped(self) -> bool:
        """Whether SIGSTOP holds it."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        return False

    async def struck(self, action: Action) -> None:
        """Wait until the fault struck."""

        async def look() -> bool:
            if action is Action.STOP:
                assert self.alive, self.tail()
                return self.stopped
            return not self.alive

        await wait_for(look, within=_PATIENCE, wanted=f"{action} to strike; {self.log}")
        if action is Action.KILL:
            assert self._process.returncode == -signal.SIGKILL, self.tail()

    def strike(self) -> None:
        """Tell it to strike while it waits for the service's answer."""
        self.armed.with_suffix(".now").touch()

    def go_on(self) -> None:
        """SIGCONT."""
        self.send(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        os.kill(self._process.pid, number)

    async def ended(self, *, within: float = _PATIENCE) -> tuple[int, float]:
        """The exit code, and after how many seconds it was there."""
        began = time.monotonic()
        code = await asyncio.to_thread(self._process.wait, within)
        return code, time.monotonic() - began

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        self.send(signal.SIGTERM)

    async def terminate(self) -> tuple[int, float]:
        """SIGTERM once it is up; the exit code and how long it took."""

        async def up() -> bool:
            return self.armed.with_suffix(".up").exists() or not self.alive

        await wait_for(up, within=_PATIENCE, wanted="the process to be up")
        if self.alive:
            self.send(signal.SIGTERM)
        return await self.ended()

    def kill(self) -> None:
        """Make sure that it is gone."""
        if self.alive:
            self._process.kill()
        self._process.wait()
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()

    def tail(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES:])


class Children:
    """All processes of a world; one is always loaded ahead."""

    def __init__(self, *, environment: Mapping[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self._made: list[Child] = []
        self._spare: Child | None = None

    def start(self, *command: str, point: Point | None = None, action: Action = Action.KILL) -> Child:
        """A process that is this command."""
        child = self._spare or self._make()
        self._spare = self._make()
        return child.begin(*command, point=point, action=action)

    def _make(self) -> Child:
        child = Child(environment=self._environment, folder=self._folder, number=len(self._made))
        self._made.append(child)
        return child

    def close(self) -> None:
        """End all."""
        for child in self._made:
            child.kill()


def command(process: str) -> tuple[str, ...]:
    """The command line of `serve` or `worker`."""
    return (process, "--port", "0") if process == "serve" else (process,)


async def ended_well(child: Child) -> None:
    """SIGTERM: it ends with 0 within 25 seconds."""
    code, seconds = await child.terminate()
    assert code == 0, f"exit {code}\n{child.tail()}"
    assert seconds < _LONGEST_STOP, seconds


@contextlib.asynccontextmanager
async def children(*, environment: Mapping[str, str], folder: Path) -> AsyncIterator[Children]:
    """Processes that are all ended with the context."""
    made = Children(environment=environment, folder=folder)
    try:
        yield made
    finally:
        made.close()
