"""Prepare an approval: read everything again, say what moved since it was asked for, keep what the reader saw."""

from bot.desk.admit import admit
from bot.desk.approval_results import ApprovalSheet
from bot.desk.approval_status import approval_status
from bot.desk.approve import hindrance_of_approving
from bot.desk.deciding import Press, decided_by, find_change
from bot.desk.desk import Desk
from bot.desk.facts import services_known
from bot.desk.orders import order_of
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import ChangeUnknown, NotPossibleAnyMore, UpgradeDeskError
from bot.domain.facts import moved
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.approval_records import DecisionKind, Review


async def prepare_approval(desk: Desk, *, caller: Caller, change_id: str) -> ApprovalSheet:
    """What "Check and approve" leads to: the facts as read now. Nothing is decided by it.

    Raises ChangeUnknown, AlreadyDecided, Refused (the asker's own change, and as `admit` does), CustomerNotFound,
    SubscriptionGone and ServiceTrouble.
    """
    change = await find_change(desk, change_id)
    if change is not None and change.team_id != caller.installed_team_id:
        change = None
    admission = await admit(desk, caller=caller, action=Action.APPROVE, tried=AuditName.CHANGE_APPROVE, change=change)
    if change is None:
        raise ChangeUnknown
    pressed = Press(
        desk=desk,
        caller=caller,
        admission=admission,
        change=change,
        tried=AuditName.CHANGE_APPROVE,
        kind=DecisionKind.APPROVE,
    )
    await _decidable(pressed, change)
    seen = await order_of(change.kind).read(desk, change)
    review_id = desk.ids.opaque()
    async with desk.database.write() as tx:
        change = await tx.changes.get(change.id) or change
        review = Review(
            id=review_id,
            change_id=change.id,
            facts_version=change.facts_version,
            actor=caller.actor,
            facts=seen.facts,
            created_at=tx.now,
        )
        await tx.reviews.add(review)
        against = await hindrance_of_approving(tx, pressed, change, stopped=await tx.switches.stopped())
        status = await approval_status(tx, desk, change)
    if against is None and not seen.facts.permitted:
        against = NotPossibleAnyMore()
    return ApprovalSheet(
        change=change,
        review_id=review_id,
        facts=seen.facts,
        source=seen.subscription.offer,
        target=seen.target,
        services_known=services_known(seen.subscription.offer, seen.target),
        moves=moved(before=change.facts, after=seen.facts),
        reasons=seen.reasons,
        person=admission.person,
        status=status,
        hindrance=against,
    )


async def _decidable(pressed: Press, change: Change) -> None:
    """Refuse at once what reading the facts would not change: one's own change, and one that was decided."""
    error: UpgradeDeskError | None = pressed.own_change
    async with pressed.desk.database.read() as tx:
        if change.state is not ChangeState.AWAITING_APPROVAL or change.expires_at <= tx.now:
            error = await decided_by(tx, change)
    if error is not None:
        entry = refusal_entry(
            error, caller=pressed.caller, tried=pressed.tried, admission=pressed.admission, change=change
        )
        await refuse(pressed.desk, error=error, entry=entry)
