"""Begin the list of accounts that need work, with the outcome that names them."""

from collections.abc import Sequence

from bot.desk.desk import Desk
from bot.domain.changes import Change, FollowUp
from storage.database import Transaction
from storage.follow_up_records import NewList


async def begin_list(tx: Transaction, desk: Desk, *, change: Change, accounts: Sequence[FollowUp]) -> None:
    """Keep the accounts, in the asker's hands, with a time to remind and a time at which the names go."""
    await tx.follow_ups.add(
        NewList(
            change_id=change.id,
            team_id=change.team_id,
            holder=change.asker,
            accounts=tuple(accounts),
            keys=tuple(desk.ids.opaque() for _ in accounts),
            remind_at=tx.now + desk.config.follow_ups_remind,
            delete_at=tx.now + desk.config.follow_ups_keep,
        )
    )
