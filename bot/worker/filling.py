"""The loop that fills the directory of customers and keeps it fresh."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.desk.directory_fill import fill_directory
from bot.domain.errors import ServiceTrouble

IDLE_SECONDS: Final = 5.0
TROUBLE_SECONDS: Final = 30.0


@dataclass(slots=True, kw_only=True)
class Filling:
    """One turn a step. `owner` is this worker's name in leases."""

    desk: Desk
    owner: str
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _rest_until: float = float("-inf")

    def stop(self) -> None:
        """End the turn that is under way after the page that it reads; what it read is kept."""
        self._stop.set()

    async def step(self) -> bool:
        """One turn. True: there is more to read at once. A service that gives no answer is asked again later."""
        if self._stop.is_set() or self.desk.clock.monotonic() < self._rest_until:
            return False
        try:
            return await fill_directory(self.desk, owner=self.owner, stop=self._stop)
        except ServiceTrouble as error:
            # Alone with it, this loop would else open the breaker for everybody.
            self._rest_until = self.desk.clock.monotonic() + TROUBLE_SECONDS
            structlog.get_logger(__name__).warning("directory_service_trouble", exc_info=error)
            return False
