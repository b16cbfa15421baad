import asyncio

import structlog

from bot.domain.clock import ShiftedClock
from bot.worker.loops import Loop
from tests.support.counting_ids import CountingIds


def loop_of(step: object, *, idle: float = 60.0) -> Loop:
    return Loop(name="test", step=step, idle=idle, clock=ShiftedClock(), ids=CountingIds())  # type: ignore[arg-type]


async def test_an_idle_loop_looks_at_once_when_it_is_woken() -> None:
    looked = asyncio.Event()
    counts: list[int] = []

    async def step() -> bool:
        counts.append(1)
        looked.set()
        return False

    loop = loop_of(step)
    assert not loop.alive
    task = asyncio.create_task(loop.run())
    await looked.wait()
    looked.clear()
    loop.wake()
    async with asyncio.timeout(1):
        await looked.wait()
    assert loop.alive
    loop.stop()
    async with asyncio.timeout(1):
        await task
    assert len(counts) == 2


async def test_a_wake_during_a_step_is_not_lost() -> None:
    counts: list[int] = []
    loop: Loop

    async def step() -> bool:
        counts.append(1)
        if len(counts) == 1:
            loop.wake()
        else:
            loop.stop()
        return False

    loop = loop_of(step)
    async with asyncio.timeout(1):
        await loop.run()
    assert len(counts) == 2


async def test_a_step_that_fails_is_logged_with_a_reference_and_tried_again() -> None:
    counts: list[int] = []
    loop: Loop

    async def step() -> bool:
        counts.append(1)
        if len(counts) == 1:
            loop.wake()
            raise RuntimeError("broke")
        loop.stop()
        return False

    loop = loop_of(step)
    with structlog.testing.capture_logs() as lines:
        async with asyncio.timeout(3):
            await loop.run()
    assert [line["event"] for line in lines] == ["loop_failed"]
    assert lines[0]["reference"]
    assert len(counts) == 2
