"""Changes in a list: for `/upgrade-requests` and, item by item, for App Home."""

from collections.abc import Mapping
from typing import Final

from bot.desk.approval_results import ChangeList, ListedChange
from bot.desk.list_places import ListName
from bot.domain.customers import Customer
from bot.domain.policy import Mode
from bot.locales import msg
from handlers.blocks import limits
from handlers.blocks.card import asker_line, outcome_lines, state_line
from handlers.blocks.card_waiting import given_lines
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Button, Message, Sheet
from handlers.blocks.subject import DOT, customer_line, customer_of, rehearsal_line, subject_line, upgrade_line
from handlers.blocks.text import Md, bold, clamp_md, joined, link

REQUESTS_COMMAND: Final = "/upgrade-requests"
_ITEM: Final = 2_000
"""Characters of one item; a page of them fits what a response_url takes."""

HEADLINES: Final[Mapping[ListName, str]] = {
    ListName.WAITING: msg("Waits for your decision"),
    ListName.MINE: msg("What you asked for"),
    ListName.LATELY: msg("Latest changes of all"),
    ListName.CUSTOMER: msg("Changes of this customer"),
}

NOTHING: Final[Mapping[ListName, str]] = {
    ListName.WAITING: msg("Nothing waits for your decision."),
    ListName.MINE: msg("You have not asked for anything yet."),
    ListName.LATELY: msg("Nobody has asked for anything yet."),
    ListName.CUSTOMER: msg("No change was asked for yet for this customer."),
}


def requests_message(
    pen: Pen,
    found: ChangeList,
    *,
    name: ListName,
    links: Mapping[str, str],
    more: str | None,
    nonce: str,
    customer: Customer | None = None,
) -> Message:
    """A page of changes, each with the way to its card. `links` by change id; `more` leads to the next page."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    about = customer or (customer_of(found.items[0].change.facts) if found.items else None)
    if name is ListName.CUSTOMER and about is not None:
        sheet.section(customer_line(pen, about))
    sheet.section(joined([bold(pen.t(HEADLINES[name])), pen.t("as of {when}", when=pen.when(found.read_at))], DOT))
    if not found.items:
        sheet.section(pen.t(NOTHING[name]))
    for at, item in enumerate(found.items):
        text = item_text(pen, item, url=links.get(item.change.id))
        if not sheet.room(blocks=4, characters=len(text), total=limits.TOTAL_ANSWERED):
            left = len(found.items) - at
            sheet.section(pen.n("{count} more does not fit here.", "{count} more do not fit here.", count=left))
            break
        sheet.divider()
        sheet.section(text)
    if more is not None:
        sheet.buttons([Button(text=pen.texts.t("Older"), action_id="requests.more", value=more)])
    sheet.context(_ways(pen))
    return sheet.message(text_limit=limits.TEXT_POSTED)


def requests_help(pen: Pen, *, nonce: str) -> Message:
    """How to use the command."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    command = Md(f"`{REQUESTS_COMMAND}`")
    sheet.section(
        bold(pen.t("How to use it")),
        pen.t("{command} mine: what you asked for.", command=command),
        pen.t("{command} waiting: what waits for your decision.", command=command),
        pen.t("{command} Contoso GmbH: the changes of a customer, by full name, domain or tenant id.", command=command),
    )
    return sheet.message()


def item_text(pen: Pen, item: ListedChange, *, url: str | None) -> Md:
    """One change in a few lines: its state first, then the customer, the upgrade, what came of it, who asked."""
    change = item.change
    lines = [
        rehearsal_line(pen, Mode.REHEARSAL if change.rehearsal else None),
        state_line(pen, change, item.status),
        subject_line(pen, change.facts),
        upgrade_line(pen, change.facts),
        *outcome_lines(pen, change),
        *given_lines(pen, change, item.status),
        asker_line(pen, change),
    ]
    way = link(url, pen.t("Open the card")) if url is not None else Md("")
    room = _ITEM - len(way) - 1
    return joined([clamp_md(joined(lines, "\n"), room), way], "\n")


def _ways(pen: Pen) -> Md:
    return pen.t("{command} help says what else can be listed.", command=Md(f"`{REQUESTS_COMMAND}`"))
