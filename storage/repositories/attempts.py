"""Attempts: what was sent, recorded before it is sent."""

from dataclasses import dataclass

from sqlalchemy import select, update

from bot.domain.changes import Attempt
from storage.errors import AttemptPending
from storage.repositories.change_rows import to_attempt
from storage.tables.changes import attempts
from storage.types import storable
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Attempts:
    """The attempts of all changes."""

    unit: Unit

    async def add(self, attempt: Attempt) -> None:
        """Record a sending. Raises AttemptPending while another one of the change has no answer."""
        statement = self.unit.insert(attempts).on_conflict_do_nothing().returning(attempts.c.id)
        row = await self.unit.execute(
            statement.values(
                id=attempt.id,
                change_id=attempt.change_id,
                request_id=attempt.request_id,
                correlation_id=attempt.correlation_id,
                sent_at=attempt.sent_at,
                answered_at=attempt.answered_at,
                result=attempt.result,
            )
        )
        if row.first() is None:
            raise AttemptPending(f"change {attempt.change_id} has a sent attempt already, or its ids were used")

    async def of(self, change_id: str) -> list[Attempt]:
        """The attempts of a change, in the order of sending."""
        query = (
            select(attempts)
            .where(attempts.c.change_id == storable(change_id))
            .order_by(attempts.c.sent_at, attempts.c.id)
        )
        return [to_attempt(row) for row in (await self.unit.execute(query)).all()]

    async def answer(self, attempt_id: str, *, result: str) -> bool:
        """Record the answer of an attempt, now. False: it has one already."""
        statement = (
            update(attempts)
            .where(attempts.c.id == attempt_id, attempts.c.answered_at.is_(None))
            .values(answered_at=self.unit.now, result=result)
        )
        return (await self.unit.execute(statement)).rowcount == 1
