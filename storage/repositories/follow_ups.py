"""Accounts that need work after an upgrade. Their names stand here and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from bot.domain.changes import FollowUp
from storage.repositories.change_rows import to_follow_up
from storage.tables.changes import follow_ups
from storage.types import to_json
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The follow-ups of all changes."""

    unit: Unit

    async def add(self, change_id: str, items: Sequence[FollowUp]) -> None:
        """Record them, in their order, once per change (with its outcome)."""
        if items:
            await self.unit.execute(
                insert(follow_ups),
                [
                    {
                        "change_id": change_id,
                        "position": position,
                        "user_id": item.user_id,
                        "name": item.name,
                        "principal_name": item.principal_name,
                        "services": to_json(item.services),
                    }
                    for position, item in enumerate(items)
                ],
            )

    async def of(self, change_id: str) -> list[FollowUp]:
        """The follow-ups of a change, in their order."""
        query = select(follow_ups).where(follow_ups.c.change_id == change_id).order_by(follow_ups.c.position)
        return [to_follow_up(row) for row in (await self.unit.execute(query)).all()]
