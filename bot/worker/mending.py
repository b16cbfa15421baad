"""Asks for all that wait whether what kept messages back is over: a closed channel, a revoked token, no Slack.

One item per trouble is tried every few seconds. When it goes out, the outbox lets all the others go at once
(`OutboxTrouble.mended`), in their order; until then they make no calls, however many they are.
"""

from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.worker.troubles import mends_itself

EVERY_SECONDS: Final = 15.0


@dataclass(slots=True, kw_only=True)
class Mending:
    """The step of the loop that asks."""

    desk: Desk
    _asked_at: float = field(default=float("-inf"))

    async def step(self) -> bool:
        """Let one item of each trouble be tried. Never True: being woken changes nothing about how often."""
        now = self.desk.clock.monotonic()
        if now - self._asked_at < EVERY_SECONDS:
            return False
        self._asked_at = now
        async with self.desk.database.read() as tx:
            standing = [each for each in await tx.outbox_trouble.standing() if mends_itself(each.code)]
        if not standing:
            return False
        async with self.desk.database.write() as tx:
            asked = [each for each in standing if await tx.outbox_trouble.ask_again(each)]
        for each in asked:
            structlog.get_logger(__name__).info("outbox_asks_again", code=each.code, count=each.waiting)
        if asked:
            self.desk.wake()
        return False
