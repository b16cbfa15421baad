"""The facts of an upgrade, built in one place: what a list showed, what a person confirms, what a second look finds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.desk.handles import number_of, text_of
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer, OfferRef, Option, Reason, ReasonKind, Subscription
from bot.domain.facts import Facts

Data = Mapping[str, str | int | None]


def judged(option: Option, *, subscription: Subscription, catalogue: Catalogue) -> Option:
    """The service's option with what our catalogue knows besides: a doubtful cell, a seat limit that is exceeded."""
    source, target = subscription.offer.key, option.target.key
    path = catalogue.path(source, target) if source is not None and target is not None else None
    reasons = option.reasons
    limit = option.target.seat_limit
    told = any(each.kind is ReasonKind.SEAT_LIMIT for each in reasons)
    if limit is not None and subscription.quantity > limit and not told:
        reasons += (Reason(kind=ReasonKind.SEAT_LIMIT, raw_code=ReasonKind.SEAT_LIMIT, raw_text=str(limit)),)
    flagged = option.flagged or (path is not None and path.flagged)
    return replace(option, reasons=reasons, flagged=flagged)


def services_known(source: OfferRef, target: OfferRef) -> bool:
    """Whether the catalogue knows what both offers contain."""
    return source.key is not None and target.key is not None


def facts_of(
    *,
    customer: Customer,
    subscription: Subscription,
    target: OfferRef,
    option: Option | None,
    accounts_reset: int | None,
    catalogue: Catalogue,
    read_at: datetime,
    part: int | None = None,
) -> Facts:
    """The facts of upgrading `subscription` to `target`. `option` None: the service does not list that target.

    `part`: only so many of its seats, which is permitted where the service says so and some are left.
    """
    source = subscription.offer
    in_parts = option is not None and option.may_be_part and subscription.quantity > 1
    fits = part is None or (in_parts and part < subscription.quantity)
    added: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    if source.key is not None and target.key is not None:
        added, lost = catalogue.added(source.key, target.key), catalogue.lost(source.key, target.key)
    return Facts(
        customer_id=customer.id,
        customer_name=customer.name,
        customer_domain=customer.domain,
        subscription_id=subscription.id,
        subscription_name=subscription.friendly_name,
        offer_id=source.id,
        offer_name=source.name,
        quantity=subscription.quantity,
        status=subscription.status,
        ends_on=subscription.ends_on,
        target_offer_id=target.id,
        target_offer_name=target.name,
        target_quantity=subscription.quantity if part is None else part,
        services_added=added,
        services_lost=lost,
        accounts_reset=accounts_reset,
        permitted=option is not None and option.permitted and fits,
        flagged=option is not None and option.flagged,
        may_be_part=in_parts,
        read_at=read_at,
    )


def listed_data(*, customer: Customer, subscription: Subscription, option: Option, read_at: datetime) -> Data:
    """What a list showed of one option, as its handle carries it."""
    return {
        "customer_id": customer.id,
        "customer_name": customer.name,
        "customer_domain": customer.domain,
        "subscription_id": subscription.id,
        "subscription_name": subscription.friendly_name,
        "offer_id": subscription.offer.id,
        "offer_name": subscription.offer.name,
        "quantity": subscription.quantity,
        "status": subscription.status,
        "ends_on": None if subscription.ends_on is None else subscription.ends_on.isoformat(),
        "target_offer_id": option.target.id,
        "target_offer_name": option.target.name,
        "read_at": read_at.isoformat(),
    }


def listed_facts(data: Data, *, fresh: Facts, catalogue: Catalogue) -> Facts:
    """What the list showed, as facts. What its handle does not carry is taken as now: it moves nothing."""
    source, target = (catalogue.by_offer_id(text_of(data, key)) for key in ("offer_id", "target_offer_id"))
    ends_on = text_of(data, "ends_on")
    return Facts(
        customer_id=fresh.customer_id,
        customer_name=text_of(data, "customer_name"),
        customer_domain=text_of(data, "customer_domain"),
        subscription_id=fresh.subscription_id,
        subscription_name=text_of(data, "subscription_name"),
        offer_id=text_of(data, "offer_id"),
        offer_name=text_of(data, "offer_name"),
        quantity=number_of(data, "quantity"),
        status=text_of(data, "status"),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
        target_offer_id=text_of(data, "target_offer_id"),
        target_offer_name=text_of(data, "target_offer_name"),
        target_quantity=number_of(data, "quantity"),
        services_added=catalogue.added(source.key, target.key) if source and target else (),
        services_lost=catalogue.lost(source.key, target.key) if source and target else (),
        accounts_reset=fresh.accounts_reset,
        permitted=True,
        flagged=fresh.flagged,
        read_at=datetime.fromisoformat(text_of(data, "read_at")),
    )
