"""Links between channels and customers: one customer a channel, as many channels a customer as people like."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from bot.domain.people import Actor
from storage.link_records import ChannelLink
from storage.tables.channel_links import channel_links
from storage.types import storable
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class ChannelLinks:
    """Channels are known by workspace and id: a name may change."""

    unit: Unit

    async def put(self, *, team_id: str, channel_id: str, customer_id: str, by: Actor) -> str | None:
        """Link a channel, whatever it was linked to; the customer id it was linked to, None for none."""
        link = {
            "customer_id": storable(customer_id),
            "actor_team_id": storable(by.team_id),
            "actor_user_id": storable(by.user_id),
            "linked_at": self.unit.now,
        }
        key = {"team_id": storable(team_id), "channel_id": storable(channel_id)}
        # A row that is there is held first, so that the one who comes second is told of the first one's.
        before = (await self.unit.execute(self._query(team_id, channel_id, locked=True))).first()
        await self.unit.execute(
            self.unit.insert(channel_links)
            .values(**key, **link)
            .on_conflict_do_update(index_elements=list(key), set_=link)
        )
        return None if before is None else str(before.customer_id)

    async def end(self, *, team_id: str, channel_id: str) -> str | None:
        """End a link; the customer id it led to, None where there is none."""
        mine = (
            channel_links.c.team_id == storable(team_id),
            channel_links.c.channel_id == storable(channel_id),
        )
        statement = delete(channel_links).where(*mine).returning(channel_links.c.customer_id)
        found = (await self.unit.execute(statement)).scalar_one_or_none()
        return None if found is None else str(found)

    async def of(self, *, team_id: str, channel_id: str) -> ChannelLink | None:
        """What a channel is linked to; None for nothing."""
        row = (await self.unit.execute(self._query(team_id, channel_id))).first()
        if row is None:
            return None
        return ChannelLink(
            team_id=row.team_id,
            channel_id=row.channel_id,
            customer_id=row.customer_id,
            by=Actor(team_id=row.actor_team_id, user_id=row.actor_user_id),
            at=row.linked_at,
        )

    def _query(self, team_id: str, channel_id: str, *, locked: bool = False) -> Any:
        query = select(channel_links).where(
            channel_links.c.team_id == storable(team_id), channel_links.c.channel_id == storable(channel_id)
        )
        return query.with_for_update() if locked and self.unit.postgres else query
