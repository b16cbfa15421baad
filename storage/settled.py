"""Waiting for something to end even if the task is cancelled meanwhile.

A statement that is cancelled in the middle on SQLite leaves a closed connection that still holds the write lock until
the garbage collector comes by (its cursor keeps it alive): tried. A commit cut in half is worse on any engine.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def settled(awaitable: Awaitable[T]) -> T:
    """The result of `awaitable`, run to its end in any case; a cancellation that came meanwhile is raised then."""
    task = asyncio.ensure_future(awaitable)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                continue
        if not task.cancelled():
            task.exception()  # seen: the cancellation is what counts
        raise
