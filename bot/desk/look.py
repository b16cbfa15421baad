"""Read the facts of one upgrade, with what it takes to order it: used before a confirmation and before a sending."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.desk.desk import Desk
from bot.desk.facts import facts_of, judged
from bot.domain.customers import OfferRef, Option, Subscription
from bot.domain.errors import ServiceTrouble
from bot.domain.facts import Facts
from bot.eligibility.client import Accounts


class Counting(StrEnum):
    """How much it matters to know the accounts whose switched-off services come back on."""

    IF_POSSIBLE = "if_possible"
    MUST = "must"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reading. `option` None: the service does not list that target. `entry` is what would order it."""

    facts: Facts
    subscription: Subscription
    target: OfferRef
    option: Option | None
    accounts: Accounts | None
    entry: dict[str, Any] | None = field(repr=False)


async def look(
    desk: Desk,
    *,
    customer_id: str,
    subscription_id: str,
    target: OfferRef,
    counting: Counting,
    part: int | None = None,
) -> Look:
    """Read customer, subscription, options and accounts side by side. `part`: so many of the seats; None: all.

    Raises ServiceTrouble (for the accounts only where they MUST be counted), CustomerNotFound, SubscriptionGone.
    """
    correlation_id = desk.ids.uuid()
    service = desk.service

    async def held() -> tuple[Subscription, Accounts | None]:
        found = await service.subscription(customer_id, subscription_id, correlation_id=correlation_id)
        return found, await _accounts(desk, customer_id, found, counting=counting, correlation_id=correlation_id)

    reads = (
        asyncio.ensure_future(service.customer(customer_id, correlation_id=correlation_id)),
        asyncio.ensure_future(held()),
        asyncio.ensure_future(service.offered(customer_id, subscription_id, correlation_id=correlation_id)),
    )
    try:
        customer, (subscription, accounts), offered = await asyncio.gather(*reads)
    finally:
        for each in reads:
            each.cancel()
    option = offered.option(target.id)
    if option is not None:
        option = judged(option, subscription=subscription, catalogue=desk.catalogue)
    facts = facts_of(
        customer=customer,
        subscription=subscription,
        target=target if option is None else option.target,
        option=option,
        accounts_reset=None if accounts is None else accounts.reset,
        catalogue=desk.catalogue,
        read_at=desk.clock.now(),
        part=part,
    )
    return Look(
        facts=facts,
        subscription=subscription,
        target=target if option is None else option.target,
        option=option,
        accounts=accounts,
        entry=offered.entries.get(target.id.casefold()),
    )


async def _accounts(
    desk: Desk, customer_id: str, subscription: Subscription, *, counting: Counting, correlation_id: str
) -> Accounts | None:
    offer = desk.catalogue.by_offer_id(subscription.offer.id)
    if offer is None or counting is Counting.NO:
        return None
    try:
        async with asyncio.timeout(desk.config.accounts_deadline if counting is Counting.IF_POSSIBLE else None):
            return await desk.service.accounts(customer_id, offer.entra_sku_id, correlation_id=correlation_id)
    except (ServiceTrouble, TimeoutError):
        if counting is Counting.MUST:
            raise
        return None
