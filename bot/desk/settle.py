"""Settle by hand an outcome that never showed: a second person, after a day, says what they saw in Partner Center."""

import re
from typing import Final

from bot.desk.approval_results import Decided
from bot.desk.deciding import Press, find_change, press
from bot.desk.desk import Desk
from bot.desk.reasons import Ended, Problem, Why
from bot.desk.trail import tell
from bot.desk.typed import typed
from bot.domain.audit import AuditName
from bot.domain.changes import SETTLEABLE, Change, ChangeState, Outcome
from bot.domain.errors import BadInput, Refused, UpgradeDeskError
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.approval_records import DecisionKind
from storage.database import Transaction
from storage.records import ChangeUpdate

ORDER_FIELD: Final = "order_id"
SEEN_FIELD: Final = "seen"
SETTLED: Final = frozenset({ChangeState.COMPLETED, ChangeState.FAILED})
_ORDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


async def settle(
    desk: Desk,
    *,
    caller: Caller,
    change_id: str,
    as_: ChangeState,
    order_id: str,
    seen: str,
    deadline: float | None = None,
) -> Decided:
    """Say how a change ended that is unknown, or was accepted and never heard of again, with what was seen.

    `order_id` (wanted for completed) is the order, or the new subscription, as Partner Center shows it; `seen` is what
    whoever settles saw there. Not before `settle_after` since it became so: Refused(TOO_EARLY, at).
    Not by its asker: Refused(OWN_CHANGE). Raises BadInput, AlreadyDecided and what `press` raises; ValueError for a
    state that settles nothing.
    """
    if as_ not in SETTLED:
        raise ValueError(f"{as_} settles nothing")
    change = await find_change(desk, change_id)

    async def claim(tx: Transaction, pressed: Press) -> Decided | UpgradeDeskError:
        words = typed(seen, field=SEEN_FIELD, most=desk.config.note_limit, required=True)
        order = _order(order_id, required=as_ is ChangeState.COMPLETED)
        if (own := pressed.own_change) is not None:
            return await pressed.refused(tx, own)
        held = await tx.approvals.hold(pressed.change.id, states=SETTLEABLE, not_expired=False)
        if held is None:
            return await pressed.lost(tx)
        if (at := held.changed_at + desk.config.settle_after) > tx.now:
            return await pressed.refused(tx, Refused(Why.TOO_EARLY, at=at), held)
        for attempt in await tx.attempts.of(held.id):
            await tx.attempts.answer(attempt.id, result=f"settled:{as_}")
        await tx.approvals.decide(pressed.decision(tx, held))
        after = await tx.changes.move(held.id, to=as_, set=ChangeUpdate(outcome=_outcome(held, as_, order)))
        if after is None:
            raise AssertionError("a held change moved under the claim")
        data = {"order_id": order, "self_settled": pressed.by_asker}
        await tell(tx, desk, change=after, entry=pressed.entry(before=held, after=after, data=data, free_text=words))
        return Decided(change=after, counted=0, needed=after.approvals_needed)

    return await press(
        desk,
        caller=caller,
        change=change,
        action=Action.SETTLE,
        tried=AuditName.CHANGE_SETTLE,
        kind=DecisionKind.SETTLE,
        claim=claim,
        deadline=deadline,
    )


def _order(text: str, *, required: bool) -> str | None:
    bare = text.strip()
    if not bare and not required:
        return None
    if not bare:
        raise BadInput(field=ORDER_FIELD, problem=Problem.EMPTY)
    if _ORDER.fullmatch(bare) is None:
        raise BadInput(field=ORDER_FIELD, problem=Problem.NO_ORDER_ID)
    return bare


def _outcome(change: Change, as_: ChangeState, order: str | None) -> Outcome:
    was = change.outcome or Outcome()
    completed = as_ is ChangeState.COMPLETED
    return Outcome(
        quantity=was.quantity if completed else None,
        correlation_id=was.correlation_id,
        accounts_total=was.accounts_total,
        error_code=None if completed else Ended.SETTLED_FAILED,
        reference=was.reference,
        order_id=order,
    )
