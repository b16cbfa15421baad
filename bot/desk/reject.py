"""Reject a change that waits for an approval, with a reason."""

from typing import Final

from bot.desk.approval_results import Decided
from bot.desk.deciding import Press, find_change, press
from bot.desk.desk import Desk
from bot.desk.reasons import Ended
from bot.desk.trail import tell
from bot.desk.typed import typed
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeState, Outcome
from bot.domain.errors import UpgradeDeskError
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.approval_records import DecisionKind
from storage.database import Transaction
from storage.records import ChangeUpdate

FIELD: Final = "reason"


async def reject(desk: Desk, *, caller: Caller, change_id: str, reason: str, deadline: float | None = None) -> Decided:
    """End a change that waits for an approval. Whoever may approve may reject; neither a stop nor a freeze prevents it.

    Raises BadInput (the reason is required), AlreadyDecided, Refused and what `press` raises. The reason is then the
    outcome's `error_text`.
    """
    change = await find_change(desk, change_id)

    async def claim(tx: Transaction, pressed: Press) -> Decided | UpgradeDeskError:
        words = typed(reason, field=FIELD, most=desk.config.note_limit, required=True)
        if (own := pressed.own_change) is not None:
            return await pressed.refused(tx, own)
        held = await tx.approvals.hold(pressed.change.id, states={ChangeState.AWAITING_APPROVAL})
        if held is None:
            return await pressed.lost(tx)
        await tx.approvals.decide(pressed.decision(tx, held))
        outcome = Outcome(error_code=Ended.REJECTED, error_text=words)
        after = await tx.changes.move(held.id, to=ChangeState.REJECTED, set=ChangeUpdate(outcome=outcome))
        if after is None:
            raise AssertionError("a held change moved under the claim")
        await tell(tx, desk, change=after, entry=pressed.entry(before=held, after=after, free_text=words))
        return Decided(change=after, counted=0, needed=after.approvals_needed)

    return await press(
        desk,
        caller=caller,
        change=change,
        action=Action.APPROVE,
        tried=AuditName.CHANGE_REJECT,
        kind=DecisionKind.REJECT,
        claim=claim,
        deadline=deadline,
    )
