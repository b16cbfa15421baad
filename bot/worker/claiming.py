"""Claims what can be sent now, and no more: what waits for its turn waits in the database, and order can still change.

A claim takes its turn in the same transaction, so that several workers together are as fast as one, and what is claimed
is drawn and sent at once. A queue that has no turn holds up no other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.desk.desk import Desk
from bot.worker.pacing import Pacing
from storage.database import Transaction
from storage.outgoing_records import First, Lane, Queue, Waiting
from storage.records import OutboxItem

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What goes out with one message: an item, or steps of one change. `waiting` is the queue it came from.

    `reader` is whose conversation had the turn, of a direct message.
    """

    waiting: Waiting
    items: tuple[OutboxItem, ...]
    reader: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What was claimed, and after how many seconds there is a turn for what is left; None: nothing waits for one."""

    parcels: tuple[Parcel, ...]
    again_in: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """Claims as `owner`, for `lease`."""

    desk: Desk
    pacing: Pacing
    owner: str
    lease: timedelta

    async def claim(self, under_way: Counter[Waiting], *, room: int) -> Claimed:
        """Claim at most `room` parcels, those of the earliest rank first. Without a turn the database is only read."""
        async with self.desk.database.read() as tx:
            queues = [each for each in await tx.outbox.queues() if under_way[each] < self.pacing.at_once(each.queue)]
            waits = await tx.turns.waits(self._lanes(queues))
            free = [each for each in queues if self._wait(each, waits) <= 0]
            ready = [each for each in free if await tx.outbox.first(each) is not None]
        late = [wait for each in queues if (wait := self._wait(each, waits)) > 0]
        if not ready:
            return Claimed(parcels=(), again_in=min(late, default=None))
        async with self.desk.database.write() as tx:
            await tx.turns.lock(self._lanes(ready))
            parcels, more = await self._claimed(tx, ready, under_way, room)
        return Claimed(parcels=tuple(parcels), again_in=min([*late, *more], default=None))

    async def _claimed(
        self, tx: Transaction, ready: Sequence[Waiting], under_way: Counter[Waiting], room: int
    ) -> tuple[list[Parcel], list[float]]:
        parcels: list[Parcel] = []
        late: list[float] = []
        busy, firsts = Counter(under_way), {each: await tx.outbox.first(each) for each in ready}
        while len(parcels) < room:
            there = {each: first for each, first in firsts.items() if first is not None}
            if not there:
                break
            waiting, first = min(there.items(), key=lambda pair: (pair[1].rank_at or _EPOCH, pair[1].item_id))
            wait = self._wait(waiting, await tx.turns.waits(self.pacing.lanes(waiting)))
            if wait > 0 or busy[waiting] >= self.pacing.at_once(waiting.queue):
                late += [wait] if wait > 0 else []
                firsts[waiting] = None
                continue
            items = await tx.outbox.claim(self.owner, self.lease, first)
            if items:
                await self._take(tx, waiting, first)
                busy[waiting] += 1
                reader = first.reader if waiting.queue is Queue.DIRECT else None
                parcels.append(Parcel(waiting=waiting, items=tuple(items), reader=reader))
            firsts[waiting] = await tx.outbox.first(waiting) if items else None
        return parcels, late

    async def _take(self, tx: Transaction, waiting: Waiting, first: First) -> None:
        reader = [self.pacing.reader(first.team_id, first.reader)] if waiting.queue is Queue.DIRECT else []
        for lane in (*self.pacing.lanes(waiting), *reader):
            await tx.turns.take(lane)

    def _lanes(self, queues: Sequence[Waiting]) -> list[Lane]:
        return [lane for each in queues for lane in self.pacing.lanes(each)]

    def _wait(self, waiting: Waiting, waits: Mapping[str, float]) -> float:
        return max(waits[lane.name] for lane in self.pacing.lanes(waiting))
