"""One message of each kind, drawn from the rows when its turn has come; what may be there already is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.desk.approval_status import approval_status
from bot.desk.desk import Desk
from bot.domain.changes import Change, ChangeState
from bot.worker.claiming import Parcel
from bot.worker.drawing import Drawing
from bot.worker.lists import ListMessages
from bot.worker.mailer import Mailer, Place, Sent
from bot.worker.settling import Gone, Settling
from bot.worker.troubles import Meaning, not_taken, trouble_of
from handlers.blocks.sheet import Message
from storage.outgoing_records import Queue
from storage.records import AuditRow, Card, OutboxItem, OutboxKind

_PLAIN_AFTER: Final = 4
"""Tries after which a card that cannot be drawn, or that Slack calls malformed, gives way to a line of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Sends a parcel with the one call whose turn was taken. `until`: none is begun later (monotonic)."""

    desk: Desk
    mailer: Mailer
    drawing: Drawing
    settling: Settling

    async def send(self, parcel: Parcel, until: float) -> None:
        """Send it and strike it off. Raises what is in the way; Gone where there is nothing to tell."""
        item = parcel.items[0]
        change = await self._change(item)
        match item.kind:
            case OutboxKind.CARD:
                await self._send_card(item, change, until)
            case OutboxKind.STEP:
                await self._send_step(parcel.items, change, until)
            case OutboxKind.NOTICE:
                await self._send_notice(item, change, until)
            case OutboxKind.FOLLOW_UPS:
                lists = ListMessages(desk=self.desk, mailer=self.mailer, drawing=self.drawing, settling=self.settling)
                await lists.send(item, change, until)

    async def _change(self, item: OutboxItem) -> Change:
        async with self.desk.database.read() as tx:
            change = await tx.changes.get(item.change_id)
        if change is None:
            raise Gone
        return change

    async def _send_card(self, item: OutboxItem, change: Change, until: float) -> None:
        place = await self.mailer.own_channel(team_id=item.team_id, channel=self._channel(change))
        async with self.desk.database.read() as tx:
            card = await tx.cards.get(change.id)
        if (card is not None) != (item.queue is Queue.UPDATE):
            await self.settling.back(item)  # it was put into the other queue's turn
        elif card is not None:
            await self._update_card(item, change, card, until)
        elif item.attempts > 1 and (found := await self.mailer.find(place, item_id=item.id)) is not None:
            standing = Card(change_id=change.id, channel_id=found.channel, ts=found.ts, row_version=0)
            await self.settling.back(item, found=standing)
        else:
            await self._post_card(item, change, place, until)

    async def _post_card(self, item: OutboxItem, change: Change, place: Place, until: float) -> None:
        item, change, message, metadata = await self._drawn(item, change)
        posted = await self.mailer.post(place, message, metadata, until=until)
        await self._shown(item, change, posted, place)

    async def _update_card(self, item: OutboxItem, change: Change, card: Card, until: float) -> None:
        item, change, message, metadata = await self._drawn(item, change)
        there = Place(team_id=item.team_id, channel=card.channel_id)
        try:
            await self.mailer.update(there, card.ts, message, metadata, until=until)
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is None or trouble.meaning is not Meaning.MESSAGE_GONE:
                raise
            await self.settling.back(item, gone=card)  # drawn anew as a message of its own, when that has a turn
        else:
            await self._shown(item, change, Sent(channel=card.channel_id, ts=card.ts), None)

    async def _drawn(self, item: OutboxItem, change: Change) -> tuple[OutboxItem, Change, Message, dict[str, Any]]:
        """The card as it is now. Whatever asked for it up to here is shown by it, and needs no drawing of its own."""
        async with self.desk.database.read() as tx:
            generation = await tx.outbox.generation(item)  # before the row: it is never newer than what is drawn
            change = await tx.changes.get(change.id) or change
            status, told = await approval_status(tx, self.desk, change), await tx.audit.last_of_change(change.id)
        metadata = self.drawing.metadata(item, change, told)
        plain = item.attempts > _PLAIN_AFTER and item.why is not None and not_taken(item.why)
        drawn = self.drawing.plain_card(change) if plain else self.drawing.card(change, status)
        return replace(item, generation=generation), change, drawn, metadata

    async def _shown(self, item: OutboxItem, change: Change, sent: Sent, posted: Place | None) -> None:
        card = Card(change_id=change.id, channel_id=sent.channel, ts=sent.ts, row_version=change.row_version)
        await self.settling.shown(item, card, posted)

    def _channel(self, change: Change) -> str:
        """The approvals channel gets only what waited for a person, and keeps it; everything else is trail."""
        config = self.desk.config
        return config.approvals_channel if change.approvals_needed > 0 else config.audit_channel

    async def _send_step(self, items: Sequence[OutboxItem], change: Change, until: float) -> None:
        async with self.desk.database.read() as tx:
            card = await tx.cards.get(change.id)
            given_up = card is None and await tx.outbox_trouble.card_given_up(change.id)
            rows = [await tx.audit.get(change.team_id, item.audit_number or 0) for item in items]
        first = rows[0]
        if given_up or first is None or first.entry.change_id != change.id:
            raise Gone
        if card is None:  # somebody deleted it meanwhile: its thread will be another one
            for item in items:
                await self.settling.back(item)
            return
        await self.mailer.own_channel(team_id=change.team_id, channel=card.channel_id)
        place = Place(team_id=change.team_id, channel=card.channel_id, thread=card.ts)
        there = await self._there(place, items)
        left = [(item, row) for item, row in zip(items, rows, strict=True) if item.id not in there]
        told: list[tuple[OutboxItem, AuditRow]] = []
        for item, row in left:  # one whose entry is not there is given up when it comes first
            if row is None or row.entry.change_id != change.id:
                break
            told.append((item, row))
        message, fits = self.drawing.steps(change, [row for _, row in told])
        told = told[:fits]
        posted = None
        if told:
            metadata = self.drawing.steps_metadata(change, told)
            posted = await self.mailer.post(place, message, metadata, until=until)
        sent = {item.id for item, _ in told} | there
        await self.settling.sent([item for item in items if item.id in sent], place, posted)
        for item in items:
            if item.id not in sent:
                await self.settling.back(item)

    async def _there(self, place: Place, items: Sequence[OutboxItem]) -> set[str]:
        doubtful = {item.id for item in items if item.attempts > 1}
        return set(await self.mailer.find_all(place, items=doubtful)) if doubtful else set()

    async def _send_notice(self, item: OutboxItem, change: Change, until: float) -> None:
        place = await self.mailer.direct(team_id=item.team_id, user_id=change.asker.user_id)
        if item.attempts > 1 and await self.mailer.find(place, item_id=item.id) is not None:
            await self.settling.sent([item])
            return
        async with self.desk.database.read() as tx:
            card = await tx.cards.get(change.id)
        url = None
        if card is not None:
            url = await self.mailer.permalink(Place(team_id=item.team_id, channel=card.channel_id), card.ts)
        async with self.desk.database.read() as tx:
            change = await tx.changes.get(change.id) or change
            status, waiting = await approval_status(tx, self.desk, change), await tx.outbox.of(change.id)
        if _overtaken(item, change, waiting):
            await self.settling.sent([item])
            return
        message = self.drawing.notice(change, status, card_url=url)
        posted = await self.mailer.post(place, message, self.drawing.metadata(item, change), until=until)
        await self.settling.sent([item], place, posted)


def _overtaken(item: OutboxItem, change: Change, waiting: Sequence[OutboxItem]) -> bool:
    return item.state is not change.state and (
        # "Nobody can approve this" is no news once somebody decided.
        item.state is ChangeState.AWAITING_APPROVAL
        or any(other.kind is OutboxKind.NOTICE and other.state is change.state for other in waiting)
    )
