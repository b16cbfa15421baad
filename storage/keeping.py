"""Handles that come together are written together (docs/decisions/0046).

Every command writes the handles of its buttons, and there is one writer. Who comes while a transaction runs waits for
the next one, and goes with everybody else who waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from storage.errors import StorageUnavailable
from storage.records import Handle, Switch

MOST: Final = 64
"""Answers whose handles go into one transaction."""

Write = Callable[[Sequence[Handle]], Awaitable[Switch | None]]
_Waiting = tuple[Sequence[Handle], "asyncio.Future[Switch | None]"]


class Keeper:
    """Keeps handles. `write` writes some in a transaction, one at a time, and reads the stop switch in it."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def keep(self, made: Sequence[Handle]) -> Switch | None:
        """Returns when they are committed. Raises what the transaction raised: then none of these is kept.

        Whoever is cancelled meanwhile does not know whether they were kept; nobody else is affected.
        """
        kept: asyncio.Future[Switch | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((made, kept))
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="keep_handles")
        return await kept

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
            stopped = await self._write([handle for made, _ in crew for handle in made])
        except StorageUnavailable as error:
            _fail(crew, error)
        except Exception as error:  # noqa: BLE001 - everybody who waits is told
            if len(crew) == 1:
                _fail(crew, error)
                return
            # Something is wrong with one of them; the others are not to suffer for it.
            for each in crew:
                await self._together([each])
        except BaseException:
            for _, kept in crew:
                kept.cancel()
            raise
        else:
            for _, kept in crew:
                if not kept.done():
                    kept.set_result(stopped)


def _fail(crew: Sequence[_Waiting], error: Exception) -> None:
    for _, kept in crew:
        if not kept.done():
            kept.set_exception(error)
