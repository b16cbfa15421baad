"""Claims changes that are due and lets the desk submit them, several at once, one per customer (by the database)."""

from dataclasses import InitVar, dataclass, field
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.desk.submit import submit
from bot.domain.changes import Change
from bot.domain.errors import ServiceTrouble
from bot.eligibility.breaker import Health
from bot.worker.under_way import UnderWay

SIDE_BY_SIDE: Final = 4


@dataclass(slots=True, kw_only=True)
class Submission:
    """The submission loop's step and the sendings that are under way. `owner` names this worker in leases."""

    desk: Desk
    owner: str
    side_by_side: InitVar[int] = SIDE_BY_SIDE
    _under_way: UnderWay = field(init=False)

    def __post_init__(self, side_by_side: int) -> None:
        self._under_way = UnderWay(most=side_by_side)

    @property
    def busy(self) -> int:
        """How many sendings are under way."""
        return self._under_way.busy

    async def step(self) -> bool:
        """Claim one change and begin with it. True: look for another at once."""
        if not self._under_way.room:
            await self._under_way.some_room()
            return True
        if not await self._answers():
            return False  # what is due waits as it is: claimed, it would only be given back
        async with self.desk.database.look() as tx:
            if not await tx.changes.any_due():
                return False
        # A name of its own for each claim: a task that slept through its lease is not mistaken for the change's next.
        owner = f"{self.owner}:{self.desk.ids.opaque()}"
        async with self.desk.database.write() as tx:
            change = await tx.changes.claim_due(owner=owner, lease=self.desk.config.lease)
        if change is None:
            return False
        self._under_way.begin(self._submit(owner, change), name=f"submit {change.id}")
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
        return await self._under_way.drain(seconds=seconds)

    async def _submit(self, owner: str, change: Change) -> None:
        try:
            await submit(self.desk, owner=owner, change=change)
        except Exception as error:  # noqa: BLE001 - its lease ends, and the sweep finds out how far it came
            structlog.get_logger(__name__).error(
                "submission_failed", change_id=change.id, reference=self.desk.ids.reference(), exc_info=error
            )
        finally:
            self.desk.wake()
