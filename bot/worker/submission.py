"""Claims changes that are due and lets the desk submit them, several at once, one per customer (by the database)."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.desk.submit import submit
from bot.domain.changes import Change
from bot.domain.errors import ServiceTrouble
from bot.eligibility.breaker import Health

SIDE_BY_SIDE: Final = 4


@dataclass(slots=True, kw_only=True)
class Submission:
    """The submission loop's step and the sendings that are under way. `owner` names this worker in leases."""

    desk: Desk
    owner: str
    side_by_side: int = SIDE_BY_SIDE
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def busy(self) -> int:
        """How many sendings are under way."""
        return len(self._under_way)

    async def step(self) -> bool:
        """Claim one change and begin with it. True: look for another at once."""
        if len(self._under_way) >= self.side_by_side:
            await asyncio.wait(self._under_way, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            return True
        if not await self._answers():
            return False  # what is due waits as it is: claimed, it would only be given back
        # A name of its own for each claim: a task that slept through its lease is not mistaken for the change's next.
        owner = f"{self.owner}:{self.desk.ids.opaque()}"
        async with self.desk.database.write() as tx:
            change = await tx.changes.claim_due(owner=owner, lease=self.desk.config.lease)
        if change is None:
            return False
        task = asyncio.create_task(self._submit(owner, change), name=f"submit {change.id}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return True

    async def _answers(self) -> bool:
        """Whether the service may be asked. After a rest it is asked something small first, on nobody's account."""
        if self.desk.service.breaker.health is Health.PROBING:
            try:
                await self.desk.service.probe()
            except ServiceTrouble:
                return False
        return self.desk.service.breaker.health is Health.ANSWERING

    async def drain(self, *, seconds: float) -> int:
        """Let what is under way come to its end; what does not is left to its lease, which makes it unknown."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        late = tuple(self._under_way)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _submit(self, owner: str, change: Change) -> None:
        try:
            await submit(self.desk, owner=owner, change=change)
        except Exception as error:  # noqa: BLE001 - its lease ends, and the sweep finds out how far it came
            structlog.get_logger(__name__).error(
                "submission_failed", change_id=change.id, reference=self.desk.ids.reference(), exc_info=error
            )
        finally:
            self.desk.wake()
