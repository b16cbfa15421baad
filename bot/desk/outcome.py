"""Record how an order came out: state, the attempt's answer and the entry in one transaction.

What cannot be recorded before the lease ends stays a mark without an answer, and becomes unknown.
"""

import asyncio
import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.desk.after.begin import begin_list
from bot.desk.checking import FIRST_CHECK
from bot.desk.desk import Desk
from bot.desk.reasons import Ended
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Attempt, Change, ChangeState, FollowUp, Outcome
from bot.domain.facts import Move
from bot.eligibility.client import AcceptedForLater, Declined, Done, NotNow, OrderAnswer, Unclear
from storage.database import Transaction
from storage.errors import StorageUnavailable
from storage.records import ChangeUpdate

log = structlog.get_logger(__name__)

_TRIES: Final = (0.0, 0.2, 1.0, 3.0)
"""Seconds before the first tries of recording, together less than the margin that a sender leaves of its lease."""

_LATER_TRIES: Final = 5.0
"""Seconds before each further one, as long as the lease lasts."""

_TEXT_LIMIT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    """What an answer makes of the change. `result` None: the attempt stays without an answer."""

    state: ChangeState
    reason: str
    result: str | None
    update: ChangeUpdate
    name: AuditName = AuditName.SUBMIT_OUTCOME
    verdict: AuditVerdict = AuditVerdict.DONE
    follow_ups: tuple[FollowUp, ...] = ()


class _LeaseLost(Exception):
    """Rolls the recording back: the change is no longer this sender's."""


async def record_outcome(
    desk: Desk,
    *,
    owner: str,
    change: Change,
    attempt: Attempt,
    answer: OrderAnswer,
    accounts_total: int | None = None,
) -> None:
    """Record the answer of an attempt, if the lease still holds; a yes of the service's is recorded in any case."""
    until = desk.clock.monotonic() + _left(desk, change)
    for pause in itertools.chain(_TRIES, itertools.repeat(_LATER_TRIES)):
        if pause == _LATER_TRIES and desk.clock.monotonic() + pause > until:
            break
        await asyncio.sleep(pause)
        try:
            async with desk.database.write() as tx:
                ending = _ending(
                    desk, change=change, attempt=attempt, answer=answer, accounts_total=accounts_total, now=tx.now
                )
                await _record(tx, desk, owner=owner, change=change, attempt=attempt, ending=ending)
        except _LeaseLost:
            return await _note_late(desk, change=change, attempt=attempt, answer=answer)
        except StorageUnavailable:
            log.warning("outcome_not_recorded", change_id=change.id, attempt_id=attempt.id)
        else:
            return None
    log.error("outcome_lost", change_id=change.id, attempt_id=attempt.id, answer=type(answer).__name__)
    return None


def _left(desk: Desk, change: Change) -> float:
    """Seconds of the lease; by our clock, which the margin of the lease allows to be a little wrong."""
    return 0.0 if change.lease_until is None else (change.lease_until - desk.clock.now()).total_seconds()


async def _record(
    tx: Transaction, desk: Desk, *, owner: str, change: Change, attempt: Attempt, ending: _Ending
) -> None:
    before = await _held(tx, change)  # the change, then its attempt: the one order (docs/decisions/0047)
    if ending.result is not None and not await tx.attempts.answer(attempt.id, result=ending.result):
        return  # an earlier try was committed after all
    after = await tx.changes.move(change.id, to=ending.state, lease_owner=owner, set=ending.update)
    if after is None and ending.state is ChangeState.COMPLETED:
        # The lease lapsed meanwhile and the change may be unknown by now: the service's own yes settles that.
        after = await tx.changes.move(change.id, to=ending.state, set=ending.update)
    if after is None:
        raise _LeaseLost
    await begin_list(tx, desk, change=change, accounts=ending.follow_ups)
    entry = entry_by_system(
        ending.name,
        before=before,
        after=after,
        verdict=ending.verdict,
        reason=ending.reason,
        data={
            "request_id": attempt.request_id,
            "correlation_id": attempt.correlation_id,
            "result": ending.result,
            "target_subscription_id": None if after.outcome is None else after.outcome.target_subscription_id,
            "follow_ups": len(ending.follow_ups),
        },
    )
    await tell(tx, desk, change=after, entry=entry)


async def _held(tx: Transaction, change: Change) -> Change:
    """The row as it is, held to the commit: no entry tells of a state that a sweep beside it has just ended."""
    return await tx.changes.held(change.id) or change


async def _note_late(desk: Desk, *, change: Change, attempt: Attempt, answer: OrderAnswer) -> None:
    """The lease was over when the answer came: the change is unknown, and whoever settles it finds the answer here."""
    log.warning("answer_too_late", change_id=change.id, attempt_id=attempt.id, answer=type(answer).__name__)
    async with desk.database.write() as tx:
        current = await _held(tx, change)
        entry = entry_by_system(
            AuditName.SUBMIT_OUTCOME,
            before=current,
            after=current,
            verdict=AuditVerdict.UNDETERMINED,
            reason="answer_too_late",
            data={"correlation_id": attempt.correlation_id, "answer": _word(answer)},
        )
        await tell(tx, desk, change=current, entry=entry)


def _word(answer: OrderAnswer) -> str:
    """What came back, for whoever settles it: a no that could not be proven any more is told apart from silence."""
    return answer.why if isinstance(answer, Unclear) else type(answer).__name__


def _ending(
    desk: Desk,
    *,
    change: Change,
    attempt: Attempt,
    answer: OrderAnswer,
    accounts_total: int | None,
    now: datetime,
) -> _Ending:
    quantity, correlation_id = change.facts.target_quantity, attempt.correlation_id
    if isinstance(answer, Done):
        return _Ending(
            state=ChangeState.COMPLETED,
            reason="done",
            result="done",
            follow_ups=answer.follow_ups,
            update=ChangeUpdate(
                outcome=Outcome(
                    target_subscription_id=answer.target_subscription_id,
                    quantity=answer.quantity,
                    correlation_id=correlation_id,
                    follow_ups=len(answer.follow_ups),
                    accounts_total=accounts_total,
                )
            ),
        )
    if isinstance(answer, AcceptedForLater):
        outcome = Outcome(quantity=quantity, correlation_id=correlation_id, accounts_total=accounts_total)
        return _Ending(
            state=ChangeState.ACCEPTED,
            reason="accepted",
            result="accepted",
            update=ChangeUpdate(outcome=outcome, due_at=now + FIRST_CHECK),
        )
    if isinstance(answer, Declined) and answer.quantity_now is not None:
        move = Move(field="quantity", before=change.facts.quantity, after=answer.quantity_now)
        return _Ending(
            state=ChangeState.REFUSED,
            name=AuditName.SUBMIT_REFUSE,
            reason=Ended.FACTS_MOVED,
            result=f"declined:{answer.code}",
            verdict=AuditVerdict.REFUSED,
            update=ChangeUpdate(outcome=Outcome(error_code=Ended.FACTS_MOVED, moves=(move,))),
        )
    if isinstance(answer, Declined):
        code = answer.code or Ended.NOT_OFFERED
        outcome = Outcome(
            correlation_id=correlation_id,
            error_code=code,
            error_text=answer.text[:_TEXT_LIMIT],
            reference=desk.ids.reference(),
        )
        return _Ending(
            state=ChangeState.FAILED,
            reason=code,
            result=f"declined:{code}",
            verdict=AuditVerdict.REFUSED,
            update=ChangeUpdate(outcome=outcome),
        )
    if isinstance(answer, NotNow):
        pause = max(timedelta(seconds=answer.retry_after), desk.config.retry_after)
        return _Ending(
            state=ChangeState.APPROVED,
            name=AuditName.SUBMIT_RETRY,
            reason=answer.why,
            result=f"not_now:{answer.why}",
            verdict=AuditVerdict.UNDETERMINED,
            update=ChangeUpdate(due_at=now + pause),
        )
    outcome = Outcome(
        quantity=quantity,
        correlation_id=correlation_id,
        accounts_total=accounts_total,
        error_code=Ended.OUTCOME_UNKNOWN,
        reference=desk.ids.reference(),
    )
    return _Ending(
        state=ChangeState.UNKNOWN,
        reason=answer.why,
        result=None,
        verdict=AuditVerdict.UNDETERMINED,
        update=ChangeUpdate(outcome=outcome, due_at=now + FIRST_CHECK),
    )
