"""The outbox: what has a turn is claimed, drawn from the rows as they are when it is sent, and sent once."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.desk.desk import Desk
from bot.worker.claiming import Claiming, Parcel
from bot.worker.drawing import Drawing
from bot.worker.mailer import Mailer
from bot.worker.pacing import Pacing
from bot.worker.sending import Sending
from bot.worker.settling import Settling
from bot.worker.under_way import UnderWay
from storage.outgoing_records import Waiting

LEASE: Final = timedelta(seconds=120)
_FOR_THE_CALL: Final = 30.0
"""Seconds of a lease that a call to Slack may take: none is begun later."""

MOST_UNDER_WAY: Final = 40
_BATCH: Final = 10
IDLE_SECONDS: Final = 1.0


@dataclass(slots=True, kw_only=True)
class Outbox:
    """The outbox loop's step and the sendings that are under way. `owner` names this worker in leases."""

    desk: Desk
    mailer: Mailer
    drawing: Drawing
    owner: str
    pacing: Pacing
    _sending: UnderWay = field(default_factory=lambda: UnderWay(most=MOST_UNDER_WAY))
    _queues: Counter[Waiting] = field(default_factory=Counter)
    _again_in: float | None = None

    @property
    def idle(self) -> float:
        """Seconds to wait after a step that found nothing: until the next turn, a second at most."""
        return IDLE_SECONDS if self._again_in is None else min(self._again_in, IDLE_SECONDS)

    async def step(self) -> bool:
        """Claim what has a turn and begin to send it; queues do not wait for each other."""
        self._again_in = None
        if not self._sending.room:
            await self._sending.some_room()
            return True
        until = self.desk.clock.monotonic() + LEASE.total_seconds() - _FOR_THE_CALL
        claiming = Claiming(desk=self.desk, pacing=self.pacing, owner=self.owner, lease=LEASE)
        claimed = await claiming.claim(self._queues, room=min(self._sending.room, _BATCH))
        self._again_in = claimed.again_in
        for parcel in claimed.parcels:
            self._queues[parcel.waiting] += 1
            self._sending.begin(self._deliver(parcel, until), name=f"send {parcel.items[0].id}")
        return bool(claimed.parcels)

    async def drain(self, *, seconds: float) -> int:
        """Finish what is under way; the rest is sent by the next worker after its lease."""
        return await self._sending.drain(seconds=seconds)

    async def _deliver(self, parcel: Parcel, until: float) -> None:
        settling = Settling(desk=self.desk, mailer=self.mailer, pacing=self.pacing)
        sending = Sending(desk=self.desk, mailer=self.mailer, drawing=self.drawing, settling=settling)
        try:
            try:
                await sending.send(parcel, until)
            except Exception as error:  # noqa: BLE001 - the item stays, with a time to try again
                await settling.failed(parcel, error)
            else:
                await settling.mended(parcel.items[0])
        except Exception as second:  # noqa: BLE001 - its lease ends and it is claimed again
            settling.log("outbox_record_failed", parcel.items[0], second)
        finally:
            self._queues[parcel.waiting] -= 1
            # A step waits for its card, a card may have been asked for again while it was sent.
            self.desk.wake()
