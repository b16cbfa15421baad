"""A loop that is woken or polls, survives its errors, and says whether it is alive."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import Ids

Step = Callable[[], Awaitable[bool]]
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
# A step may take long (a sender waits for its lease); beyond this it hangs.
STUCK_SECONDS: Final = 180.0


@dataclass(slots=True, kw_only=True)
class Loop:
    """Runs `step` again and again: at once while it returns True, else after `idle` seconds or when woken."""

    name: str
    step: Step
    idle: float | Callable[[], float]
    clock: Clock
    ids: Ids
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _beat: float | None = None

    def wake(self) -> None:
        """Look again now. Never blocks, never raises; of many calls one is enough."""
        self._woken.set()

    def stop(self) -> None:
        """Take nothing new; `run` returns after the step that is under way."""
        self._stopping = True
        self._woken.set()

    @property
    def alive(self) -> bool:
        """Whether it ran not long ago. Before its first step it is not."""
        return self._beat is not None and self.clock.monotonic() - self._beat < STUCK_SECONDS

    async def run(self) -> None:
        """Run until stopped. An error of a step is logged with a reference, and the loop goes on after a pause."""
        pause = FIRST_PAUSE
        while not self._stopping:
            self._beat = self.clock.monotonic()
            self._woken.clear()
            try:
                more = await self.step()
            except Exception as error:  # noqa: BLE001 - one bad step must not end what everybody waits for
                structlog.get_logger(__name__).error(
                    "loop_failed", name=self.name, reference=self.ids.reference(), seconds=pause, exc_info=error
                )
                await self._wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            if not more:
                await self._wait(self.idle if isinstance(self.idle, int | float) else self.idle())

    async def _wait(self, seconds: float) -> None:
        if self._stopping:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
