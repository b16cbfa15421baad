"""Where each change's card stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, or_, select

from storage.records import Card
from storage.tables.outgoing import cards
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of all changes."""

    unit: Unit

    async def get(self, change_id: str) -> Card | None:
        """The card of a change; None: not posted yet."""
        row = (await self.unit.execute(select(cards).where(cards.c.change_id == change_id))).first()
        return None if row is None else _card(row)

    async def of_all(self, change_ids: Sequence[str]) -> dict[str, Card]:
        """The cards of these changes, as far as they are posted."""
        rows = (await self.unit.execute(select(cards).where(cards.c.change_id.in_(change_ids)))).all()
        return {row.change_id: _card(row) for row in rows}

    async def put(self, card: Card) -> bool:
        """Note what a card shows. False: the same message was noted with a later version already; nothing is done."""
        statement = self.unit.insert(cards).values(
            change_id=card.change_id, channel_id=card.channel_id, ts=card.ts, row_version=card.row_version
        )
        given = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=[cards.c.change_id],
            set_={"channel_id": given.channel_id, "ts": given.ts, "row_version": given.row_version},
            where=or_(
                cards.c.row_version <= given.row_version,
                cards.c.ts != given.ts,
                cards.c.channel_id != given.channel_id,
            ),
        )
        return (await self.unit.execute(statement.returning(cards.c.change_id))).first() is not None

    async def gone(self, card: Card) -> None:
        """Forget where a card stood: the message is not there any more, and another one will be."""
        await self.unit.execute(
            delete(cards).where(
                cards.c.change_id == card.change_id, cards.c.channel_id == card.channel_id, cards.c.ts == card.ts
            )
        )


def _card(row: Row[Any]) -> Card:
    return Card(change_id=row.change_id, channel_id=row.channel_id, ts=row.ts, row_version=row.row_version)
