"""The direct message to whoever holds a list of accounts: handed over to them, or a reminder."""

from dataclasses import dataclass

from bot.desk.after.reach import FollowUps
from bot.desk.desk import Desk
from bot.domain.audit import AuditName
from bot.domain.changes import Change
from bot.domain.errors import Undetermined
from bot.domain.people import Actor, Caller, Person, Standing
from bot.worker.drawing import Drawing
from bot.worker.mailer import Mailer
from bot.worker.settling import Gone, Settling
from storage.follow_up_records import FollowUpList
from storage.records import OutboxItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMessages:
    """Sends them, drawn from the list as it is by then."""

    desk: Desk
    mailer: Mailer
    drawing: Drawing
    settling: Settling

    async def send(self, item: OutboxItem, change: Change, until: float) -> None:
        """Send it, or strike it off where there is nothing left to work on. Raises Gone and what Slack raises."""
        async with self.desk.database.read() as tx:
            work = await tx.follow_ups.list_of(change.id)
            row = await tx.audit.get(change.team_id, item.audit_number or 0)
        if work is None or row is None:
            raise Gone
        # A message to whoever had it before it was handed on: the new holder has one of their own.
        to = row.entry.data.get("to")
        if not work.open or work.deleted_at is not None or to != work.holder.user_id:
            await self.settling.sent([item])
            return
        reader, handed = await self._reader(change, work), row.entry.name is AuditName.FOLLOW_UPS_HAND_OVER
        place = await self.mailer.direct(team_id=change.team_id, user_id=reader.actor.user_id)
        if item.attempts > 1 and await self.mailer.find(place, item_id=item.id) is not None:
            await self.settling.sent([item])
            return
        handed_by = row.entry.actor.user_id if handed and reader.actor == work.holder else None
        found = FollowUps(change=change, person=reader, work=work, accounts=())
        message = self.drawing.holder(found, handed_by=handed_by, item_id=item.id)
        posted = await self.mailer.post(place, message, self.drawing.metadata(item, change, row), until=until)
        await self.settling.sent([item], place, posted)

    async def _reader(self, change: Change, work: FollowUpList) -> Person:
        """The holder; where they are no member any more, the asker, who can hand the list to somebody else.

        In the asker's language where Slack does not say whose.
        """
        try:
            holder = await self._person(change, work.holder)
            if holder.standing is Standing.MEMBER or work.holder == change.asker:
                return holder
            asker = await self._person(change, change.asker)
        except Undetermined:
            return Person(actor=work.holder, standing=Standing.MEMBER, locale=change.asker_locale)
        return asker if asker.standing is Standing.MEMBER else holder

    async def _person(self, change: Change, actor: Actor) -> Person:
        return await self.desk.directory.person(Caller(actor=actor, installed_team_id=change.team_id, delivery_id=""))
