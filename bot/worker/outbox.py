"""The outbox: each item is drawn from the rows as they are when it is sent, and sent once."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import structlog

from bot.desk.approval_results import ApprovalStatus
from bot.desk.approval_status import approval_status
from bot.desk.desk import Desk
from bot.domain.changes import Change, ChangeState
from bot.worker.drawing import Drawing
from bot.worker.mailer import Mailer, Place, Sent
from bot.worker.troubles import Meaning, NotUsable, Trouble, pause_after, trouble_of
from storage.records import Card, OutboxItem, OutboxKind

LEASE: Final = timedelta(seconds=120)
_FOR_THE_CALL: Final = 30.0
"""Seconds of a lease that a call to Slack may take with its one repetition: none is begun later."""

MOST_UNDER_WAY: Final = 40
_BATCH: Final = 10
_GIVE_UP_AFTER: Final = 8
_NOT_MENDED_BY_TIME: Final = (Meaning.DEFECT, Meaning.MESSAGE_GONE)


class _Gone(Exception):
    """What an item speaks about is not there."""


@dataclass(slots=True, kw_only=True)
class Outbox:
    """The outbox loop's step and the sendings that are under way."""

    desk: Desk
    mailer: Mailer
    drawing: Drawing
    owner: str
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def step(self) -> bool:
        """Claim what is due and begin to send it; channels do not wait for each other."""
        room = MOST_UNDER_WAY - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            return True
        until = self.desk.clock.monotonic() + LEASE.total_seconds() - _FOR_THE_CALL
        async with self.desk.database.write() as tx:
            items = await tx.outbox.claim(self.owner, LEASE, min(room, _BATCH))
        for item in items:
            task = asyncio.create_task(self._deliver(item, until), name=f"send {item.id}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(items)

    async def drain(self, *, seconds: float) -> int:
        """Finish what is under way; the rest is sent by the next worker after its lease."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        late = tuple(self._under_way)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _deliver(self, item: OutboxItem, until: float) -> None:
        try:
            await self._send(item, until)
        except Exception as error:  # noqa: BLE001 - the item stays, with a time to try again
            try:
                await self._failed(item, error)
            except Exception as second:  # noqa: BLE001 - its lease ends and it is claimed again
                self._log("outbox_record_failed", item, second)
        else:
            # A step waits for its card, a card may have been asked for again while it was sent.
            self.desk.wake()

    async def _send(self, item: OutboxItem, until: float) -> None:
        change = await self._change(item)
        match item.kind:
            case OutboxKind.CARD:
                await self._send_card(item, change, until)
            case OutboxKind.STEP:
                await self._send_step(item, change, until)
            case OutboxKind.NOTICE:
                await self._send_notice(item, change, until)

    async def _change(self, item: OutboxItem) -> Change:
        async with self.desk.database.read() as tx:
            change = await tx.changes.get(item.change_id)
        if change is None:
            raise _Gone
        return change

    async def _send_card(self, item: OutboxItem, change: Change, until: float) -> None:
        async with self.desk.database.read() as tx:
            change = await tx.changes.get(change.id) or change
            card, status = await tx.cards.get(change.id), await approval_status(tx, self.desk, change)
            told = await tx.audit.last_of_change(change.id)
        place = await self.mailer.own_channel(team_id=item.team_id, channel=self._channel(change))
        standing = Sent(channel=card.channel_id, ts=card.ts) if card is not None else None
        if standing is None and item.attempts > 1:
            standing = await self.mailer.find(place, item_id=item.id)
        message, metadata = self.drawing.card(change, status), self.drawing.metadata(item, change, told)
        if standing is not None:
            try:
                there = Place(team_id=item.team_id, channel=standing.channel)
                await self.mailer.update(there, standing.ts, message, metadata, until=until)
            except Exception as error:
                trouble = trouble_of(error)
                if trouble is None or trouble.meaning is not Meaning.MESSAGE_GONE:
                    raise
                standing = None
        posted = None
        if standing is None:
            standing = posted = await self.mailer.post(place, message, metadata, until=until)
        async with self.desk.database.write() as tx:
            kept = await tx.outbox.sent(item)
            if kept:
                await tx.cards.put(
                    Card(
                        change_id=change.id, channel_id=standing.channel, ts=standing.ts, row_version=change.row_version
                    )
                )
            else:  # somebody else has drawn it meanwhile, and ours may be the older drawing: once more
                await tx.outbox.add(replace(item, id=self.desk.ids.opaque(), due_at=tx.now))
        if not kept and posted is not None:
            await self._take_back(item, place, posted)

    def _channel(self, change: Change) -> str:
        """The approvals channel gets only what waited for a person, and keeps it; everything else is trail."""
        config = self.desk.config
        return config.approvals_channel if change.approvals_needed > 0 else config.audit_channel

    async def _send_step(self, item: OutboxItem, change: Change, until: float) -> None:
        async with self.desk.database.read() as tx:
            card = await tx.cards.get(change.id)
            row = await tx.audit.get(change.team_id, item.audit_number or 0)
        if card is None or row is None or row.entry.change_id != change.id:
            raise _Gone
        await self.mailer.own_channel(team_id=item.team_id, channel=card.channel_id)
        place = Place(team_id=item.team_id, channel=card.channel_id, thread=card.ts)
        posted = None
        if item.attempts == 1 or await self.mailer.find(place, item_id=item.id) is None:
            message = self.drawing.step(change, row)
            posted = await self.mailer.post(place, message, self.drawing.metadata(item, change, row), until=until)
        await self._sent(item, place, posted)

    async def _send_notice(self, item: OutboxItem, change: Change, until: float) -> None:
        async with self.desk.database.read() as tx:
            card, status = await tx.cards.get(change.id), await approval_status(tx, self.desk, change)
            waiting = await tx.outbox.of(change.id)
        overtaken = item.state is not change.state and (
            # "Nobody can approve this" is no news once somebody decided.
            item.state is ChangeState.AWAITING_APPROVAL
            or any(other.kind is OutboxKind.NOTICE and other.state is change.state for other in waiting)
        )
        if overtaken:
            await self._sent(item)
        else:
            await self._notify(item, change, status, card, until)

    async def _notify(
        self, item: OutboxItem, change: Change, status: ApprovalStatus, card: Card | None, until: float
    ) -> None:
        place = await self.mailer.direct(team_id=item.team_id, user_id=change.asker.user_id)
        if item.attempts > 1 and await self.mailer.find(place, item_id=item.id) is not None:
            await self._sent(item)
            return
        url = None
        if card is not None:
            url = await self.mailer.permalink(Place(team_id=item.team_id, channel=card.channel_id), card.ts)
        message = self.drawing.notice(change, status, card_url=url)
        posted = await self.mailer.post(place, message, self.drawing.metadata(item, change), until=until)
        await self._sent(item, place, posted)

    async def _sent(self, item: OutboxItem, place: Place | None = None, posted: Sent | None = None) -> None:
        async with self.desk.database.write() as tx:
            kept = await tx.outbox.sent(item)
        if not kept and place is not None and posted is not None:
            await self._take_back(item, place, posted)

    async def _take_back(self, item: OutboxItem, place: Place, posted: Sent) -> None:
        """The call left after the lease was over: a process that was paused. Whoever took over may have posted it."""
        taken = await self.mailer.take_back(place, item_id=item.id, ts=posted.ts)
        structlog.get_logger(__name__).warning(
            "outbox_lease_lost", item_id=item.id, kind=item.kind.value, result="taken_back" if taken else "kept"
        )

    async def _failed(self, item: OutboxItem, error: Exception) -> None:
        trouble = trouble_of(error)
        if isinstance(error, _Gone):
            await self._give_up(item, "the change, its card or its audit entry is not there", error)
        elif trouble is not None and trouble.meaning is Meaning.READER_GONE:
            await self._give_up(item, trouble.code, error)
        elif (trouble is None or trouble.meaning in _NOT_MENDED_BY_TIME) and item.attempts >= _GIVE_UP_AFTER:
            await self._give_up(item, trouble.code if trouble is not None else type(error).__name__, error)
        else:
            await self._again(item, trouble, error)

    async def _again(self, item: OutboxItem, trouble: Trouble | None, error: Exception) -> None:
        throttled = trouble is not None and trouble.meaning is Meaning.THROTTLED
        pause = timedelta(seconds=trouble.wait) if trouble is not None and throttled else pause_after(item.attempts)
        async with self.desk.database.write() as tx:
            await tx.outbox.again(item, at=tx.now + pause)
        self._log("outbox_delayed" if throttled else "outbox_trouble", item, error, seconds=pause.total_seconds())

    async def _give_up(self, item: OutboxItem, why: str, error: Exception) -> None:
        async with self.desk.database.write() as tx:
            await tx.outbox.dead(item, why=why)
        self._log("outbox_given_up", item, error)

    def _log(self, event: str, item: OutboxItem, error: Exception, **more: float) -> None:
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
