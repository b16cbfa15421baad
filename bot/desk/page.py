"""Read one page of a customer's subscriptions with their options: side by side, in bounded time, trouble by trouble."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.facts import judged
from bot.domain.customers import Customer, Option, Subscription
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.domain.errors import ServiceNonsense, ServiceTimeout, ServiceTrouble, SubscriptionGone


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A subscription with its options, or with the trouble of reading them."""

    subscription: Subscription
    options: tuple[Option, ...] = ()
    trouble: ServiceTrouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """One page as read. `total` counts what is not cancelled, `hidden` what is; `held` is all of it, on every page."""

    customer: Customer
    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int
    hidden: int
    read_at: datetime
    held: tuple[Subscription, ...] = ()


async def read_page(desk: Desk, *, customer_id: str, page: int, customer: Customer | None = None) -> PageRead:
    """The page nearest to `page`. Raises CustomerNotFound, and ServiceTrouble where nothing at all could be read."""
    correlation_id = desk.ids.uuid()
    held = asyncio.ensure_future(desk.service.subscriptions(customer_id, correlation_id=correlation_id))
    try:
        if customer is None:
            customer = await desk.service.customer(customer_id, correlation_id=correlation_id)
        subscriptions = await held
    finally:
        held.cancel()
    shown = [each for each in subscriptions if each.status != SubscriptionStatus.DELETED]
    size = desk.config.page_size
    pages = max(1, -(-len(shown) // size))
    page = min(max(page, 1), pages)
    lines = await _lines(
        desk,
        customer_id=customer.id,
        subscriptions=shown[(page - 1) * size : page * size],
        correlation_id=correlation_id,
    )
    return PageRead(
        customer=customer,
        lines=lines,
        page=page,
        pages=pages,
        total=len(shown),
        hidden=len(subscriptions) - len(shown),
        read_at=desk.clock.now(),
        held=tuple(subscriptions),
    )


async def _lines(
    desk: Desk, *, customer_id: str, subscriptions: Sequence[Subscription], correlation_id: str
) -> tuple[Line, ...]:
    gate = asyncio.Semaphore(desk.config.side_by_side)
    lines: dict[str, Line | None] = {
        each.id: Line(subscription=each, trouble=ServiceTimeout(correlation_id=correlation_id))
        for each in subscriptions
    }

    async def read(subscription: Subscription) -> None:
        try:
            async with gate:
                options = await desk.service.options(customer_id, subscription.id, correlation_id=correlation_id)
        except ServiceTrouble as trouble:
            lines[subscription.id] = Line(subscription=subscription, trouble=trouble)
        except SubscriptionGone:
            lines[subscription.id] = None
        else:
            known = tuple(judged(each, subscription=subscription, catalogue=desk.catalogue) for each in options)
            lines[subscription.id] = Line(subscription=subscription, options=known)

    try:
        async with asyncio.timeout(desk.config.list_deadline), asyncio.TaskGroup() as group:
            for each in subscriptions:
                group.create_task(read(each))
    except TimeoutError:
        pass  # what was read by then is shown; the rest has its trouble already
    read_lines = tuple(each for each in lines.values() if each is not None)
    troubles = [each.trouble for each in read_lines if each.trouble is not None]
    if troubles and len(troubles) == len(read_lines):
        raise troubles[0]
    if subscriptions and not read_lines:
        # Listed a moment ago, and each of them denied: that is no customer without subscriptions.
        raise ServiceNonsense(correlation_id=correlation_id)
    return read_lines
