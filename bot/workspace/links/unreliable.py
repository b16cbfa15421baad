"""A way to the app on which deliveries may come twice, late, or without their acknowledgement coming back."""

import asyncio
import dataclasses
from typing import Final

from bot.workspace.faults import DeliveryKind, Faults
from bot.workspace.links.link import TIMEOUT, Answer, Link, Parcel
from bot.workspace.tasks import Tasks

HELD_SECONDS: Final = 2.0
"""How long a delivery that is to be overtaken waits for one that overtakes it."""


class UnreliableLink:
    """Any link, with the armed faults carried out on it."""

    def __init__(self, link: Link, *, faults: Faults, tasks: Tasks) -> None:
        self._link, self._faults, self._tasks = link, faults, tasks
        self._passed = asyncio.Event()

    @property
    def connected(self) -> bool:
        """As the link's own."""
        return self._link.connected

    async def start(self) -> None:
        """As the link's own."""
        await self._link.start()

    async def deliver(self, parcel: Parcel) -> Answer:
        """Hand this over, as well as it goes."""
        match self._faults.take_delivery(parcels=parcel.kind):
            case DeliveryKind.TWICE:
                answer = await self._link.deliver(parcel)
                self._tasks.spawn(self._once_more(parcel))
            case DeliveryKind.AT_ONCE:
                answer, _ = await asyncio.gather(self._link.deliver(parcel), self._link.deliver(parcel))
            case DeliveryKind.UNANSWERED:
                await self._link.deliver(parcel)
                return Answer(error=TIMEOUT, reason="timeout")
            case DeliveryKind.OVERTAKEN:
                passed = self._passed
                try:
                    async with asyncio.timeout(HELD_SECONDS):
                        await passed.wait()
                except TimeoutError:
                    pass
                return await self._link.deliver(parcel)
            case None:
                answer = await self._link.deliver(parcel)
        passed, self._passed = self._passed, asyncio.Event()
        passed.set()
        return answer

    async def _once_more(self, parcel: Parcel) -> None:
        retried = parcel.kind == "events_api"
        again = dataclasses.replace(parcel, attempt=parcel.attempt + 1, reason="timeout") if retried else parcel
        await self._link.deliver(again)

    async def aclose(self) -> None:
        """As the link's own."""
        await self._link.aclose()
