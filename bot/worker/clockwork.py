"""What the clock brings about: leases and deadlines that end, looks for outcomes, and forgetting what is too old."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.desk.check_status import check_status
from bot.desk.desk import Desk
from bot.desk.sweep import sweep
from bot.domain.changes import Change
from bot.domain.clock import Clock
from bot.domain.errors import UpgradeDeskError

_CHECKS: Final = 10
_SOONEST: Final = timedelta(seconds=15)
_LATEST: Final = timedelta(minutes=15)
_PRUNE_SECONDS: Final = 3600.0


def next_look(change: Change, *, clock: Clock) -> timedelta:
    """The pause before the next look: a quarter of its age, between 15 s and 15 min, so that it grows by itself."""
    return min(max((clock.now() - change.changed_at) / 4, _SOONEST), _LATEST)


@dataclass(slots=True, kw_only=True)
class Clockwork:
    """The clock loop's step."""

    desk: Desk
    _pruned_at: float = field(default=float("-inf"))

    async def step(self) -> bool:
        """One round; never asks for another at once."""
        swept = await sweep(self.desk)
        if swept.unknown or swept.given_back or swept.expired:
            structlog.get_logger(__name__).info(
                "swept", count=swept.unknown + swept.given_back + swept.expired, pending=swept.unknown
            )
            self.desk.wake()
        await self._look()
        await self._forget()
        return False

    async def _look(self) -> None:
        async with self.desk.database.read() as tx:
            due = await tx.changes.to_check(_CHECKS)
        for change in due:
            settled = False
            try:
                settled = (await check_status(self.desk, change_id=change.id)).settled
            except UpgradeDeskError as error:
                structlog.get_logger(__name__).warning("look_failed", change_id=change.id, exc_info=error)
            if settled:
                self.desk.wake()
                continue
            now = self.desk.clock.now()
            async with self.desk.database.write() as tx:
                await tx.changes.touch(change.id, due_at=now + next_look(change, clock=self.desk.clock), checked_at=now)

    async def _forget(self) -> None:
        now = self.desk.clock.monotonic()
        if now - self._pruned_at < _PRUNE_SECONDS:
            return
        self._pruned_at = now
        before = self.desk.clock.now() - self.desk.config.handle_keep
        async with self.desk.database.write() as tx:
            await tx.handles.prune(before=before)
            await tx.drafts.prune(before=before)
            await tx.deliveries.prune(before=before)
