"""Let a direct message go out to whoever holds a list."""

from bot.desk.desk import Desk
from bot.domain.changes import Change
from storage.database import Transaction
from storage.records import OutboxItem, OutboxKind

_PRIORITY = 5
"""Behind the outcome that it follows, before the steps."""


async def tell_holder(tx: Transaction, desk: Desk, *, change: Change, number: int) -> None:
    """One message for the entry `number` (a handover, a reminder), drawn from the list as it is when it is sent."""
    await tx.outbox.add(
        OutboxItem(
            id=desk.ids.opaque(),
            team_id=change.team_id,
            kind=OutboxKind.FOLLOW_UPS,
            change_id=change.id,
            due_at=tx.now,
            priority=_PRIORITY,
            audit_number=number,
        )
    )
