"""Role grants, the stop switch and the deliveries seen."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, literal_column, select

from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.records import Grant, Switch
from storage.repositories.change_work import STOP
from storage.repositories.pruning import BATCH, prune
from storage.tables.desk import deliveries, grants, switches
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Grants:
    """Roles given by hand."""

    unit: Unit

    async def grant(self, team_id: str, user_id: str, role: PartnerRole, by: str) -> bool:
        """Give a role. False: held already, who gave it and when stays."""
        statement = (
            self.unit.insert(grants)
            .values(team_id=team_id, user_id=user_id, role=role.value, granted_by=by, granted_at=self.unit.now)
            .on_conflict_do_nothing()
            .returning(grants.c.role)
        )
        return (await self.unit.execute(statement)).first() is not None

    async def revoke(self, team_id: str, user_id: str, role: PartnerRole) -> bool:
        """Take a role away. False: not held."""
        statement = delete(grants).where(
            grants.c.team_id == team_id, grants.c.user_id == user_id, grants.c.role == role.value
        )
        return (await self.unit.execute(statement)).rowcount == 1

    async def of(self, actor: Actor) -> list[PartnerRole]:
        """The roles of one person, by name."""
        query = select(grants.c.role).where(grants.c.team_id == actor.team_id, grants.c.user_id == actor.user_id)
        return sorted(PartnerRole(role) for role in (await self.unit.execute(query)).scalars())

    async def at_once(self, actor: Actor) -> tuple[list[PartnerRole], datetime]:
        """The roles of one person, by name, and the instant of this reading: one statement."""
        unit, given = self.unit, {"of_team": actor.team_id, "of_user": actor.user_id}
        rows = (await unit.execute(_at_once(postgres=unit.postgres), given)).all()
        at = rows[0].instant + unit.shift if unit.postgres else unit.now
        return sorted(PartnerRole(row.role) for row in rows if row.role is not None), at

    async def all(self) -> list[Grant]:
        """Every grant, with who gave it and when."""
        rows = (await self.unit.execute(select(grants))).all()
        found = [
            Grant(
                team_id=row.team_id,
                user_id=row.user_id,
                role=PartnerRole(row.role),
                by=row.granted_by,
                at=row.granted_at,
            )
            for row in rows
        ]
        # Sorted here, not there: the engines' collations differ.
        return sorted(found, key=lambda grant: (grant.team_id, grant.user_id, grant.role))


@cache
def _at_once(*, postgres: bool) -> Select[Any]:
    held = and_(grants.c.team_id == bindparam("of_team"), grants.c.user_id == bindparam("of_user"))
    instant = func.clock_timestamp() if postgres else literal_column("0")
    one = select(literal_column("1").label("row")).subquery("one")
    return select(instant.label("instant"), grants.c.role).select_from(one.outerjoin(grants, held))


@dataclass(frozen=True, slots=True)
class Switches:
    """`upgrade-desk stop` and `resume`."""

    unit: Unit

    async def stopped(self) -> Switch | None:
        """The stop switch; None while it is not thrown."""
        row = (await self.unit.execute(select(switches).where(switches.c.name == STOP))).first()
        return None if row is None else Switch(by=row.thrown_by, at=row.thrown_at)

    async def stop(self, by: str) -> bool:
        """Stop everything that was not sent. False: stopped already, by whom and since when stays."""
        statement = self.unit.insert(switches).values(name=STOP, thrown_by=by, thrown_at=self.unit.now)
        returned = statement.on_conflict_do_nothing().returning(switches.c.name)
        return (await self.unit.execute(returned)).first() is not None

    async def resume(self, by: str) -> bool:  # noqa: ARG002 - who resumed stands in the audit entry
        """Go on. False: it was not stopped."""
        statement = delete(switches).where(switches.c.name == STOP)
        return (await self.unit.execute(statement)).rowcount == 1


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Slack's own ids of the deliveries that had an effect."""

    unit: Unit

    async def claim(self, key: str) -> bool:
        """Note a delivery, in the transaction of its effect. False: it had its effect before."""
        statement = self.unit.insert(deliveries).values(key=key, seen_at=self.unit.now).on_conflict_do_nothing()
        return (await self.unit.execute(statement.returning(deliveries.c.key))).first() is not None

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Forget at most `limit` deliveries seen before then; returns how many."""
        return await prune(self.unit, deliveries, age=deliveries.c.seen_at, before=before, limit=limit)
