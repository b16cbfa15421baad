"""Answers kept for a short time: a source is asked once for many waiting, and never answers older than `keep`."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.domain.clock import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True, kw_only=True)
class Kept(Generic[K, V]):
    """At most `size` answers, none older than `keep` seconds by the monotonic clock. Errors are not kept."""

    clock: Clock
    keep: float
    size: int = 10_000
    _answers: "OrderedDict[K, tuple[float, V]]" = field(default_factory=OrderedDict)
    _asking: "dict[K, asyncio.Lock]" = field(default_factory=dict)

    async def get(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        """The kept answer, or the one that `ask` gives now. Whatever `ask` raises is raised to its own caller only."""
        found = self._fresh(key)
        if found is not None:
            return found[1]
        lock = self._asking.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                found = self._fresh(key)
                if found is not None:
                    return found[1]
                began = self.clock.monotonic()
                answer = await ask()
                self._answers[key] = (began, answer)
                self._answers.move_to_end(key)
                while len(self._answers) > self.size:
                    self._answers.popitem(last=False)
                return answer
        finally:
            if not lock.locked():
                self._asking.pop(key, None)

    def _fresh(self, key: K) -> tuple[float, V] | None:
        found = self._answers.get(key)
        return found if found is not None and self.clock.monotonic() - found[0] < self.keep else None
