"""The worker: seven loops over one database, woken when something became due."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.worker.clockwork import Clockwork
from bot.worker.drawing import Drawing
from bot.worker.files import Files
from bot.worker.filling import IDLE_SECONDS as FILLING_SECONDS
from bot.worker.filling import Filling
from bot.worker.gathering import Gathering
from bot.worker.loops import Loop, Step
from bot.worker.mailer import ClientFor, Mailer
from bot.worker.mending import Mending
from bot.worker.outbox import Outbox
from bot.worker.pacing import MESSAGE_SECONDS, Pacing
from bot.worker.submission import Submission

IDLE_SECONDS: Final = 1.0
CLOCK_SECONDS: Final = 5.0
DRAIN_SECONDS: Final = 15.0


class Worker:
    """Many may share one database; claims and leases keep them apart. `owner` is this one's name in leases."""

    def __init__(
        self,
        *,
        desk: Desk,
        client_for: ClientFor,
        drawing: Drawing,
        owner: str,
        drain: float = DRAIN_SECONDS,
        message_seconds: float = MESSAGE_SECONDS,
    ) -> None:
        self._drain = drain
        pacing = Pacing(
            approvals_channel=desk.config.approvals_channel,
            audit_channel=desk.config.audit_channel,
            message_seconds=message_seconds,
        )
        mailer = Mailer(client_for=client_for, clock=desk.clock)
        self._submission = Submission(desk=desk, owner=owner)
        self._outbox = outbox = Outbox(desk=desk, mailer=mailer, drawing=drawing, owner=owner, pacing=pacing)
        self._clockwork = Clockwork(desk=desk)
        self._filling = Filling(desk=desk, owner=owner)
        gathering = Gathering(desk=desk, mailer=mailer, drawing=drawing, owner=owner, pacing=pacing)
        steps: dict[str, tuple[Step, float | Callable[[], float]]] = {
            "submission": (self._submission.step, IDLE_SECONDS),
            "outbox": (outbox.step, lambda: outbox.idle),
            "clock": (self._clockwork.step, CLOCK_SECONDS),
            "refusals": (gathering.step, CLOCK_SECONDS),
            "files": (Files(desk=desk, client_for=client_for).step, CLOCK_SECONDS),
            "mending": (Mending(desk=desk).step, CLOCK_SECONDS),
            "directory": (self._filling.step, FILLING_SECONDS),
        }
        self._loops = tuple(
            Loop(name=name, step=step, idle=idle, clock=desk.clock, ids=desk.ids)
            for name, (step, idle) in steps.items()
        )

    def wake(self) -> None:
        """Look now: something became due, or the clock was moved."""
        for loop in self._loops:
            loop.wake()

    async def alive(self) -> bool:
        """Whether every loop ran not long ago."""
        return all(loop.alive for loop in self._loops)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work while the context is open; leaving it claims nothing new and finishes what was begun, for 15 s."""
        tasks = [asyncio.create_task(loop.run(), name=f"worker {loop.name}") for loop in self._loops]
        try:
            yield
        finally:
            self._filling.stop()
            for loop in self._loops:
                loop.stop()
            late = await self._finish(tasks)
            structlog.get_logger(__name__).info("worker_stopped", pending=late)

    async def _finish(self, tasks: list[asyncio.Task[None]]) -> int:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._drain
        _, stuck = await asyncio.wait(tasks, timeout=self._drain)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Loops and orders share the time: a stop has an end. What an order brought about the next worker sends.
        late = await self._submission.drain(seconds=max(until - loop.time(), 0.0))
        return late + await self._outbox.drain(seconds=self._drain / 3)
