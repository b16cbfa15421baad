"""What becomes of a claimed item after its call: struck off, given back, given up; a second posting is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.desk.redraw import redraw_card
from bot.worker.claiming import Parcel
from bot.worker.mailer import Mailer, Place, Sent
from bot.worker.pacing import Pacing
from bot.worker.troubles import DEFECT, Meaning, NotUsable, Trouble, mends_itself, pause_for, trouble_of
from storage.outgoing_records import Lane
from storage.records import Card, OutboxItem, OutboxKind

_GIVE_UP_AFTER: Final = 8
_NOT_MENDED_BY_TIME: Final = (Meaning.DEFECT, Meaning.MESSAGE_GONE)
_LONGEST_HOLD: Final = timedelta(seconds=15)
"""For a Slack that does not answer: what waits behind the one that tries is not tried in vain meanwhile."""

_HOLDS: Final = 3
"""So many failures of one item hold its queue: after that it is perhaps the item, and the next one has to try."""

_HOLD_FOR_ALL: Final = 2.0
"""Seconds for which all direct messages wait when one conversation is throttled: perhaps it is the workspace."""


class Gone(Exception):
    """What an item speaks about is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Records how it went. Whoever lost an item's lease meanwhile changes nothing of it."""

    desk: Desk
    mailer: Mailer
    pacing: Pacing

    async def sent(self, items: Sequence[OutboxItem], place: Place | None = None, posted: Sent | None = None) -> None:
        """Strike off what one message tells; `posted` by this very call."""
        async with self.desk.database.write() as tx:
            kept = [await tx.outbox.sent(item) for item in items]
        if posted is not None and place is not None and not all(kept):
            await self._take_back(items, place, posted)

    async def shown(self, item: OutboxItem, card: Card, posted: Place | None) -> None:
        """Strike a card off, and note where it stands; `posted`: anew, there."""
        async with self.desk.database.write() as tx:
            kept = await tx.outbox.sent(item)
            if kept:
                await tx.cards.put(card)
            else:  # somebody else has drawn it meanwhile, and ours may be the older drawing: once more
                await tx.outbox.add(replace(item, id=self.desk.ids.opaque(), due_at=tx.now))
        if not kept and posted is not None:
            await self._take_back([item], posted, Sent(channel=card.channel_id, ts=card.ts))

    async def back(self, item: OutboxItem, *, found: Card | None = None, gone: Card | None = None) -> None:
        """Nothing was sent: it waits in its queue again. `found`, `gone`: where its card stands, or stood."""
        async with self.desk.database.write() as tx:
            if found is not None:
                await tx.cards.put(found)
            if gone is not None:
                await tx.cards.gone(gone)
            await tx.outbox.again(item, at=tx.now, not_posted=True)

    async def failed(self, parcel: Parcel, error: Exception) -> None:
        """What did not go out waits, for as long as it takes; only what time does not mend is given up at last."""
        trouble, item = trouble_of(error), parcel.items[0]
        for later in parcel.items[1:]:
            await self._again(later, trouble, seconds=timedelta(0))
        if isinstance(error, Gone):
            await self._give_up(item, "the change, its card or its audit entry is not there", error)
        elif trouble is not None and trouble.meaning is Meaning.MESSAGE_GONE and item.kind is OutboxKind.STEP:
            # Somebody deleted the card: it is drawn again first, and the step goes into its new thread.
            await self._redraw(item)
            await self._later(item, trouble, error)
        elif trouble is not None and trouble.meaning is Meaning.READER_GONE:
            await self._give_up(item, trouble.code, error)
        elif (trouble is None or trouble.meaning in _NOT_MENDED_BY_TIME) and item.attempts >= _GIVE_UP_AFTER:
            await self._give_up(item, trouble.code if trouble is not None else type(error).__name__, error)
        else:
            await self._hold(parcel, trouble)
            await self._later(item, trouble, error)

    async def mended(self, item: OutboxItem) -> None:
        """It went out: what waits for the same reason need not wait longer."""
        if item.why is None or not mends_itself(item.why):
            return
        async with self.desk.database.write() as tx:
            await tx.outbox_trouble.mended(team_id=item.team_id, code=item.why)

    def log(self, event: str, item: OutboxItem, error: Exception, **more: float) -> None:
        """A line about an item, with a reference."""
        trouble = trouble_of(error)
        structlog.get_logger(__name__).error(
            event,
            reference=self.desk.ids.reference(),
            item_id=item.id,
            kind=item.kind.value,
            change_id=item.change_id,
            attempts=item.attempts,
            code=trouble.code if trouble is not None else None,
            exc_info=None if trouble is not None and not isinstance(error, NotUsable) else error,
            **more,
        )

    async def _take_back(self, items: Sequence[OutboxItem], place: Place, posted: Sent) -> None:
        """The call left after the lease was over: a process that was paused. Whoever took over may have posted it."""
        taken = await self.mailer.take_back(place, items={item.id for item in items}, ts=posted.ts)
        structlog.get_logger(__name__).warning(
            "outbox_lease_lost",
            item_id=items[0].id,
            kind=items[0].kind.value,
            result="taken_back" if taken else "kept",
        )

    async def _redraw(self, item: OutboxItem) -> None:
        async with self.desk.database.read() as tx:
            change = await tx.changes.get(item.change_id)
        if change is not None:
            await redraw_card(self.desk, change=change)

    async def _hold(self, parcel: Parcel, trouble: Trouble | None) -> None:
        """Slack wants less of this, or does not answer: nothing else of the kind is tried for a while."""
        holds = {}
        if trouble is not None and trouble.meaning is Meaning.THROTTLED:
            holds = self._throttled(parcel, trouble.wait)
        elif trouble is not None and trouble.meaning is Meaning.UNSURE and parcel.items[0].attempts <= _HOLDS:
            pause = min(pause_for(trouble, parcel.items[0].attempts), _LONGEST_HOLD)
            holds = {self.pacing.main(parcel.waiting): pause.total_seconds()}
        if holds:
            async with self.desk.database.write() as tx:
                await tx.turns.lock(holds)
                for lane, seconds in holds.items():
                    await tx.turns.hold(lane, seconds=seconds)

    def _throttled(self, parcel: Parcel, wait: float) -> dict[Lane, float]:
        """Slack throttles a channel, and a direct message is one of its own."""
        main = self.pacing.main(parcel.waiting)
        if parcel.reader is None:
            return {main: wait}
        reader = self.pacing.reader(parcel.waiting.team_id, parcel.reader)
        return {main: min(wait, _HOLD_FOR_ALL), reader: wait}

    async def _later(self, item: OutboxItem, trouble: Trouble | None, error: Exception) -> None:
        pause = pause_for(trouble, item.attempts)
        await self._again(item, trouble, seconds=pause)
        throttled = trouble is not None and trouble.meaning is Meaning.THROTTLED
        event = "outbox_delayed" if throttled else "outbox_trouble"
        self.log(event, item, error, seconds=pause.total_seconds())

    async def _again(self, item: OutboxItem, trouble: Trouble | None, *, seconds: timedelta) -> None:
        async with self.desk.database.write() as tx:
            await tx.outbox.again(
                item,
                at=tx.now + seconds,
                why=trouble.code if trouble is not None else DEFECT,
                not_posted=trouble is not None and trouble.posted_nothing,
            )

    async def _give_up(self, item: OutboxItem, why: str, error: Exception) -> None:
        async with self.desk.database.write() as tx:
            await tx.outbox.dead(item, why=why)
        self.log("outbox_given_up", item, error)
