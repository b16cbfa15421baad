"""Nothing asks the network while it holds a database connection (design.md: the database never waits for it)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
from sqlalchemy import event
from sqlalchemy.pool import Pool

_NOWHERE: Final = "nowhere"


class HeldAcrossACall(AssertionError):
    """A request begins in a task that holds a connection."""


@contextmanager
def no_connection_across_a_call() -> Iterator[list[str]]:
    """Refuse every outgoing request of a task that holds a connection of any pool; also yields what was refused.

    The list is for what swallows errors: a test asserts that it stayed empty.
    """
    holders: dict[int, str] = {}
    refused: list[str] = []

    def task() -> str:
        try:
            current = asyncio.current_task()
        except RuntimeError:  # no loop: a tool's own thread
            current = None
        return _NOWHERE if current is None else f"{id(current)} {current.get_name()}"

    def taken(_connection: Any, record: Any, _proxy: Any) -> None:
        holders[id(record)] = task()

    def given_back(_connection: Any, record: Any) -> None:
        holders.pop(id(record), None)

    asked = aiohttp.ClientSession._request  # noqa: SLF001 - every way of asking goes through it

    async def watched(session: aiohttp.ClientSession, method: str, url: Any, **options: Any) -> aiohttp.ClientResponse:
        here = task()
        if here != _NOWHERE and here in holders.values():
            refused.append(f"{method} {url}")
            raise HeldAcrossACall(refused[-1])
        return await asked(session, method, url, **options)

    event.listen(Pool, "checkout", taken)
    event.listen(Pool, "checkin", given_back)
    aiohttp.ClientSession._request = watched  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield refused
    finally:
        aiohttp.ClientSession._request = asked  # type: ignore[method-assign]  # noqa: SLF001
        event.remove(Pool, "checkout", taken)
        event.remove(Pool, "checkin", given_back)
