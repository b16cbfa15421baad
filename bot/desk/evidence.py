"""Positive evidence of an order's outcome, read from the service. What is absent proves nothing (design.md)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.domain.changes import Attempt, Change, FollowUp
from bot.domain.customers import Subscription
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.domain.errors import NotThere, ServiceTrouble
from bot.eligibility.client import AuditHit

log = structlog.get_logger(__name__)

_OPERATION: Final = "upgrade_subscription"
_CLOCKS: Final = timedelta(minutes=2)
"""How far the service's clock may be behind ours: creation dates are compared with the sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the service shows. `failed` rests on its own record of our call, never on something missing."""

    completed: bool = False
    failed: bool = False
    by: str = ""
    target_subscription_id: str | None = None
    follow_ups: tuple[FollowUp, ...] = field(default=(), repr=False)


NO_EVIDENCE: Final = Evidence()


async def find_evidence(desk: Desk, *, change: Change, attempt: Attempt) -> Evidence:
    """Look at the service's records of our call, and at what the customer holds. Never raises ServiceTrouble."""
    customer_id, source_id = change.facts.customer_id, change.facts.subscription_id
    correlation_id = desk.ids.uuid()
    hits: list[AuditHit] = []
    held: tuple[Subscription, ...] = ()
    try:
        hits = await desk.service.audit_of(
            attempt.correlation_id, since=attempt.sent_at, customer_id=customer_id, correlation_id=correlation_id
        )
    except ServiceTrouble as error:
        log.info("audit_records_unreadable", change_id=change.id, error=type(error).__name__)
    try:
        held = await desk.service.subscriptions(customer_id, correlation_id=correlation_id)
    except (ServiceTrouble, NotThere) as error:
        log.info("subscriptions_unreadable", change_id=change.id, error=type(error).__name__)
    target = _target(change, held, since=attempt.sent_at)
    ours = [each for each in hits if each.operation == _OPERATION and _same(each.customer_id, customer_id)]
    succeeded = [each for each in ours if each.status == "succeeded"]
    if succeeded:
        named = {each for hit in succeeded for each in hit.subscription_ids if not _same(each, source_id)}
        told = next(iter(named)) if len(named) == 1 else target
        follow_ups = succeeded[0].follow_ups
        return Evidence(completed=True, by="audit_record", target_subscription_id=told, follow_ups=follow_ups)
    if target is not None and _gone(change, held):
        return Evidence(completed=True, by="source_gone_target_there", target_subscription_id=target)
    if any(each.status == "failed" for each in ours):
        return Evidence(failed=True, by="audit_record")
    return NO_EVIDENCE


def _target(change: Change, held: tuple[Subscription, ...], *, since: datetime) -> str | None:
    """The one subscription of the target offer made since the sending; None where there is none, or more than one."""
    facts = change.facts
    made = [
        each.id
        for each in held
        if _same(each.offer.id, facts.target_offer_id or "")
        and each.status != SubscriptionStatus.DELETED
        and each.created_at is not None
        and each.created_at >= since - _CLOCKS
    ]
    return made[0] if len(made) == 1 else None


def _gone(change: Change, held: tuple[Subscription, ...]) -> bool:
    """Whether the source is seen as cancelled, or is no longer in a list that was read."""
    source = [each for each in held if _same(each.id, change.facts.subscription_id)]
    return bool(held) and all(each.status == SubscriptionStatus.DELETED for each in source)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
