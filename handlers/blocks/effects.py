"""What a change does, in words: from, to, and everything that comes with it. The same before asking and approving."""

from bot.domain.eligibility_terms import HelpTopic
from bot.domain.facts import Facts
from handlers.blocks.pen import Pen
from handlers.blocks.subject import DOT, seats
from handlers.blocks.text import Md, bold, esc, joined


def from_and_to(pen: Pen, facts: Facts) -> list[Md]:
    """The offer before and the offer afterwards, each with its seats; of a part, also what stays."""
    if facts.of_seats:
        return new_total(pen, facts.quantity, facts.target_quantity, offer=pen.offer(facts.offer_id, facts.offer_name))
    return [
        pen.t("From {offer}", offer=_offer(pen, facts.offer_id, facts.offer_name, facts.quantity)),
        pen.t("To {offer}", offer=_offer(pen, facts.target_offer_id, facts.target_offer_name, facts.target_quantity)),
        *staying(pen, facts),
    ]


def new_total(pen: Pen, before: int, after: int, *, offer: str) -> list[Md]:
    """Seats as they are and as they will be ordered: the service is sent the total, and people think of what is added.

    `offer` is empty where the offer was named before.
    """
    more = pen.t("{before} → {after} seats ({more} more)", before=before, after=after, more=after - before)
    return [joined([bold(esc(offer)) if offer else Md(""), bold(more)], DOT)]


def staying(pen: Pen, facts: Facts) -> list[Md]:
    """What stays of a subscription of which a part is upgraded."""
    if not facts.seats_left:
        return []
    offer = pen.offer(facts.offer_id, facts.offer_name)
    return [
        pen.n("{count} seat stays with {offer}", "{count} seats stay with {offer}", count=facts.seats_left, offer=offer)
    ]


def seat_effects(pen: Pen, facts: Facts) -> list[Md]:
    """What more seats do to the bill, and whether they can be given back. What is not known is called not known."""
    lines = [joined([pen.t("Billing: pro rata from now on"), pen.t("Price: not known")], DOT)]
    if facts.term is None:
        lines.append(pen.t("Whether the seats can be given back later: not known"))
    elif facts.ends_on is None:
        lines.append(bold(pen.t("Commitment: after the time for giving back, the seats stay until the term ends.")))
    else:
        day = pen.texts.date(facts.ends_on)
        lines.append(bold(pen.t("Commitment: after the time for giving back, the seats stay until {date}.", date=day)))
    return [*lines, *_giving_back(pen, facts)]


def _giving_back(pen: Pen, facts: Facts) -> list[Md]:
    """The service's own window. It is of the seats that are there; that of new ones begins with the order."""
    if facts.refundable_until is None:
        return [pen.t("Time for giving back: not known before the order")] if facts.term is not None else []
    when = pen.when(facts.refundable_until)
    if facts.refundable_quantity is None:
        return [pen.t("Time for giving back, as of now: until {when}", when=when)]
    return [
        pen.n(
            "Time for giving back, as of now: {count} seat until {when}",
            "Time for giving back, as of now: {count} seats until {when}",
            count=facts.refundable_quantity,
            when=when,
        )
    ]


def effects(pen: Pen, facts: Facts, *, services_known: bool, billing: bool = True) -> list[Md]:
    """Services that come and go, accounts, billing, price. What is not known is called not known.

    `billing` False: it is told elsewhere, where it changes with the number of seats.
    """
    if facts.of_seats:
        return seat_effects(pen, facts)
    if services_known:
        added, lost = pen.families(facts.services_added), pen.families(facts.services_lost)
    else:
        added = lost = pen.t("not known")
    return [
        joined([pen.t("New: {added}", added=added), pen.t("Goes: {lost}", lost=lost)], DOT),
        *_accounts(pen, facts.accounts_reset),
        *([billing_line(pen, facts)] if billing else []),
        joined([pen.t("Price: not known"), pen.t("can take an hour")], DOT),
    ]


def billing_line(pen: Pen, facts: Facts) -> Md:
    """What an upgrade means for the bill."""
    if facts.seats_left:
        billing = pen.t("Billing: the old subscription goes on with fewer seats, a new one starts at once.")
    else:
        billing = pen.t("Billing: the old subscription is cancelled, a new one starts at once.")
    return joined([billing, pen.help(HelpTopic.BILLING)], " ")


def _accounts(pen: Pen, count: int | None) -> list[Md]:
    """Nothing where no account is concerned: a line about zero accounts only makes the reader stop."""
    if count is None:
        return [pen.t("Accounts whose switched-off services come back on: not known")]
    line = pen.n(
        "{count} account: services that are switched off come back on",
        "{count} accounts: services that are switched off come back on",
        count=count,
    )
    return [line] if count else []


def _offer(pen: Pen, offer_id: str | None, name: str | None, count: int) -> Md:
    return joined([bold(esc(pen.offer(offer_id, name))), seats(pen, count)], DOT)
