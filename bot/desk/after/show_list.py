"""Show the accounts that need work after an upgrade, and tick those that are done. Each look leaves a trace."""

from bot.desk.admit import admit
from bot.desk.after.reach import FollowUps, Reached, reach
from bot.desk.desk import Desk
from bot.domain.audit import AuditName
from bot.domain.errors import ChangeUnknown, TooLate
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.database import Transaction

_LEAST = 0.05
"""Seconds below which a write is not begun."""


async def show_list(desk: Desk, *, caller: Caller, change_id: str) -> FollowUps:
    """The list of a change. Raises ChangeUnknown, Refused (not theirs, or no longer one of the roles), Undetermined."""
    reached = await reach(desk, caller=caller, change_id=change_id, tried=AuditName.FOLLOW_UPS_READ)
    async with desk.database.write() as tx:
        found = await now(tx, reached)
        await tx.audit.append(reached.entry(accounts=len(found.accounts)))
    return found


async def tick(desk: Desk, *, caller: Caller, key: str, done: bool, deadline: float | None = None) -> FollowUps:
    """Say that the account behind `key` is done, or is not; the list as it is then. Twice is once.

    Raises ChangeUnknown where the key was never made or its name is deleted, and as `show_list`; TooLate: nothing
    was recorded. `deadline` by the desk's monotonic clock.
    """
    until = deadline if deadline is not None else desk.clock.monotonic() + desk.config.write_deadline
    async with desk.database.read() as tx:
        account = await tx.follow_ups.by_key(key)
    try:
        if account is None:  # whoever may not look learns that, and not which keys there are
            within = left(desk, until)
            await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.FOLLOW_UPS_TICK, within=within)
            raise ChangeUnknown
        reached = await reach(
            desk,
            caller=caller,
            change_id=account.change_id,
            tried=AuditName.FOLLOW_UPS_TICK,
            within=left(desk, until),
        )
    except TimeoutError as error:
        raise TooLate from error
    async with desk.database.write(within=left(desk, until)) as tx:
        await tx.follow_ups.list_of(account.change_id, hold=True)
        changed = await tx.follow_ups.tick(key, done=done, by=caller.actor)
        found = await now(tx, reached)
        if changed:
            open_ = sum(each.done_at is None for each in found.accounts)
            await tx.audit.append(reached.entry(done=done, open=open_, accounts=len(found.accounts)))
    return found


async def now(tx: Transaction, reached: Reached) -> FollowUps:
    """The list as it is in this transaction."""
    change_id = reached.change.id
    return FollowUps(
        change=reached.change,
        person=reached.admission.person,
        work=await tx.follow_ups.list_of(change_id),
        accounts=tuple(await tx.follow_ups.of(change_id)),
    )


def left(desk: Desk, until: float) -> float:
    """Seconds to `until`. Raises TooLate where there are none worth beginning with."""
    seconds = until - desk.clock.monotonic()
    if seconds < _LEAST:
        raise TooLate
    return seconds
