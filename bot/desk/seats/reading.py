"""Read what a change of seats rests on: the subscription as it is now, its limit, what stands against more seats."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.domain.customers import Customer, Reason, ReasonKind, Subscription
from bot.domain.errors import ServiceTrouble, SubscriptionGone
from bot.domain.facts import Facts

log = structlog.get_logger(__name__)

OPEN_CHANGE: Final = "open_change"
PASSING: Final = frozenset({ReasonKind.OPERATION_PENDING, ReasonKind.NOT_PROVISIONED})
"""Reasons against an upgrade that stand against seats too: the service tells them with its upgrade options alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLook:
    """One reading. `reasons` are the service's and the limit's; our own open changes are the store's to tell."""

    customer: Customer
    subscription: Subscription
    limit: int | None
    reasons: tuple[Reason, ...]
    read_at: datetime

    def facts(self, *, total: int | None = None, expected: int | None = None) -> Facts:
        """The facts of changing to `total` seats (None: as many as there are, for a number that is yet to come).

        `expected` is the number that the total was reckoned from: from another one it means something else, so such a
        change is not permitted any more.
        """
        held, refund = self.subscription, refund_of(self.subscription, now=self.read_at)
        wanted = held.quantity if total is None else total
        fits = self.limit is None or wanted <= self.limit
        moved = expected is not None and expected != held.quantity
        return Facts(
            customer_id=self.customer.id,
            customer_name=self.customer.name,
            customer_domain=self.customer.domain,
            subscription_id=held.id,
            subscription_name=held.friendly_name,
            offer_id=held.offer.id,
            offer_name=held.offer.name,
            quantity=held.quantity,
            status=held.status,
            ends_on=held.ends_on,
            target_quantity=wanted,
            permitted=not self.reasons and fits and not moved,
            seat_limit=self.limit,
            refundable_quantity=refund[0],
            refundable_until=refund[1],
            term=held.term,
            read_at=self.read_at,
        )


async def look_at_seats(desk: Desk, *, customer_id: str, subscription_id: str) -> SeatLook:
    """Read customer, subscription and what is pending side by side.

    Raises ServiceTrouble, CustomerNotFound, SubscriptionGone. What is pending may stay unread: the service refuses.
    """
    correlation_id, service = desk.ids.uuid(), desk.service
    reads = (
        asyncio.ensure_future(service.customer(customer_id, correlation_id=correlation_id)),
        asyncio.ensure_future(service.subscription(customer_id, subscription_id, correlation_id=correlation_id)),
        asyncio.ensure_future(_pending(desk, customer_id, subscription_id, correlation_id=correlation_id)),
    )
    try:
        customer, subscription, pending = await asyncio.gather(*reads)
    finally:
        for each in reads:
            each.cancel()
    limit = subscription.offer.seat_limit
    return SeatLook(
        customer=customer,
        subscription=subscription,
        limit=limit,
        reasons=reasons_against(subscription, limit=limit, pending=pending),
        read_at=desk.clock.now(),
    )


async def pending_of(
    desk: Desk, *, customer_id: str, subscriptions: Sequence[Subscription], correlation_id: str
) -> Mapping[str, tuple[Reason, ...]]:
    """What is under way at the service for each subscription, by its id, as far as it is found out in short time."""
    gate = asyncio.Semaphore(desk.config.side_by_side)
    found: dict[str, tuple[Reason, ...]] = {}

    async def read(subscription_id: str) -> None:
        async with gate:
            found[subscription_id] = await _pending(desk, customer_id, subscription_id, correlation_id=correlation_id)

    try:
        async with asyncio.timeout(desk.config.accounts_deadline), asyncio.TaskGroup() as group:
            for each in subscriptions:
                group.create_task(read(each.id))
    except TimeoutError:
        log.info("pending_unread", count=len(subscriptions) - len(found))
    return found


async def _pending(desk: Desk, customer_id: str, subscription_id: str, *, correlation_id: str) -> tuple[Reason, ...]:
    try:
        async with asyncio.timeout(desk.config.accounts_deadline):
            options = await desk.service.options(customer_id, subscription_id, correlation_id=correlation_id)
    except (ServiceTrouble, SubscriptionGone, TimeoutError):
        return ()
    told = (reason for option in options for reason in option.reasons if reason.kind in PASSING)
    return tuple({each.kind: each for each in told}.values())


def reasons_against(
    subscription: Subscription, *, limit: int | None, pending: Sequence[Reason] = ()
) -> tuple[Reason, ...]:
    """Why no seat can be added to it."""
    if not subscription.active:
        status = subscription.status
        return (Reason(kind=ReasonKind.NOT_ACTIVE, raw_code=ReasonKind.NOT_ACTIVE, status=status),)
    reasons = tuple(pending)
    if limit is not None and subscription.quantity >= limit:
        reasons = (Reason(kind=ReasonKind.SEAT_LIMIT, raw_code=ReasonKind.SEAT_LIMIT, raw_text=str(limit)), *reasons)
    return reasons


def refund_of(subscription: Subscription, *, now: datetime) -> tuple[int | None, datetime | None]:
    """How many of the seats there are can be given back, and until when at the latest, by the service's own words."""
    windows = [each for each in subscription.refundable if each.until > now]
    if windows:
        return sum(each.quantity for each in windows), max(each.until for each in windows)
    whole = subscription.cancellable_until
    return None, whole if whole is not None and whole > now else None
