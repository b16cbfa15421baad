"""Reviews: what somebody saw in an approval modal, before it is submitted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.domain.facts import Facts
from bot.domain.people import Actor
from storage.approval_records import Review
from storage.repositories.change_rows import facts_text
from storage.repositories.pruning import BATCH, prune
from storage.tables.approvals import reviews
from storage.types import storable
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Reviews:
    """The reviews of all changes."""

    unit: Unit

    async def add(self, review: Review) -> None:
        """Keep a review."""
        await self.unit.execute(
            insert(reviews).values(
                id=review.id,
                change_id=review.change_id,
                facts_version=review.facts_version,
                actor_team_id=review.actor.team_id,
                actor_user_id=review.actor.user_id,
                facts=facts_text(review.facts),
                created_at=review.created_at,
            )
        )

    async def get(self, review_id: str) -> Review | None:
        """The review; None: never made, or pruned."""
        row = (await self.unit.execute(select(reviews).where(reviews.c.id == storable(review_id)))).first()
        if row is None:
            return None
        return Review(
            id=row.id,
            change_id=row.change_id,
            facts_version=row.facts_version,
            actor=Actor(team_id=row.actor_team_id, user_id=row.actor_user_id),
            facts=Facts.model_validate_json(row.facts),
            created_at=row.created_at,
        )

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Delete at most `limit` reviews made before then; returns how many."""
        return await prune(self.unit, reviews, age=reviews.c.created_at, before=before, limit=limit)
