"""Many readers of holdings share a statement: who comes while one runs waits for the next, and goes together.

A statement costs SQLite's driver several changes of thread, whatever it fetches. Nothing is kept: each answer was read
by a statement that began after it was asked for (docs/decisions/0024).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from storage.book.records import HoldingRecord

MOST: Final = 64
"""Customers of one statement."""

AT_ONCE: Final = 2
"""Statements under way at once: a long one (a customer of 400 subscriptions) does not hold up everybody."""

Fetch = Callable[[Sequence[str]], Awaitable[dict[str, HoldingRecord]]]


class Holdings:
    """Reads holdings by customer id. `fetch` reads many in one statement."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._waiting: list[tuple[str, asyncio.Future[_Word]]] = []
        self._under_way = 0

    async def get(self, customer_id: str) -> HoldingRecord | None:
        """The customer with all its subscriptions; None for an unknown one. Raises what the statement raised."""
        loop = asyncio.get_running_loop()
        while True:
            word: _Word = _LEAD
            if self._under_way >= AT_ONCE:
                mine: asyncio.Future[_Word] = loop.create_future()
                self._waiting.append((customer_id, mine))
                word = await self._told(mine)
            else:
                self._under_way += 1
            if word is _LEAD:
                return await self._lead(customer_id)
            if word is not _AGAIN:
                return word  # type: ignore[return-value] # the two signals are handled above

    async def _told(self, mine: "asyncio.Future[_Word]") -> "_Word":
        try:
            return await mine
        except asyncio.CancelledError:
            # Called to lead and cancelled at once: somebody else must.
            if mine.done() and not mine.cancelled() and mine.exception() is None and mine.result() is _LEAD:
                self._hand_on()
            raise

    async def _lead(self, customer_id: str) -> HoldingRecord | None:
        """Read for everybody who waits now, then call the next one to lead."""
        crew, self._waiting = self._waiting[: MOST - 1], self._waiting[MOST - 1 :]
        try:
            found = await self._fetch(list({customer_id, *(each for each, _ in crew)}))
        except Exception as error:
            _tell(crew, error=error)
            raise
        except BaseException:
            # Only the leader was cancelled; the others ask again.
            _tell(crew, word=_AGAIN)
            raise
        finally:
            self._hand_on()
        for each, waiting in crew:
            if not waiting.done():
                waiting.set_result(found.get(each))
        return found.get(customer_id)

    def _hand_on(self) -> None:
        while self._waiting:
            _, waiting = self._waiting.pop(0)
            if not waiting.done():
                waiting.set_result(_LEAD)
                return
        self._under_way -= 1


class _Signal:
    """What a waiting reader may be told instead of an answer."""


_LEAD: Final = _Signal()
_AGAIN: Final = _Signal()
_Word = HoldingRecord | None | _Signal


def _tell(
    crew: list[tuple[str, "asyncio.Future[_Word]"]], *, word: _Signal | None = None, error: Exception | None = None
) -> None:
    for _, waiting in crew:
        if waiting.done():
            continue
        if error is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(word)
