"""Where an approval stands, for whoever draws a change: who approved, who may, what a person decided last."""

from bot.desk.approval_results import ApprovalStatus
from bot.desk.desk import Desk
from bot.domain.changes import SETTLEABLE, Change, ChangeState
from bot.domain.policy import Action
from storage.approval_records import DecisionKind
from storage.database import Transaction


async def approval_status(tx: Transaction, desk: Desk, change: Change) -> ApprovalStatus:
    """The status of a change that was read in the same transaction."""
    made = await tx.approvals.of(change.id)
    request = await tx.approvals.request(change.id)
    given = [each for each in made if each.kind is DecisionKind.APPROVE and each.facts_version == change.facts_version]
    lacking = request is not None and request.found is False and change.state is ChangeState.AWAITING_APPROVAL
    settleable = change.state in SETTLEABLE
    return ApprovalStatus(
        needed=change.approvals_needed,
        given=tuple(given),
        reasons=() if request is None else request.reasons,
        may=desk.policies().actions.get(Action.APPROVE, frozenset()),
        decision=made[-1] if made else None,
        reminded_at=None if request is None else request.reminded_at,
        escalated_at=None if request is None else request.escalated_at,
        without_approver=request.looked_at if request is not None and lacking else None,
        settle_from=change.changed_at + desk.config.settle_after if settleable else None,
    )
