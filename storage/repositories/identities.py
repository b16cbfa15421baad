"""Links between Slack users and Microsoft users, made by hand."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from bot.domain.people import Actor
from storage.identity_records import Identity
from storage.tables.identities import identities
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Identities:
    """The table of exceptions: it goes before the match by e-mail."""

    unit: Unit

    async def link(self, actor: Actor, object_id: str, by: str) -> bool:
        """Link a Slack user. False: they are linked already, or the Microsoft user is; what there is stays."""
        statement = (
            self.unit.insert(identities)
            .values(
                team_id=actor.team_id,
                user_id=actor.user_id,
                object_id=object_id.lower(),
                linked_by=by,
                linked_at=self.unit.now,
            )
            .on_conflict_do_nothing()
            .returning(identities.c.object_id)
        )
        return (await self.unit.execute(statement)).first() is not None

    async def unlink(self, actor: Actor) -> bool:
        """Undo that. False: there is no link."""
        mine = identities.c.team_id == actor.team_id, identities.c.user_id == actor.user_id
        return (await self.unit.execute(delete(identities).where(*mine))).rowcount == 1

    async def of(self, actor: Actor) -> str | None:
        """The object id of a Slack user's Microsoft user; None where nobody linked one."""
        query = select(identities.c.object_id).where(
            identities.c.team_id == actor.team_id, identities.c.user_id == actor.user_id
        )
        found = (await self.unit.execute(query)).scalar_one_or_none()
        return None if found is None else str(found)

    async def holder(self, team_id: str, object_id: str) -> str | None:
        """The Slack user of that workspace who is linked to this Microsoft user."""
        query = select(identities.c.user_id).where(
            identities.c.team_id == team_id, identities.c.object_id == object_id.lower()
        )
        found = (await self.unit.execute(query)).scalar_one_or_none()
        return None if found is None else str(found)

    async def all(self) -> list[Identity]:
        """Every link, with who made it and when, by workspace and user."""
        rows = (await self.unit.execute(select(identities))).all()
        found = [
            Identity(
                team_id=row.team_id, user_id=row.user_id, object_id=row.object_id, by=row.linked_by, at=row.linked_at
            )
            for row in rows
        ]
        # Sorted here, not there: the engines' collations differ.
        return sorted(found, key=lambda each: (each.team_id, each.user_id))
