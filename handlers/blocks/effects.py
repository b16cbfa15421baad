"""What an upgrade does, in words: from, to, and everything that comes with it. The same before asking and approving."""

from bot.domain.eligibility_terms import HelpTopic
from bot.domain.facts import Facts
from handlers.blocks.pen import Pen
from handlers.blocks.subject import DOT, seats
from handlers.blocks.text import Md, bold, esc, joined


def from_and_to(pen: Pen, facts: Facts) -> list[Md]:
    """The offer before and the offer afterwards, each with its seats."""
    return [
        pen.t("From {offer}", offer=_offer(pen, facts.offer_id, facts.offer_name, facts.quantity)),
        pen.t("To {offer}", offer=_offer(pen, facts.target_offer_id, facts.target_offer_name, facts.target_quantity)),
    ]


def effects(pen: Pen, facts: Facts, *, services_known: bool) -> list[Md]:
    """Services that come and go, accounts, billing, price. What is not known is called not known."""
    if services_known:
        added, lost = pen.families(facts.services_added), pen.families(facts.services_lost)
    else:
        added = lost = pen.t("not known")
    billing = pen.t("Billing: the old subscription is cancelled, a new one starts at once.")
    return [
        joined([pen.t("New: {added}", added=added), pen.t("Goes: {lost}", lost=lost)], DOT),
        *_accounts(pen, facts.accounts_reset),
        joined([billing, pen.help(HelpTopic.BILLING)], " "),
        joined([pen.t("Price: not known"), pen.t("can take an hour")], DOT),
    ]


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
