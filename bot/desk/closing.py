"""A change that was sent, came back to be sent again, and is over: withdrawn, or past its time.

What the first sending did is not known without a look (docs/decisions/0057), so the clock and its asker only end its
time. The worker claims it once more, looks, and ends it: by evidence, or as what it was to become.
"""

from bot.desk.desk import Desk
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from storage.approval_records import Decision, DecisionKind


def is_over(change: Change) -> bool:
    """Whether a change was claimed after its time: to be looked into, not to be sent."""
    return change.changed_at >= change.expires_at


def withdrawn_by(made: tuple[Decision, ...]) -> Decision | None:
    """The decision by which it was withdrawn; None where the last one is another one."""
    return made[-1] if made and made[-1].kind is DecisionKind.WITHDRAW else None


async def close(desk: Desk, *, owner: str, change: Change) -> None:
    """End it: no sending of it shows. The claim is given back in the same transaction."""
    async with desk.database.write() as tx:
        before = await tx.changes.move(change.id, to=ChangeState.APPROVED, lease_owner=owner)
        if before is None:
            return
        withdrawn = withdrawn_by(await tx.approvals.of(change.id)) is not None
        after = await tx.changes.move(change.id, to=ChangeState.WITHDRAWN if withdrawn else ChangeState.EXPIRED)
        if after is None:
            raise AssertionError("a held change moved under the claim")
        name = AuditName.SUBMIT_OUTCOME if withdrawn else AuditName.CHANGE_EXPIRE
        await tell(tx, desk, change=after, entry=entry_by_system(name, before=before, after=after, reason="not_sent"))
