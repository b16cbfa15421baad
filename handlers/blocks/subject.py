"""What everything is about, worded once: the customer, a subscription, an upgrade."""

from bot.domain.customers import Customer, Subscription
from bot.domain.facts import Facts
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.names import status_name
from handlers.blocks.pen import Pen
from handlers.blocks.text import Md, bold, esc, joined

DOT = " · "


def customer_line(pen: Pen, customer: Customer, *extra: Md) -> Md:
    """Name, domain, end of the tenant id: together they tell every customer apart. Always the first line."""
    return joined(
        [
            bold(esc(customer.name or customer.domain)),
            esc(customer.domain, limits.DOMAIN),
            pen.t("Tenant {tail}", tail=pen.tail(customer.id)),
            *extra,
        ],
        DOT,
    )


def customer_of(facts: Facts) -> Customer:
    """The customer that facts are about."""
    return Customer(id=facts.customer_id, name=facts.customer_name, domain=facts.customer_domain)


def subject_line(pen: Pen, facts: Facts) -> Md:
    """The customer, then the subscription: how a card and a confirmation begin."""
    subscription = joined([own_name(pen, facts.subscription_name, ""), pen.tail(facts.subscription_id)], " ")
    return Md(f"{customer_line(pen, customer_of(facts))} / {subscription}")


def own_name(pen: Pen, friendly_name: str, offer_name: str) -> Md:
    """A subscription's own name in quotes; empty where it has none beside its offer's."""
    name = friendly_name.strip()
    return pen.t("“{name}”", name=name) if name and name.casefold() != offer_name.casefold() else Md("")


def seats(pen: Pen, count: int) -> Md:
    """So many seats."""
    return pen.n("{count} seat", "{count} seats", count=count)


def subscription_lines(pen: Pen, subscription: Subscription) -> list[Md]:
    """A subscription: own name, offer, seats, status, end of term, end of its id."""
    offer = pen.offer(subscription.offer.id, subscription.offer.name)
    first = joined(
        [
            own_name(pen, subscription.friendly_name, offer),
            bold(esc(offer)),
            seats(pen, subscription.quantity),
        ],
        DOT,
    )
    return [first, joined([_standing(pen, subscription), pen.tail(subscription.id)], DOT)]


def upgrade_line(pen: Pen, facts: Facts, *extra: Md) -> Md:
    """From, to, seats; of more seats: the offer, seats before and afterwards."""
    source = pen.offer(facts.offer_id, facts.offer_name)
    if facts.of_seats:
        return joined([esc(source), _more_seats(pen, facts), *extra], DOT)
    target = pen.offer(facts.target_offer_id, facts.target_offer_name)
    return joined([Md(f"{esc(source)} → {esc(target)}"), moving_seats(pen, facts), *extra], DOT)


def moving_seats(pen: Pen, facts: Facts) -> Md:
    """How many seats an upgrade takes along: all, or so many of so many."""
    if not facts.seats_left:
        return seats(pen, facts.target_quantity)
    return pen.t("{count} of {total} seats", count=facts.target_quantity, total=facts.quantity)


def _more_seats(pen: Pen, facts: Facts) -> Md:
    return pen.t("{before} → {after} seats", before=facts.quantity, after=facts.target_quantity)


def rehearsal_line(pen: Pen, mode: Mode | None) -> Md:
    """What marks every message of a rehearsal."""
    return bold(pen.t("REHEARSAL: nothing is really ordered")) if mode is Mode.REHEARSAL else Md("")


def _standing(pen: Pen, subscription: Subscription) -> Md:
    status = esc(status_name(pen.texts, subscription.status))
    if subscription.ends_on is None:
        return status
    day = pen.texts.date(subscription.ends_on)
    if subscription.active:
        return pen.t("Active until {date}", date=day)
    return pen.t("{status}, term ends on {date}", status=status, date=day)
