"""Withdraw a change: its asker alone, until it is being submitted."""

from bot.desk.approval_results import Decided
from bot.desk.deciding import Press, find_change, press
from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.trail import tell
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeState
from bot.domain.errors import Refused, UpgradeDeskError
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.approval_records import DecisionKind
from storage.database import Transaction

_FROM = frozenset({ChangeState.AWAITING_APPROVAL, ChangeState.APPROVED})


async def withdraw(desk: Desk, *, caller: Caller, change_id: str, deadline: float | None = None) -> Decided:
    """Take a change back that waits for an approval, or that is approved and waits out an outage.

    One that was sent before is not sent again, and stays approved until the worker has looked what came of that
    (docs/decisions/0057): then it is withdrawn, unless the sending shows.

    Raises Refused(NOT_YOURS) for everybody but its asker, AlreadyDecided (being submitted, too) and what `press`
    raises. Whoever may ask may withdraw: neither a stop nor a freeze prevents it.
    """
    change = await find_change(desk, change_id)

    async def claim(tx: Transaction, pressed: Press) -> Decided | UpgradeDeskError:
        if not pressed.by_asker:
            return await pressed.refused(tx, Refused(Why.NOT_YOURS))
        held = await tx.approvals.hold(pressed.change.id, states=_FROM)
        if held is None:
            return await pressed.lost(tx)
        await tx.approvals.decide(pressed.decision(tx, held))
        after = await tx.changes.over(held.id)  # sent before: the worker looks what came of it, and ends it
        if after is None:
            after = await tx.changes.move(held.id, to=ChangeState.WITHDRAWN)
        if after is None:
            raise AssertionError("a held change moved under the claim")
        await tell(tx, desk, change=after, entry=pressed.entry(before=held, after=after))
        return Decided(change=after, counted=0, needed=after.approvals_needed)

    return await press(
        desk,
        caller=caller,
        change=change,
        action=Action.REQUEST,
        tried=AuditName.CHANGE_WITHDRAW,
        kind=DecisionKind.WITHDRAW,
        claim=claim,
        deadline=deadline,
    )
