"""Submit a claimed change: second look, sent mark, one call, outcome (design.md, "The way of a press that decides").

What may never happen: two orders for one change. So the mark is committed before the call, under a lease that outlasts
it; the call is never repeated; and whoever finds a mark without an answer calls the change unknown.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from bot.desk.asker_now import asker_by_now
from bot.desk.closing import close, is_over
from bot.desk.declined import proven
from bot.desk.desk import LEASE_MARGIN, Desk
from bot.desk.earlier import ended_before, unless_ours
from bot.desk.endings import give_back, give_back_in, moved_or_impossible, refuse_change, rehearsed
from bot.desk.orders import order_of
from bot.desk.outcome import record_outcome
from bot.desk.reasons import Ended, Why
from bot.desk.second_look import Holds, second_look
from bot.desk.still_allowed import forbidden_by_now
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditEntry, AuditName
from bot.domain.changes import Attempt, Change, Outcome
from bot.domain.errors import ServiceTrouble
from bot.domain.policy import Mode, Policy, Verdict
from bot.eligibility.client import Declined, NotNow
from storage.database import Transaction
from storage.errors import AttemptPending, CommitUnknown

log = structlog.get_logger(__name__)

LEAST: Final = 5.0
"""Seconds below which an order is not begun: too short a wait would make outcomes unknown for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A committed mark: this attempt may be sent until `until`, and is the sender's until `leased` (monotonic)."""

    change: Change
    attempt: Attempt
    until: float
    leased: float
    entry: dict[str, Any] | None = field(repr=False)
    accounts_total: int | None


async def submit(desk: Desk, *, owner: str, change: Change) -> None:
    """Carry a change, claimed as `owner` with the desk's lease, as far as it goes. Raises StorageUnavailable only.

    Never longer than the lease. Where it ends early, `sweep` gives the change back or calls it unknown.
    """
    try:
        async with asyncio.timeout(desk.config.look_deadline):
            seen = await second_look(desk, change)
    except (ServiceTrouble, TimeoutError) as error:
        log.warning("second_look_failed", change_id=change.id, error=type(error).__name__)
        await give_back(desk, owner=owner, change=change, reason="service_trouble")
        return
    if change.attempts and await ended_before(desk, owner=owner, change=change, seen=seen):
        return
    if is_over(change):
        await close(desk, owner=owner, change=change)
        return
    if not isinstance(seen, Holds):
        await moved_or_impossible(desk, owner=owner, change=change, seen=seen)
        return
    policy = desk.policies()
    asker = await asker_by_now(desk, policy=policy, change=change)
    if asker.unclear is not None:
        await give_back(desk, owner=owner, change=change, reason=asker.unclear, by=asker.verdict)
    elif (why := asker.why or await _forbidden(desk, policy, change)) is not None:
        outcome = Outcome(error_code=why)
        await refuse_change(desk, owner=owner, change=change, reason=why, outcome=outcome, by=asker.verdict)
    elif change.rehearsal:
        await rehearsed(desk, owner=owner, change=change)
    else:
        try:
            sending = await _mark(desk, owner, change, seen, by=asker.verdict)
        except AttemptPending:
            log.error("attempt_pending", change_id=change.id)  # noqa: TRY400 - the event says all
            return
        if sending is not None:
            await _send(desk, owner, sending)


async def _forbidden(desk: Desk, policy: Policy, change: Change) -> Why | Ended | None:
    """Why it may not be sent any more, by the policy and the mode of this moment."""
    async with desk.database.read() as tx:
        why = await forbidden_by_now(tx, desk, policy=policy, change=change)
    if why is None and desk.mode(policy) is Mode.REHEARSAL and not change.rehearsal:
        return Ended.REHEARSAL_NOW
    return why


async def _mark(desk: Desk, owner: str, change: Change, seen: Holds, *, by: Verdict) -> Sending | None:
    """Commit that it is being sent. None: nothing is sent, and that is recorded or left to the lease."""
    began, sending = desk.clock.monotonic(), None
    try:
        async with desk.database.write() as tx:
            sending = await _mark_in(tx, desk, owner, change, seen, began=began, by=by)
    except CommitUnknown:
        # Without a confirmed mark nothing is sent. Should it have been kept after all, this answers it.
        log.warning("mark_not_confirmed", change_id=change.id)
        if sending is not None:
            unsent = NotNow(retry_after=0.0, why="mark_not_confirmed")
            await record_outcome(desk, owner=owner, change=change, attempt=sending.attempt, answer=unsent)
        return None
    return sending


async def _mark_in(
    tx: Transaction, desk: Desk, owner: str, change: Change, seen: Holds, *, began: float, by: Verdict
) -> Sending | None:
    """The mark. None: the lease is lost or too short, or orders are stopped. `began` is before the transaction did."""
    seconds = ((change.lease_until or tx.now) - tx.now).total_seconds() - LEASE_MARGIN
    stopped = await tx.switches.stopped() is not None
    if stopped or seconds < LEAST:
        reason = Why.STOPPED if stopped else "lease_too_short"
        await give_back_in(tx, desk, owner=owner, change=change, reason=reason)
        return None
    marked = await tx.changes.sending(change.id, lease_owner=owner)
    if marked is None:
        log.warning("lease_lost", change_id=change.id)
        return None
    attempt = Attempt(
        id=desk.ids.opaque(),
        change_id=change.id,
        request_id=desk.ids.uuid(),
        correlation_id=desk.ids.uuid(),
        sent_at=tx.now,
    )
    await tx.attempts.add(attempt)
    await tell(tx, desk, change=marked, entry=_sent(change, marked, attempt, by))
    return Sending(
        change=marked,
        attempt=attempt,
        until=began + min(seconds, desk.config.send_timeout),
        leased=began + seconds,
        entry=seen.entry,
        accounts_total=seen.accounts_total,
    )


async def _send(desk: Desk, owner: str, sending: Sending) -> None:
    """One call, if there is still time for it by the monotonic clock (a process that slept wakes up here)."""
    left = sending.until - desk.clock.monotonic()
    change, attempt = sending.change, sending.attempt
    if left < min(LEAST, desk.config.send_timeout / 2):
        late = NotNow(retry_after=0.0, why="woke_too_late")
        await record_outcome(desk, owner=owner, change=change, attempt=attempt, answer=late)
        return
    order = order_of(change.kind)
    answer = await order.send(desk, change=change, attempt=attempt, entry=sending.entry, seconds=left)
    log.info("order_answered", change_id=change.id, answer=type(answer).__name__)
    if isinstance(answer, Declined) and answer.sent:
        answer = await proven(desk, change=change, answer=answer, until=sending.leased)
    elif isinstance(answer, Declined):
        answer = await unless_ours(desk, change=change, attempt=attempt, answer=answer)
    await record_outcome(
        desk,
        owner=owner,
        change=change,
        attempt=attempt,
        answer=answer,
        accounts_total=sending.accounts_total,
    )


def _sent(before: Change, after: Change, attempt: Attempt, by: Verdict) -> AuditEntry:
    return entry_by_system(
        AuditName.SUBMIT_SEND,
        before=before,
        after=after,
        by=by,
        data={
            "attempt": after.attempts,
            "request_id": attempt.request_id,
            "correlation_id": attempt.correlation_id,
            "target_offer_id": after.facts.target_offer_id,
            "quantity": after.facts.target_quantity,
        },
    )
