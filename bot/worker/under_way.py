"""Tasks that a loop's step begins and does not wait for, and that a stop waits for."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

_LOOK_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class UnderWay:
    """At most `most` at once. A task sees to its own errors."""

    most: int
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def busy(self) -> int:
        """How many are under way."""
        return len(self._tasks)

    @property
    def room(self) -> int:
        """How many more may be begun."""
        return max(self.most - len(self._tasks), 0)

    def begin(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Let it run."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def some_room(self) -> None:
        """Wait until one has ended, for a second at most."""
        await asyncio.wait(self._tasks, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def drain(self, *, seconds: float) -> int:
        """Let them come to their end for so long, and cancel the others; how many those were."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        late = tuple(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)
