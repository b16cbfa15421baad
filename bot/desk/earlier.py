"""A change that was sent before and may be sent again: did an earlier attempt act after all?

A 429 proves that nothing happened, unless something between us sent a copy that was carried out and what came back was
the second one's answer. So nothing that such an order would explain ends as "nothing ordered": it ends by evidence.
"""

import asyncio
from typing import Final

import structlog

from bot.desk.after.begin import begin_list
from bot.desk.checking import FIRST_CHECK
from bot.desk.desk import Desk
from bot.desk.evidence import Evidence, find_evidence, that_left
from bot.desk.reasons import Ended
from bot.desk.second_look import Holds, Impossible, Moved
from bot.desk.trail import entry_by_system, tell
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Attempt, Change, ChangeKind, ChangeState, Outcome
from bot.eligibility.client import Declined, OrderAnswer, Unclear
from storage.records import ChangeUpdate

log = structlog.get_logger(__name__)

_GONE: Final = frozenset({Ended.SUBSCRIPTION_GONE, Ended.CUSTOMER_NOT_FOUND})
_REPLACED: Final = frozenset({"status", "offer_id"})


async def ended_before(desk: Desk, *, owner: str, change: Change, seen: Holds | Moved | Impossible) -> bool:
    """Whether the change was ended (or is somebody else's by now): completed on positive evidence, or unknown.

    False: no earlier attempt shows, and what the second look saw is none's doing.
    """
    async with desk.database.read() as tx:
        attempts = that_left(await tx.attempts.of(change.id))
    if not attempts:
        return False
    try:
        async with asyncio.timeout(desk.config.look_deadline):
            evidence = await find_evidence(desk, change=change, attempts=attempts)
    except TimeoutError:
        evidence = Evidence(unread=True)
    if not evidence.completed and not may_be_ours(change, seen):
        return False
    attempt = evidence.attempt or attempts[-1]
    state = ChangeState.COMPLETED if evidence.completed else ChangeState.UNKNOWN
    found = Outcome(
        target_subscription_id=evidence.target_subscription_id,
        quantity=change.facts.target_quantity,
        correlation_id=attempt.correlation_id,
        follow_ups=len(evidence.follow_ups),
        error_code=None if evidence.completed else Ended.OUTCOME_UNKNOWN,
        reference=None if evidence.completed else desk.ids.reference(),
    )
    log.warning("earlier_attempt_shows", change_id=change.id, attempt_id=attempt.id, answer=state)
    async with desk.database.write() as tx:
        update = ChangeUpdate(outcome=found, due_at=tx.now + FIRST_CHECK)
        after = await tx.changes.move(change.id, to=state, lease_owner=owner, set=update)
        if after is None:
            return True
        await begin_list(tx, desk, change=change, accounts=evidence.follow_ups)
        entry = entry_by_system(
            AuditName.SUBMIT_OUTCOME,
            before=change,
            after=after,
            verdict=AuditVerdict.DONE if evidence.completed else AuditVerdict.UNDETERMINED,
            reason=evidence.by or "moved_after_an_attempt",
            data={
                "request_id": attempt.request_id,
                "correlation_id": attempt.correlation_id,
                "result": attempt.result,
                "target_subscription_id": evidence.target_subscription_id,
                "follow_ups": len(evidence.follow_ups),
            },
        )
        await tell(tx, desk, change=after, entry=entry)
    return True


def may_be_ours(change: Change, seen: Holds | Moved | Impossible) -> bool:
    """Whether an order of this change, carried out or still under way, would explain what the second look saw."""
    if isinstance(seen, Holds):
        return False
    if isinstance(seen, Impossible) and (seen.pending or seen.why in _GONE):
        return True
    facts = change.facts
    left = facts.target_quantity if change.kind is ChangeKind.SEATS else facts.quantity - facts.target_quantity
    return any(each.field in _REPLACED or (each.field == "quantity" and each.after == left) for each in seen.moves)


async def unless_ours(desk: Desk, *, change: Change, attempt: Attempt, answer: Declined) -> OrderAnswer:
    """What was not even sent, because the number had moved: unclear where it moved to the total of this change.

    It may be an earlier attempt's doing, between the second look and the reading just before the order.
    """
    if answer.quantity_now != change.facts.target_quantity:
        return answer
    async with desk.database.read() as tx:
        earlier = [each for each in await tx.attempts.of(change.id) if each.id != attempt.id]
    return Unclear(why="moved_after_an_attempt") if that_left(earlier) else answer
