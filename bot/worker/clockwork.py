"""What the clock brings about: leases and deadlines that end, looks for outcomes, and forgetting what is too old."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.desk.after.by_clock import forget_names, remind_of_lists
from bot.desk.check_status import check_status
from bot.desk.cut_trail import cut_trail
from bot.desk.desk import Desk
from bot.desk.redraw import redraw_card
from bot.desk.remind import remind
from bot.desk.sweep import prune, sweep
from bot.domain.changes import Change
from bot.domain.errors import UpgradeDeskError
from bot.eligibility.breaker import Health

_CHECKS: Final = 10
_AFTER_TROUBLE: Final = timedelta(minutes=1)
_PRUNE_SECONDS: Final = 3600.0


@dataclass(slots=True, kw_only=True)
class Clockwork:
    """The clock loop's step."""

    desk: Desk
    _pruned_at: float = field(default=float("-inf"))

    async def step(self) -> bool:
        """One round. True: there was more than fits in one."""
        swept = await sweep(self.desk)
        done = swept.unknown + swept.given_back + swept.expired
        if done:
            structlog.get_logger(__name__).info("swept", count=done, pending=swept.unknown)
            self.desk.wake()
        await remind(self.desk)
        await remind_of_lists(self.desk)
        if gone := await forget_names(self.desk):
            structlog.get_logger(__name__).info("names_deleted", count=gone)
        looked = await self._look()
        await self._forget()
        return bool(done) or looked == _CHECKS

    async def _look(self) -> int:
        async with self.desk.database.read() as tx:
            due = await tx.changes.to_check(_CHECKS)
        for looked, change in enumerate(due):
            if self.desk.service.breaker.health is Health.RESTING:
                return looked  # what nobody looked at stays due
            try:
                checked = await check_status(self.desk, change_id=change.id)
                if checked.settled:
                    self.desk.wake()
                else:
                    # The card says when it was looked last, and from when on it may be settled by hand.
                    await redraw_card(self.desk, change=checked.change)
            except UpgradeDeskError as error:
                await self._later(change, error)
        return len(due)

    async def _later(self, change: Change, error: UpgradeDeskError) -> None:
        structlog.get_logger(__name__).warning("look_failed", change_id=change.id, exc_info=error)
        async with self.desk.database.write() as tx:
            await tx.changes.touch(change.id, due_at=tx.now + _AFTER_TROUBLE, checked_at=tx.now)

    async def _forget(self) -> None:
        now = self.desk.clock.monotonic()
        if now - self._pruned_at < _PRUNE_SECONDS:
            return
        while await prune(self.desk):
            continue
        async with self.desk.database.write() as tx:
            await tx.deliveries.prune(before=tx.now - self.desk.config.handle_keep)
        if cut := await cut_trail(self.desk):
            structlog.get_logger(__name__).info("trail_cut", count=cut)
        self._pruned_at = now
