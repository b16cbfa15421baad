"""Positive evidence of an order's outcome, read from the service. What is absent proves nothing (design.md)."""

from collections.abc import Sequence

import structlog

from bot.desk.desk import Desk
from bot.desk.order import Evidence, Shown, same
from bot.desk.orders import order_of
from bot.domain.changes import NEVER_LEFT, Attempt, Change
from bot.domain.customers import Subscription
from bot.domain.errors import NotThere, ServiceTrouble
from bot.eligibility.client import AuditHit

__all__ = ["Evidence", "find_evidence", "that_left"]

log = structlog.get_logger(__name__)


def that_left(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """The attempts that the service, or something before it, may have seen."""
    return tuple(each for each in attempts if each.result not in NEVER_LEFT)


async def find_evidence(desk: Desk, *, change: Change, attempts: Sequence[Attempt]) -> Evidence:
    """Look at the service's records of our calls, and at what the customer holds. Never raises ServiceTrouble.

    `attempts` are those that left, in the order of sending, one at least: any of them may be the one that acted.
    """
    customer_id, correlation_id, unread = change.facts.customer_id, desk.ids.uuid(), False
    hits: list[AuditHit] = []
    held: tuple[Subscription, ...] = ()
    try:
        hits = await desk.service.audit_of(
            frozenset(each.correlation_id for each in attempts),
            since=attempts[0].sent_at,
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
    records = [each for each in hits if same(each.customer_id, customer_id)]
    shown = Shown(change=change, attempts=attempts, records=records, held=held, unread=unread)
    return await order_of(change.kind).evidence(desk, shown)
