"""Positive evidence of an order's outcome, read from the service. What is absent proves nothing (design.md)."""

from collections.abc import Sequence
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

_NEVER_LEFT: Final = frozenset(
    f"not_now:{why}"
    for why in ("not_sent", "options_unreadable", "subscription_unreadable", "woke_too_late", "mark_not_confirmed")
)
"""Results of attempts of which not a byte was sent. A 429 is none: something between us may have sent a copy first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the service shows. `failed` rests on its own record of our call, never on something missing.

    `attempt` is the one that `completed` or `failed` is about. `unread`: the service could not be asked for all of it.
    """

    completed: bool = False
    failed: bool = False
    by: str = ""
    attempt: Attempt | None = None
    target_subscription_id: str | None = None
    follow_ups: tuple[FollowUp, ...] = field(default=(), repr=False)
    unread: bool = False


def that_left(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """The attempts that the service, or something before it, may have seen."""
    return tuple(each for each in attempts if each.result not in _NEVER_LEFT)


async def find_evidence(desk: Desk, *, change: Change, attempts: Sequence[Attempt]) -> Evidence:
    """Look at the service's records of our calls, and at what the customer holds. Never raises ServiceTrouble.

    `attempts` are those that left, in the order of sending, one at least: any of them may be the one that acted.
    """
    customer_id, last = change.facts.customer_id, attempts[-1]
    since, correlation_id, unread = attempts[0].sent_at, desk.ids.uuid(), False
    hits: list[AuditHit] = []
    held: tuple[Subscription, ...] = ()
    try:
        hits = await desk.service.audit_of(
            frozenset(each.correlation_id for each in attempts),
            since=since,
            customer_id=customer_id,
            correlation_id=correlation_id,
        )
    except ServiceTrouble as error:
        unread = True
        log.info("audit_records_unreadable", change_id=change.id, error=type(error).__name__)
    try:
        held = await desk.service.subscriptions(customer_id, correlation_id=correlation_id)
    except (ServiceTrouble, NotThere) as error:
        unread = unread or isinstance(error, ServiceTrouble)
        log.info("subscriptions_unreadable", change_id=change.id, error=type(error).__name__)
    target = _target(change, held, since=since)
    ours = [each for each in hits if each.operation == _OPERATION and _same(each.customer_id, customer_id)]
    succeeded = next((each for each in ours if each.status == "succeeded"), None)
    if succeeded is not None:
        return Evidence(
            completed=True,
            by="audit_record",
            attempt=_of(succeeded, attempts),
            target_subscription_id=_named(change, ours) or target,
            follow_ups=succeeded.follow_ups,
        )
    if target is not None and _gone(change, held):
        return Evidence(completed=True, by="source_gone_target_there", attempt=last, target_subscription_id=target)
    if any(each.status == "failed" and _of(each, attempts) == last for each in ours) and _left_alone(change, held):
        return Evidence(failed=True, by="audit_record", attempt=last)
    return Evidence(unread=unread)


def untouched(change: Change, found: Subscription) -> bool:
    """Whether the subscription is as it was ordered from: then no order of this change was carried out on it."""
    facts = change.facts
    return found.active and _same(found.offer.id, facts.offer_id) and found.quantity == facts.quantity


def _of(hit: AuditHit, attempts: Sequence[Attempt]) -> Attempt:
    return next((each for each in attempts if _same(each.correlation_id, hit.call_id)), attempts[-1])


def _named(change: Change, ours: list[AuditHit]) -> str | None:
    """The one other subscription that the records of success name."""
    source = change.facts.subscription_id
    succeeded = (each for each in ours if each.status == "succeeded")
    named = {each for hit in succeeded for each in hit.subscription_ids if not _same(each, source)}
    return next(iter(named)) if len(named) == 1 else None


def _target(change: Change, held: tuple[Subscription, ...], *, since: datetime) -> str | None:
    """The one subscription of the target offer, as many seats as ordered, made since the sending; None for 0 or 2."""
    facts = change.facts
    made = [
        each
        for each in held
        if _same(each.offer.id, facts.target_offer_id or "")
        and each.status != SubscriptionStatus.DELETED
        and each.created_at is not None
        and each.created_at >= since - _CLOCKS
    ]
    # Two of the target offer leave open which is ours, whatever their seats; one of other seats is not ours.
    return made[0].id if len(made) == 1 and made[0].quantity == facts.target_quantity else None


def _gone(change: Change, held: tuple[Subscription, ...]) -> bool:
    """Whether the source is seen as cancelled, or is no longer in a list that was read."""
    source = [each for each in held if _same(each.id, change.facts.subscription_id)]
    return bool(held) and all(each.status == SubscriptionStatus.DELETED for each in source)


def _left_alone(change: Change, held: tuple[Subscription, ...]) -> bool:
    """Whether the source is there as it was: a failure on record may be that of a second copy, made by others."""
    return any(_same(each.id, change.facts.subscription_id) and untouched(change, each) for each in held)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
