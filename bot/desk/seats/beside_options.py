"""Seats beside upgrades: for each subscription, and for what stands in the way of an upgrade to more of it."""

from collections.abc import Iterable
from typing import Final

from bot.desk.handles import HandleMaker
from bot.desk.page import Line, PageRead
from bot.desk.purposes import Purpose
from bot.desk.seats.listed import listed_seats
from bot.desk.seats.reading import PASSING, reasons_against
from bot.desk.seats.records import SeatOffer
from bot.domain.customers import Option, ReasonKind, SoldBy, Subscription

_MOST: Final = 3
"""Subscriptions that are offered instead of upgrades of one subscription."""


def seat_offer(
    maker: HandleMaker, read: PageRead, subscription: Subscription, *, options: Iterable[Option] = ()
) -> SeatOffer:
    """Whether it can take seats, with a handle if it can. What is pending at the service is told by its `options`."""
    limit = subscription.offer.seat_limit
    pending = {reason.kind: reason for each in options for reason in each.reasons if reason.kind in PASSING}
    reasons = reasons_against(subscription, limit=limit, pending=tuple(pending.values()))
    data = listed_seats(customer=read.customer, subscription=subscription, read_at=read.read_at)
    handle = None if reasons else maker.make(Purpose.CHOOSE_SEATS, data)
    return SeatOffer(subscription=subscription, limit=limit, reasons=reasons, handle=handle)


def instead_of_upgrades(maker: HandleMaker, read: PageRead, line: Line) -> tuple[SeatOffer, ...]:
    """Subscriptions of ours that are the refused target already, and can take seats: more of them is what is wanted."""
    held = {each.id: each for each in read.held}
    wanted = dict.fromkeys(
        reason.blocking.subscription_id
        for option in line.options
        for reason in option.reasons
        if reason.kind is ReasonKind.TARGET_ALREADY_HELD
        and reason.blocking is not None
        and reason.blocking.sold_by is SoldBy.US
    )
    there = [held[each] for each in wanted if each is not None and each in held and each != line.subscription.id]
    offers = (seat_offer(maker, read, each) for each in there[:_MOST])
    return tuple(each for each in offers if each.handle is not None)
