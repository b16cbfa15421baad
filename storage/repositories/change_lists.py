"""Lists of changes, page by page, by an index each: as fast among a million as among ten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_

from bot.domain.changes import OPEN, Change, ChangeState
from bot.domain.people import Actor
from storage.records import Page
from storage.repositories.change_rows import to_change
from storage.tables.base import among
from storage.tables.changes import changes
from storage.types import Instant, from_micros, storable, to_micros
from storage.unit import Unit

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class ChangeLists:
    """The lists. `after` is the `after` of the page before; a made-up one raises ValueError."""

    unit: Unit

    async def count_by(self, actor: Actor, since: datetime) -> int:
        """How many changes `actor` has asked for since then."""
        query = select(func.count()).where(*_asked_by(actor), changes.c.created_at >= since)
        return int((await self.unit.execute(query)).scalar_one())

    async def count_until(self, change: Change, since: datetime) -> int:
        """How many changes the asker of `change` had asked for since then, up to this one and with it."""
        place = tuple_(changes.c.created_at, changes.c.id)
        mark = tuple_(literal(change.created_at, Instant), literal(change.id))
        query = select(func.count()).where(*_asked_by(change.asker), changes.c.created_at >= since, place <= mark)
        return int((await self.unit.execute(query)).scalar_one())

    async def by_number(self, team_id: str, number: str) -> Change | None:
        """The change that people know by this number."""
        query = select(changes).where(changes.c.team_id == team_id, changes.c.number == storable(number))
        row = (await self.unit.execute(query)).first()
        return None if row is None else to_change(row)

    async def recent(self, team_id: str, *, after: str | None = None, limit: int = PAGE) -> Page[Change]:
        """All changes of a workspace, newest first."""
        return await self._page(changes.c.team_id == team_id, after=after, limit=limit, newest_first=True)

    async def waiting(self, team_id: str, *, after: str | None = None, limit: int = PAGE) -> Page[Change]:
        """Changes that wait for an approval, oldest first."""
        where = and_(changes.c.team_id == team_id, among(changes.c.state, {ChangeState.AWAITING_APPROVAL}))
        return await self._page(where, after=after, limit=limit, newest_first=False)

    async def open(self, team_id: str, *, after: str | None = None, limit: int = PAGE) -> Page[Change]:
        """Open changes, oldest first."""
        where = and_(changes.c.team_id == team_id, among(changes.c.state, OPEN))
        return await self._page(where, after=after, limit=limit, newest_first=False)

    async def mine(self, actor: Actor, *, after: str | None = None, limit: int = PAGE) -> Page[Change]:
        """What `actor` asked for, newest first."""
        return await self._page(and_(*_asked_by(actor)), after=after, limit=limit, newest_first=True)

    async def of_customer(
        self, team_id: str, customer_id: str, *, after: str | None = None, limit: int = PAGE
    ) -> Page[Change]:
        """The changes of one customer, newest first."""
        where = and_(changes.c.customer_id == customer_id, changes.c.team_id == team_id)
        return await self._page(where, after=after, limit=limit, newest_first=True)

    async def _page(
        self, where: ColumnElement[bool], *, after: str | None, limit: int, newest_first: bool
    ) -> Page[Change]:
        place = tuple_(changes.c.created_at, changes.c.id)
        query = select(changes).where(where)
        if after is not None:
            at, change_id = _place(after)
            mark = tuple_(literal(at, Instant), literal(change_id))
            query = query.where(place < mark if newest_first else place > mark)
        ordered = [column.desc() if newest_first else column.asc() for column in (changes.c.created_at, changes.c.id)]
        rows = (await self.unit.execute(query.order_by(*ordered).limit(limit + 1))).all()
        found = tuple(to_change(row) for row in rows[:limit])
        return Page(items=found, after=_mark(found[-1]) if len(rows) > limit else None)


def _asked_by(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return changes.c.asker_team_id == actor.team_id, changes.c.asker_user_id == actor.user_id


def _mark(change: Change) -> str:
    return f"{to_micros(change.created_at)}.{change.id}"


def _place(after: str) -> tuple[datetime, str]:
    micros, _, change_id = after.partition(".")
    return from_micros(int(micros)), change_id
