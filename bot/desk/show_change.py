"""Show a change before a decision that wants words: whoever may not decide it is told so before they type."""

from collections.abc import Collection

from bot.desk.admit import admit
from bot.desk.deciding import Press, decided_by, find_change
from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.trail import refusal_entry, refuse
from bot.domain.audit import AuditName
from bot.domain.changes import SETTLEABLE, Change, ChangeState
from bot.domain.errors import ChangeUnknown, Refused, UpgradeDeskError
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.approval_records import DecisionKind

S = ChangeState


async def show_to_reject(desk: Desk, *, caller: Caller, change_id: str) -> Change:
    """The change, to somebody who may reject it now. Raises ChangeUnknown, AlreadyDecided and as `admit` does."""
    pressed = await _admitted(
        desk,
        caller=caller,
        change_id=change_id,
        action=Action.APPROVE,
        tried=AuditName.CHANGE_REJECT,
        kind=DecisionKind.REJECT,
    )
    return await _decidable(pressed, states={S.AWAITING_APPROVAL})


async def show_to_settle(desk: Desk, *, caller: Caller, change_id: str) -> Change:
    """The same for settling an unknown outcome; Refused(TOO_EARLY, at) while it may still be found."""
    pressed = await _admitted(
        desk,
        caller=caller,
        change_id=change_id,
        action=Action.SETTLE,
        tried=AuditName.CHANGE_SETTLE,
        kind=DecisionKind.SETTLE,
    )
    return await _decidable(pressed, states=SETTLEABLE)


async def _admitted(
    desk: Desk, *, caller: Caller, change_id: str, action: Action, tried: AuditName, kind: DecisionKind
) -> Press:
    change = await find_change(desk, change_id)
    if change is not None and change.team_id != caller.installed_team_id:
        change = None
    admission = await admit(desk, caller=caller, action=action, tried=tried, change=change)
    if change is None:
        raise ChangeUnknown
    return Press(desk=desk, caller=caller, admission=admission, change=change, tried=tried, kind=kind)


async def _decidable(pressed: Press, *, states: Collection[ChangeState]) -> Change:
    desk, change = pressed.desk, pressed.change
    error: UpgradeDeskError | None = pressed.own_change
    if error is None:
        error = await _against(desk, change, states=states)
    if error is not None:
        entry = refusal_entry(
            error, caller=pressed.caller, tried=pressed.tried, admission=pressed.admission, change=change
        )
        await refuse(desk, error=error, entry=entry)
    return change


async def _against(desk: Desk, change: Change, *, states: Collection[ChangeState]) -> UpgradeDeskError | None:
    async with desk.database.read() as tx:
        # Only what waits for an approval expires; an unknown outcome stays unknown.
        expired = change.state is S.AWAITING_APPROVAL and change.expires_at <= tx.now
        if change.state not in states or expired:
            return await decided_by(tx, change)
        at = change.changed_at + desk.config.settle_after
        early = change.state in SETTLEABLE and at > tx.now
    return Refused(Why.TOO_EARLY, at=at) if early else None
