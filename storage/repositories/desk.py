"""Drafts and handles: what stands behind a modal and behind a button."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.domain.changes import ChangeKind
from bot.domain.facts import Facts
from bot.domain.people import Actor
from storage.records import Draft, Handle
from storage.repositories.change_rows import facts_text
from storage.repositories.pruning import BATCH, prune
from storage.tables.desk import drafts, handles
from storage.types import storable, to_json
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Drafts:
    """What was shown in a confirmation, before it is submitted."""

    unit: Unit

    async def add(self, draft: Draft) -> None:
        """Keep a draft."""
        await self.unit.execute(
            insert(drafts).values(
                id=draft.id,
                team_id=draft.team_id,
                actor_team_id=draft.actor.team_id,
                actor_user_id=draft.actor.user_id,
                kind=draft.kind.value,
                facts=facts_text(draft.facts),
                listed=None if draft.listed is None else facts_text(draft.listed),
                locale=draft.locale,
                created_at=draft.created_at,
                customer_id=draft.customer_id,
                subscription_id=draft.subscription_id,
                target_offer_id=draft.target_offer_id,
                prefill_note=draft.prefill_note,
            )
        )

    async def get(self, draft_id: str) -> Draft | None:
        """The draft; None: never made, or pruned."""
        row = (await self.unit.execute(select(drafts).where(drafts.c.id == storable(draft_id)))).first()
        if row is None:
            return None
        return Draft(
            id=row.id,
            team_id=row.team_id,
            actor=Actor(team_id=row.actor_team_id, user_id=row.actor_user_id),
            kind=ChangeKind(row.kind),
            facts=Facts.model_validate_json(row.facts),
            listed=None if row.listed is None else Facts.model_validate_json(row.listed),
            locale=row.locale,
            created_at=row.created_at,
            customer_id=row.customer_id,
            subscription_id=row.subscription_id,
            target_offer_id=row.target_offer_id,
            prefill_note=row.prefill_note,
        )

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Delete at most `limit` drafts made before then; returns how many."""
        return await prune(self.unit, drafts, age=drafts.c.created_at, before=before, limit=limit)


@dataclass(frozen=True, slots=True)
class Handles:
    """What opaque values stand for."""

    unit: Unit

    async def add(self, made: Sequence[Handle]) -> None:
        """Keep them all, with one statement."""
        if made:
            await self.unit.execute(
                insert(handles),
                [
                    {
                        "id": handle.id,
                        "team_id": handle.team_id,
                        "user_id": handle.user_id,
                        "purpose": handle.purpose,
                        "data": to_json(handle.data),
                        "created_at": handle.created_at,
                    }
                    for handle in made
                ],
            )

    async def get(self, handle_id: str) -> Handle | None:
        """The handle; None: made up, or pruned."""
        row = (await self.unit.execute(select(handles).where(handles.c.id == storable(handle_id)))).first()
        if row is None:
            return None
        return Handle(
            id=row.id,
            team_id=row.team_id,
            user_id=row.user_id,
            purpose=row.purpose,
            data=json.loads(row.data),
            created_at=row.created_at,
        )

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Delete at most `limit` handles made before then; returns how many."""
        return await prune(self.unit, handles, age=handles.c.created_at, before=before, limit=limit)
