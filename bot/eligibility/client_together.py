"""Several waits side by side, bounded; the first trouble stands for all."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def side_by_side(asked: Sequence[Coroutine[Any, Any, T]], *, most: int) -> list[T]:
    """The results in order, at most `most` at a time. The first error ends the others and is raised as itself."""
    gate = asyncio.Semaphore(most)

    async def one(each: Coroutine[Any, Any, T]) -> T:
        async with gate:
            return await each

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(each)) for each in asked]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    finally:
        for each in asked:
            each.close()
    return [each.result() for each in tasks]
