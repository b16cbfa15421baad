"""What keeps the outbox back: items that were tried and wait, by the code of what was in their way."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select, update

from storage.records import StandingTrouble
from storage.repositories.outbox_rows import Status, given_up_card, in_turn
from storage.tables.base import among
from storage.tables.outgoing import outbox
from storage.unit import Unit

_MOST_GIVEN_UP = 10_000
_MANY: Final = 8


@dataclass(frozen=True, slots=True)
class OutboxTrouble:
    """Reads and hurries what waits; what is claimed is its claimer's."""

    unit: Unit

    async def standing(self) -> list[StandingTrouble]:
        """Each trouble that unsent items met last, with how many wait for it and since when the oldest of them does."""
        columns = outbox.c.team_id, outbox.c.why
        query = (
            select(*columns, func.count().label("waiting"), func.min(outbox.c.added_at).label("since"))
            .where(_kept_back())
            .group_by(*columns)
            .order_by(*columns)
        )
        rows = (await self.unit.execute(query)).all()
        return [
            StandingTrouble(team_id=row.team_id, code=row.why, waiting=row.waiting, since=row.since) for row in rows
        ]

    async def ask_again(self, trouble: StandingTrouble) -> bool:
        """Let the oldest item that waits for this, and for no other item, be tried now. False: it is due already.

        One that was tried in vain many times comes last: it may be the item, and the others would never be asked.
        """
        found = await self._oldest(trouble, tired=False) or await self._oldest(trouble, tired=True)
        if found is None:
            return False
        statement = (
            update(outbox)
            .where(
                outbox.c.id == found,
                outbox.c.status == Status.WAITING.value,
                outbox.c.due_at > self.unit.now,
            )
            .values(due_at=self.unit.now)
        )
        return (await self.unit.execute(statement)).rowcount == 1

    async def _oldest(self, trouble: StandingTrouble, *, tired: bool) -> str | None:
        """`tired`: of those that were tried many times, or of the others."""
        item, earlier = outbox.alias("item"), outbox.alias("earlier")
        query = (
            select(item.c.id)
            .where(
                _kept_back(item),
                item.c.team_id == trouble.team_id,
                item.c.why == trouble.code,
                item.c.attempts > _MANY if tired else item.c.attempts <= _MANY,
                in_turn(item, earlier),
            )
            .order_by(item.c.added_at, item.c.id)
            .limit(1)
        )
        if self.unit.postgres:
            query = query.with_for_update(skip_locked=True)
        row = (await self.unit.execute(query)).first()
        return None if row is None else str(row.id)

    async def mended(self, *, team_id: str, code: str) -> int:
        """Let all that wait for this be tried now: it is over. How many."""
        waiting = (
            select(outbox.c.id)
            .where(
                _kept_back(),
                outbox.c.team_id == team_id,
                outbox.c.why == code,
                outbox.c.status == Status.WAITING.value,
                outbox.c.due_at > self.unit.now,
            )
            .order_by(outbox.c.added_at, outbox.c.id)
        )
        if self.unit.postgres:  # what somebody holds just now is claimed, or added again: not ours to wait for
            waiting = waiting.with_for_update(skip_locked=True)
        statement = update(outbox).where(outbox.c.id.in_(waiting.scalar_subquery())).values(due_at=self.unit.now)
        return (await self.unit.execute(statement)).rowcount

    async def card_given_up(self, change_id: str) -> bool:
        """Whether the card of a change was given up: what waits for it waits for nothing."""
        query = select(outbox.c.id).where(given_up_card(outbox, change_id))
        return (await self.unit.execute(query)).first() is not None

    async def given_up(self, *, since: datetime) -> Counter[str]:
        """How many items were given up since then, by the code why."""
        query = (
            select(outbox.c.why)
            .where(among(outbox.c.status, {Status.DEAD}), outbox.c.done_at >= since)
            .limit(_MOST_GIVEN_UP)
        )
        return Counter(row.why or "" for row in (await self.unit.execute(query)).all())


def _kept_back(item: Any = outbox) -> ColumnElement[bool]:
    return and_(among(item.c.status, {Status.WAITING, Status.LEASED}), item.c.why.is_not(None))
