"""Parts that tests put into the product: the page's controls, and a link on which deliveries are changed."""

import copy
import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.bootstrap.application import Application
from bot.domain.clock import ShiftedClock
from bot.workspace.links.link import Answer, Link, Parcel
from tests.support.service import RunningService


class Levers:
    """The page's controls, as the demo has them."""

    def __init__(self, *, clock: ShiftedClock, service: RunningService) -> None:
        self._clock, self._service = clock, service
        self.app: Application | None = None

    def advance(self, by: timedelta) -> None:
        """Move every clock, and let the worker look."""
        self._clock.advance(by)
        if self.app is not None:
            self.app.worker.wake()

    def fail_next_order(self, kind: str) -> None:
        """Arm a fault for the next order."""
        self._service.faults.arm_next_order(kind, acts=True if kind == "cut" else None)

    def kinds(self) -> Sequence[str]:
        """Those that journeys use."""
        return ("throttled", "error", "cut", "accepted", "conflict")


class Tampering:
    """A link that changes payloads on their way to the app."""

    def __init__(self, link: Link, change: Callable[[dict[str, Any]], None]) -> None:
        self._link, self._change = link, change

    @property
    def connected(self) -> bool:
        """As the link's own."""
        return self._link.connected

    async def start(self) -> None:
        """As the link's own."""
        await self._link.start()

    async def deliver(self, parcel: Parcel) -> Answer:
        """Change a copy of it, and hand that over."""
        payload = copy.deepcopy(parcel.payload)
        self._change(payload)
        return await self._link.deliver(dataclasses.replace(parcel, payload=payload))

    async def aclose(self) -> None:
        """As the link's own."""
        await self._link.aclose()
