"""Have a change's card drawn anew: after somebody else drew it from a row that has moved on since."""

from typing import Final

from bot.desk.desk import Desk
from bot.domain.changes import Change
from storage.records import OutboxItem, OutboxKind

_PRIORITY: Final = 3


async def redraw_card(desk: Desk, *, change: Change) -> None:
    """Put the card into the outbox; where one waits already, nothing is added."""
    async with desk.database.write() as tx:
        await tx.outbox.add(
            OutboxItem(
                id=desk.ids.opaque(),
                team_id=change.team_id,
                kind=OutboxKind.CARD,
                change_id=change.id,
                due_at=tx.now,
                priority=_PRIORITY,
            )
        )
    desk.wake()
