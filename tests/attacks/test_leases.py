"""One worker that claims the same change twice: what slept through its first lease may not use the second one's."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.desk.sweep import sweep
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from bot.worker.submission import Submission
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import OWNER, DeskKit


async def test_a_sending_that_slept_through_its_lease_does_not_undo_its_own_workers_next_claim(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """The same worker, two tasks: the first one's lease is over, the second one's holds."""
    change = await requested(kit, heidi, CONTOSO)
    woken, looked = asyncio.Event(), asyncio.Event()
    real = kit.desk.service

    class Sleepy:
        """The second looks of the first task end when the test says so; those of later ones never do."""

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        async def customer(self, *args: Any, **named: Any) -> Any:
            if not looked.is_set():
                looked.set()
                await woken.wait()
                return await real.customer(*args, **named)
            return await asyncio.Event().wait()

    desk = kit.desk
    object.__setattr__(desk, "service", Sleepy())
    worker = Submission(desk=desk, owner=OWNER)
    try:
        assert await worker.step()
        await looked.wait()
        clock.advance(desk.config.lease + timedelta(seconds=1))
        assert (await sweep(desk)).given_back == 1
        clock.advance(timedelta(minutes=1))
        assert await worker.step()
        second = await current(kit, change)
        assert second.state is ChangeState.SUBMITTING
        woken.set()
        while worker.busy > 1:  # noqa: ASYNC110 - tasks have no event for it
            await asyncio.sleep(0.01)
        assert await current(kit, change) == second
    finally:
        await worker.drain(seconds=0)
    assert await kit.service.orders() == 0
