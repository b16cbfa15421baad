"""What the clock does about approvals that do not come: say that nobody can, remind once, escalate once.

All of it is rows: a worker that starts after a week finds what is due, and two workers do it once.
"""

from bot.desk.approval_results import Reminded
from bot.desk.desk import Desk
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.policy import Action, Policy
from storage.database import Transaction

_WAITING = frozenset({ChangeState.AWAITING_APPROVAL})


async def remind(desk: Desk) -> Reminded:
    """One round. While the policy is broken nobody could approve, and nobody is reminded."""
    policy = desk.policies()
    if policy.fault is not None:
        return Reminded()
    async with desk.database.read() as tx:
        unlooked, due = await tx.approvals.to_look_for(), await tx.approvals.to_remind()
    without = [await _look_for_approvers(desk, policy, change_id) for change_id in unlooked]
    reminded = [await _remind(desk, policy, change_id) for change_id in due]
    async with desk.database.read() as tx:
        late = await tx.approvals.to_escalate()
    escalated = [await _escalate(desk, policy, change_id) for change_id in late]
    return Reminded(reminded=sum(reminded), escalated=sum(escalated), without_approver=sum(without))


async def _look_for_approvers(desk: Desk, policy: Policy, change_id: str) -> bool:
    """Whether too few people hold a role that approves: then the asker is told at once, and the card says so."""
    async with desk.database.read() as tx:
        change = await tx.changes.get(change_id)
    found = None if change is None else await _enough(desk, policy, change)
    async with desk.database.write() as tx:
        held = await _held(tx, change_id)
        if held is None or not await tx.approvals.looked(change_id, found=found) or found is not False:
            return False
        entry = entry_by_system(
            AuditName.CHANGE_NO_APPROVER, before=held, after=held, data={"needed": held.approvals_needed}
        )
        await tell(tx, desk, change=held, entry=entry, notice=True)
    desk.wake()
    return True


async def _enough(desk: Desk, policy: Policy, change: Change) -> bool | None:
    """Whether enough people could approve; None where a source of roles cannot say who holds them."""
    known = await desk.directory.holders(policy.actions.get(Action.APPROVE, frozenset()))
    able = {
        actor
        for actor in known.actors
        if actor.team_id == change.team_id and (actor != change.asker or policy.approval.self_approval)
    }
    if len(able) >= change.approvals_needed:
        return True
    return False if known.complete else None


async def _remind(desk: Desk, policy: Policy, change_id: str) -> bool:
    async with desk.database.write() as tx:
        held = await _held(tx, change_id)
        if held is None or not await tx.approvals.reminded(change_id):
            return False
        await _tell(tx, desk, AuditName.CHANGE_REMIND, held, mention=policy.approval.notify)
    desk.wake()
    return True


async def _escalate(desk: Desk, policy: Policy, change_id: str) -> bool:
    """Without anybody to escalate to there is nothing left for the clock to do but the end."""
    async with desk.database.write() as tx:
        held = await _held(tx, change_id)
        if held is None:
            return False
        if policy.approval.escalate_to is None:
            await tx.approvals.close(change_id)
            return False
        if not await tx.approvals.escalated(change_id):
            return False
        await _tell(tx, desk, AuditName.CHANGE_ESCALATE, held, mention=policy.approval.escalate_to)
    desk.wake()
    return True


async def _held(tx: Transaction, change_id: str) -> Change | None:
    """The change while it waits; where it does not any more, the question is closed."""
    held = await tx.approvals.hold(change_id, states=_WAITING)
    if held is None:
        await tx.approvals.close(change_id)
    return held


async def _tell(tx: Transaction, desk: Desk, name: AuditName, change: Change, *, mention: str | None) -> None:
    await tell(
        tx, desk, change=change, entry=entry_by_system(name, before=change, after=change, data={"mention": mention})
    )
