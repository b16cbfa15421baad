"""Slack takes one message a second in a channel, and says with 429 how long to wait (facts/slack.md, 3)."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.domain.clock import Clock

MESSAGE_SECONDS: Final = 1.0
_MOST: Final = 10_000


class _Lane:
    __slots__ = ("free_at", "turn")

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.free_at = float("-inf")


class Pacing:
    """One lane per channel and kind of call; whoever is in a lane has it alone, `every` seconds after the last."""

    def __init__(self, *, clock: Clock, every: float = MESSAGE_SECONDS) -> None:
        self._clock, self._every = clock, every
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()

    @asynccontextmanager
    async def turn(self, lane: str) -> AsyncIterator[None]:
        """Wait for this lane's turn, and hold it for the call."""
        found = self._lane(lane)
        async with found.turn:
            while (wait := found.free_at - self._clock.monotonic()) > 0:  # noqa: ASYNC110 - time passes by a clock that may be shifted
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                found.free_at = max(found.free_at, self._clock.monotonic() + self._every)

    def hold(self, lane: str, *, seconds: float) -> None:
        """Nothing in this lane for so long: Slack asked for it."""
        found = self._lane(lane)
        found.free_at = max(found.free_at, self._clock.monotonic() + seconds)

    def _lane(self, lane: str) -> _Lane:
        found = self._lanes.setdefault(lane, _Lane())
        self._lanes.move_to_end(lane)
        if len(self._lanes) > _MOST:
            oldest = next(iter(self._lanes))
            if not self._lanes[oldest].turn.locked():
                del self._lanes[oldest]
        return found
