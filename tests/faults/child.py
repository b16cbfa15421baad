"""A process of the product as `upgrade-desk` starts it, which strikes itself down at a point that it is told.

The code of the product is loaded first and waits; one line on standard input then says what to do, as JSON:
`{"command": ["worker"], "clock": FILE, "armed": FILE, "point": NAME or null, "action": "kill" | "stop"}`. The fault is
put around the product's own function, once, and strikes when the file `armed` is there. The clock is shared, and
channels take messages as they come; nothing else differs from the command.
"""

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap import application
from bot.bootstrap.tuning import Tuning
from bot.cli import main, serve
from bot.eligibility.client import EligibilityClient
from bot.worker import submission
from storage.database import Database
from tests.faults.points import Action, Point, named
from tests.faults.shared_clock import SharedClock

_WATCH_SECONDS = 0.02


class Fault:
    """The fault of this process. It strikes once."""

    def __init__(self, point: Point, action: Action, armed: Path) -> None:
        self._point, self._action, self._armed = point, action, armed
        self._struck = False
        self._busy = 0

    def install(self) -> None:
        """Put it around the function that the point names.

        What else the process does then must not decide: stopped in a transaction, it would keep SQLite's lock, and
        killed at a message, it might have an order under way.
        """
        Database.write = self._counted(Database.write)
        if self._point.kind is not None and not self._point.inside:
            submission.submit = self._counted_call(submission.submit)
        if self._point.target is None:
            EligibilityClient.upgrade = self._until_told(EligibilityClient.upgrade)
            return
        module, _, path = self._point.target.partition(":")
        *owners, name = path.split(".")
        owner: Any = importlib.import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        setattr(owner, name, self._around(getattr(owner, name)))

    def _counted(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @contextlib.asynccontextmanager
        async def write(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            self._busy += 1
            try:
                async with original(*args, **kwargs) as tx:
                    yield tx
            finally:
                self._busy -= 1

        return write

    def _counted_call(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def submit(*args: Any, **kwargs: Any) -> None:
            self._busy += 1
            try:
                await original(*args, **kwargs)
            finally:
                self._busy -= 1

        return submit

    def _until_told(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def watch() -> None:
            while not self._armed.with_suffix(".now").exists():  # noqa: ASYNC110 - another process makes the file
                await asyncio.sleep(_WATCH_SECONDS)
            await self._strike()

        async def upgrade(*args: Any, **kwargs: Any) -> Any:
            watching = asyncio.create_task(watch())
            try:
                return await original(*args, **kwargs)
            finally:
                watching.cancel()

        return upgrade

    def _around(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            if not self._point.after and self._meant(args, kwargs):
                await self._strike()
            result = await original(*args, **kwargs)
            if self._point.after and self._meant((*args, result), kwargs) and (result or not self._point.found):
                await self._strike()
            return result

        return wrapped

    def _meant(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        kind = self._point.kind
        return kind is None or kind in {found for each in (*args, *kwargs.values()) for found in _kinds(each)}

    async def _strike(self) -> None:
        if self._struck or not self._armed.exists():
            return
        self._struck = True
        while not self._point.inside and self._busy:  # noqa: ASYNC110 - to be struck the moment it is so
            await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGKILL if self._action is Action.KILL else signal.SIGSTOP)


def _kinds(value: Any) -> list[str]:
    """Which kinds of message an argument or result of a sender speaks about."""
    if isinstance(value, list | tuple):
        return [kind for each in value for kind in _kinds(each)]
    if isinstance(value, dict):
        kind = value.get("event_payload", value).get("kind")
        return [] if kind is None else [str(kind)]
    kind = getattr(value, "kind", None)
    return [] if kind is None else [str(getattr(kind, "value", kind))]


def mark(path: Path) -> None:
    """A file that tells the parent something by being there."""
    path.touch()


def _with_clock(clock: SharedClock, tuning: Tuning, up: Path) -> Callable[..., Any]:
    @contextlib.asynccontextmanager
    async def bootstrap(*args: Any, **kwargs: Any) -> AsyncIterator[application.Application]:
        given = {**kwargs, "clock": clock, "tuning": tuning}
        async with application.bootstrap(*args, **given) as app:
            mark(up)
            watching = asyncio.create_task(_wake_when_moved(app, clock))
            try:
                yield app
            finally:
                watching.cancel()

    return bootstrap


async def _wake_when_moved(app: application.Application, clock: SharedClock) -> None:
    """Loops wait in real time; a clock that was moved makes them look."""
    seen = timedelta(0)
    while True:
        if clock.shift != seen:
            seen = clock.shift
            app.worker.wake()
        await asyncio.sleep(_WATCH_SECONDS)


def run() -> int:
    """Wait for the line, then be that process."""
    given = json.loads(sys.stdin.readline() or "null")
    if given is None:
        return 0
    armed = Path(given["armed"])
    serve.bootstrap = _with_clock(
        SharedClock(Path(given["clock"])), Tuning(message_seconds=0.01), armed.with_suffix(".up")
    )
    if given["point"] is not None:
        Fault(named(given["point"]), Action(given["action"]), armed).install()
    return main(given["command"])


if __name__ == "__main__":
    sys.exit(run())
