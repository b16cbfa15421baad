"""Reviews: what somebody saw in an approval modal, before it is submitted."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, insert, select

from bot.domain.changes import Change
from bot.domain.facts import Facts
from bot.domain.people import Actor
from storage.approval_records import Review
from storage.repositories.change_rows import facts_text, to_change
from storage.repositories.pruning import BATCH, prune
from storage.tables.approvals import reviews
from storage.tables.changes import changes
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
        found = await self.with_change(review_id)
        return None if found is None else found[0]

    async def with_change(self, review_id: str) -> tuple[Review, Change] | None:
        """The review, and the change that it is about as it is now; one statement."""
        row = (await self.unit.execute(_with_change(), {"of_review": storable(review_id)})).first()
        if row is None:
            return None
        review = Review(
            id=row.review_id,
            change_id=row.id,
            facts_version=row.review_facts_version,
            actor=Actor(team_id=row.review_actor_team_id, user_id=row.review_actor_user_id),
            facts=Facts.model_validate_json(row.review_facts),
            created_at=row.review_created_at,
        )
        return review, to_change(row)

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Delete at most `limit` reviews made before then; returns how many."""
        return await prune(self.unit, reviews, age=reviews.c.created_at, before=before, limit=limit)


@cache
def _with_change() -> Select[Any]:
    seen = [each.label(f"review_{each.name}") for each in reviews.c]
    return (
        select(changes, *seen)
        .join_from(reviews, changes, changes.c.id == reviews.c.change_id)
        .where(reviews.c.id == bindparam("of_review"))
    )
