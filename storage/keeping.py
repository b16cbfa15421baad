"""Handles that come together are written together (docs/decisions/0046).

Every command writes the handles of its buttons, and there is one writer. Who comes while a transaction runs waits for
the next one, and goes with everybody else who waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from storage.errors import StorageUnavailable
from storage.records import Handle

MOST: Final = 64
"""Answers whose handles go into one transaction."""

Write = Callable[[Sequence[Handle]], Awaitable[None]]
_Waiting = tuple[Sequence[Handle], "asyncio.Future[None]"]


class Keeper:
    """Keeps handles. `write` writes some in a transaction of their own; one runs at a time."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def keep(self, made: Sequence[Handle]) -> None:
        """Returns when they are committed. Raises what the transaction raised: then none of these is kept.

        Whoever is cancelled meanwhile does not know whether they were kept; nobody else is affected.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((made, kept))
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="keep_handles")
        await kept

    async def close(self) -> None:
        """Write what waits, and end."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        try:
            while self._waiting:
                crew, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._together(crew)
        finally:
            self._task = None
            for _, kept in self._waiting:  # only where the loop ends: everybody who waits is told
                kept.cancel()
            self._waiting = []

    async def _together(self, crew: Sequence[_Waiting]) -> None:
        try:
            await self._write([handle for made, _ in crew for handle in made])
        except StorageUnavailable as error:
            _tell(crew, error)
        except Exception as error:  # noqa: BLE001 - everybody who waits is told
            if len(crew) == 1:
                _tell(crew, error)
                return
            # Something is wrong with one of them; the others are not to suffer for it.
            for each in crew:
                await self._together([each])
        except BaseException:
            for _, kept in crew:
                kept.cancel()
            raise
        else:
            _tell(crew, None)


def _tell(crew: Sequence[_Waiting], error: Exception | None) -> None:
    for _, kept in crew:
        if kept.done():
            continue
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)
