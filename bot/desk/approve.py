"""Approve a change: the version of the facts that was seen, counted once for each person, by one claim."""

from bot.desk.approval_results import Decided
from bot.desk.deciding import Press, press
from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.desk.still_allowed import forbidden_by_now
from bot.desk.trail import refusal_entry, tell
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState, Outcome
from bot.domain.errors import (
    ChangeUnknown,
    FactsMoved,
    HandleTooOld,
    HandleUnknown,
    NotPossibleAnyMore,
    Refused,
    UpgradeDeskError,
)
from bot.domain.facts import Move, moved
from bot.domain.people import Caller
from bot.domain.policy import Action
from storage.approval_records import DecisionKind, Review, Standing
from storage.database import Transaction
from storage.records import ChangeUpdate, Switch


async def approve(desk: Desk, *, caller: Caller, review_id: str, deadline: float | None = None) -> Decided:
    """Count this person's approval of the facts of `review_id`; with the last one needed the change is approved.

    Raises FactsMoved where those are not the facts that the change rests on by now: newer ones are recorded as its
    next version, for which nobody has approved yet, and `error.review_id` stands for what has to be submitted anew.
    Raises AlreadyDecided, NotPossibleAnyMore, Refused, HandleTooOld, HandleUnknown (after admission: a made-up id tells
    a stranger nothing, and their attempt is entered) and what `press` raises.
    """
    review, change = await desk.database.ask(lambda tx: tx.reviews.with_change(review_id)) or (None, None)

    async def claim(tx: Transaction, pressed: Press) -> Decided | UpgradeDeskError:
        return HandleUnknown() if review is None else await _claim(tx, pressed, review)

    try:
        return await press(
            desk,
            caller=caller,
            change=change,
            action=Action.APPROVE,
            tried=AuditName.CHANGE_APPROVE,
            kind=DecisionKind.APPROVE,
            claim=claim,
            deadline=deadline,
        )
    except ChangeUnknown as error:
        if review is not None:
            raise
        raise HandleUnknown from error


async def hindrance_of_approving(
    tx: Transaction, pressed: Press, change: Change, *, stopped: Switch | None
) -> UpgradeDeskError | None:
    """What stands against approving this change, whatever its facts; None where nothing does."""
    if (own := pressed.own_change) is not None:
        return own
    if stopped is not None:
        return Refused(Why.STOPPED)
    why = await forbidden_by_now(tx, pressed.desk, policy=pressed.admission.policy, change=change)
    return None if why is None else Refused(why)


async def _claim(tx: Transaction, pressed: Press, review: Review) -> Decided | UpgradeDeskError:
    if review.actor != pressed.caller.actor:
        return await pressed.refused(tx, Refused(Why.NOT_YOURS))
    change = await tx.approvals.hold(review.change_id, states={ChangeState.AWAITING_APPROVAL})
    if change is None:
        return await pressed.lost(tx)
    if tx.now - review.created_at > pressed.desk.config.handle_max_age:
        return HandleTooOld()
    standing = await tx.approvals.standing(change.id)
    error = await hindrance_of_approving(tx, pressed, change, stopped=standing.stopped)
    if error is None and not review.facts.permitted:
        error = NotPossibleAnyMore()
    if error is not None:
        return await pressed.refused(tx, error, change)
    # Of another version, also with the same facts: the same submit twice must not count where it was to be done anew.
    if review.facts_version != change.facts_version or moved(before=change.facts, after=review.facts):
        return await _moved(tx, pressed, change, review)
    return await _count(tx, pressed, change, standing)


async def _count(tx: Transaction, pressed: Press, change: Change, standing: Standing) -> Decided:
    """Note the approval; each person counts once. The change is approved by the conditional move alone."""
    new = await tx.approvals.decide(pressed.decision(tx, change))
    version = change.facts_version
    before = [each for each in standing.made if (each.kind, each.facts_version) == (DecisionKind.APPROVE, version)]
    counted, needed = len(before) + int(new), change.approvals_needed  # the row is held: nobody else decides meanwhile
    if not new:
        return Decided(change=change, counted=counted, needed=needed, again=True)
    after: Change | None = change
    if counted >= needed:
        after = await tx.changes.move(
            change.id,
            to=ChangeState.APPROVED,
            facts_version=change.facts_version,
            not_expired=True,
            # What had moved was seen and approved: the card need not say it any more.
            set=ChangeUpdate(due_at=tx.now, outcome=None if change.outcome is None else Outcome()),
        )
    if after is None:
        raise AssertionError("a held change moved under the claim")
    data = {"counted": counted, "needed": needed, "self_approved": pressed.by_asker}
    await tell(tx, pressed.desk, change=after, entry=pressed.entry(before=change, after=after, data=data))
    return Decided(change=after, counted=counted, needed=needed)


async def _moved(tx: Transaction, pressed: Press, change: Change, review: Review) -> FactsMoved:
    """What was seen is not what the change rests on: newer facts become its next version, older ones are shown anew."""
    differences = moved(before=review.facts, after=change.facts)
    if review.facts.read_at <= change.facts.read_at or not differences:
        moves = differences or (change.outcome or Outcome()).moves
        error = FactsMoved(moves=moves, change=change, review_id=await _next_review(tx, pressed, change))
        entry = refusal_entry(
            error,
            caller=pressed.caller,
            tried=pressed.tried,
            admission=pressed.admission,
            change=change,
            data={"seen_version": review.facts_version, "moved": _names(moves)},
        )
        await tx.audit.append(entry)
        return error
    moves = moved(before=change.facts, after=review.facts)
    after = await tx.approvals.restate(
        change.id, facts=review.facts, facts_version=change.facts_version, outcome=Outcome(moves=moves)
    )
    entry = pressed.entry(
        before=change,
        after=after,
        verdict=AuditVerdict.REFUSED,
        reason=FactsMoved.code,
        data={"seen_version": review.facts_version, "moved": _names(moves)},
    )
    error = FactsMoved(moves=moves, change=after, review_id=await _next_review(tx, pressed, after))
    await tell(tx, pressed.desk, change=after, entry=entry)
    return error


async def _next_review(tx: Transaction, pressed: Press, change: Change) -> str:
    """A review of the facts that the change rests on now, for the same person to submit anew."""
    review_id = pressed.desk.ids.opaque()
    await tx.reviews.add(
        Review(
            id=review_id,
            change_id=change.id,
            facts_version=change.facts_version,
            actor=pressed.caller.actor,
            facts=change.facts,
            created_at=tx.now,
        )
    )
    return review_id


def _names(moves: tuple[Move, ...]) -> str:
    return ",".join(each.field for each in moves)
