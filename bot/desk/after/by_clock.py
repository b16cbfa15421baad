"""What the clock does about lists: remind while accounts are open, delete the names when their time is over.

All of it is rows: a worker that starts after a week finds what is due, and two workers do it once.
"""

from collections.abc import Mapping

from bot.desk.after.tell_holder import tell_holder
from bot.desk.desk import Desk
from bot.desk.trail import entry_by_system
from bot.domain.audit import AuditName
from storage.follow_up_records import FollowUpList

Data = Mapping[str, str | int | bool | None]


async def remind_of_lists(desk: Desk) -> int:
    """Remind the holders of lists on which something is open; returns how many."""
    async with desk.database.read() as tx:
        due = await tx.follow_ups.to_remind()
    reminded = sum([await _remind(desk, each.change_id) for each in due])
    if reminded:
        desk.wake()
    return reminded


async def forget_names(desk: Desk) -> int:
    """Delete the names of lists whose time is over (`FOLLOW_UPS_KEEP`); returns of how many lists.

    A time that was made shorter holds for the lists that are there, too; a longer one only for new ones.
    """
    async with desk.database.read() as tx:
        due = await tx.follow_ups.to_forget(begun_by=tx.now - desk.config.follow_ups_keep)
    return sum([await _forget(desk, each) for each in due])


async def _remind(desk: Desk, change_id: str) -> bool:
    async with desk.database.write() as tx:
        work, change = await tx.follow_ups.list_of(change_id, hold=True), await tx.changes.get(change_id)
        if work is None or change is None:
            return False
        again = tx.now + desk.config.follow_ups_remind if work.open and work.deleted_at is None else None
        if not await tx.follow_ups.remind_again(change_id, at=again) or again is None:
            return False
        data: Data = {"to": work.holder.user_id, "open": work.open, "accounts": work.total}
        entry = entry_by_system(AuditName.FOLLOW_UPS_REMIND, before=change, after=change, data=data)
        row = await tx.audit.append(entry)
        await tell_holder(tx, desk, change=change, number=row.number)
    return True


async def _forget(desk: Desk, due: FollowUpList) -> bool:
    async with desk.database.write() as tx:
        work, change = await tx.follow_ups.list_of(due.change_id, hold=True), await tx.changes.get(due.change_id)
        if work is None or work.deleted_at is not None or change is None:
            return False
        gone = await tx.follow_ups.forget(due.change_id)
        data: Data = {"accounts": gone, "open": work.open}
        await tx.audit.append(entry_by_system(AuditName.FOLLOW_UPS_FORGET, before=change, after=change, data=data))
    return True
