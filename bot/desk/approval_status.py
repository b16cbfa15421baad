"""Where an approval stands, for whoever draws a change: who approved, who may, what a person decided last."""

from collections.abc import Sequence

from bot.desk.approval_results import ApprovalStatus
from bot.desk.desk import Desk
from bot.domain.changes import SETTLEABLE, Change, ChangeState
from bot.domain.policy import Action
from storage.approval_records import ApprovalRequest, Decision, DecisionKind
from storage.database import Transaction


async def approval_status(tx: Transaction, desk: Desk, change: Change) -> ApprovalStatus:
    """The status of a change that was read in the same transaction."""
    return _status(desk, change, await tx.approvals.of(change.id), await tx.approvals.request(change.id))


async def approval_statuses(tx: Transaction, desk: Desk, changes: Sequence[Change]) -> dict[str, ApprovalStatus]:
    """The same for many, by the change's id, in two statements."""
    ids = [each.id for each in changes]
    if not ids:
        return {}
    made, asked = await tx.approvals.of_all(ids), await tx.approvals.requests(ids)
    return {each.id: _status(desk, each, made.get(each.id, ()), asked.get(each.id)) for each in changes}


def _status(desk: Desk, change: Change, made: Sequence[Decision], request: ApprovalRequest | None) -> ApprovalStatus:
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
