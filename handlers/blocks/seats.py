"""The answer to `/add-seats`: which subscriptions can take seats, how many, and why the others cannot."""

from typing import Final

from bot.desk.seats.reading import OPEN_CHANGE
from bot.desk.seats.records import SeatOffer, SeatsListed
from bot.domain.customers import Reason, ReasonKind
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.frames import modal
from handlers.blocks.pen import Pen
from handlers.blocks.reasons import reasons_text, whys
from handlers.blocks.seat_buttons import seat_button, seat_button_names
from handlers.blocks.sheet import Block, Button, Message, Sheet
from handlers.blocks.subject import customer_line, rehearsal_line, subscription_lines
from handlers.blocks.text import Md, bold, joined

SEATS_COMMAND: Final = "/add-seats"
_FOOT: Final = 5
"""Blocks that stay free for what follows the subscriptions."""


def seats_message(pen: Pen, listed: SeatsListed, *, nonce: str) -> Message:
    """One page of the list, as an answer to its asker alone."""
    return _sheet(pen, listed, nonce=nonce).message(text_limit=limits.TEXT_POSTED)


def seats_list_view(pen: Pen, listed: SeatsListed, *, nonce: str, number: str = "") -> Block:
    """The same in a modal, where a number was typed and it is yet to be said of which subscription."""
    blocks = _sheet(pen, listed, nonce=nonce, number=number).view_blocks()
    return modal(pen.texts, title=pen.texts.t("Add seats"), blocks=blocks)


def room_line(pen: Pen, offer: SeatOffer) -> Md:
    """How many there may be, and so how many more."""
    if offer.limit is None or offer.room is None:
        return pen.t("No limit of this product is known.")
    return pen.t("At most {limit} seats: {more} more are possible.", limit=offer.limit, more=offer.room)


def against_line(pen: Pen, reasons: tuple[Reason, ...]) -> Md:
    """Why no seats can be added, and what to do."""
    return pen.t("No seats can be added: {why}", why=joined([_reason(pen, each) for each in reasons], " "))


def _reason(pen: Pen, reason: Reason) -> Md:
    if reason.kind is ReasonKind.SEAT_LIMIT and reason.raw_text.isdecimal():
        return pen.t("all {limit} seats that this product allows are there.", limit=int(reason.raw_text[:9]))
    if reason.kind is ReasonKind.OPERATION_PENDING and reason.raw_code == OPEN_CHANGE:
        return pen.t("change {number} is still open. Wait until it is done.", number=reason.raw_text)
    if reason.kind is ReasonKind.NOT_ACTIVE and reason.status != SubscriptionStatus.SUSPENDED:
        return whys(pen, (reason,))  # what could be done about it is told for upgrades
    return reasons_text(pen, (reason,))


def _sheet(pen: Pen, listed: SeatsListed, *, nonce: str, number: str = "") -> Sheet:
    sheet = _head(pen, listed, nonce=nonce, number=number)
    names = seat_button_names(listed.offers, words=pen.texts.t("Add seats"))
    for at, each in enumerate(listed.offers):
        lines = [*subscription_lines(pen, each.subscription), _standing(pen, each)]
        if not sheet.room(blocks=3 + _FOOT, characters=sum(map(len, lines)), total=limits.TOTAL_ANSWERED):
            sheet.section(_cut_line(pen, len(listed.offers) - at))
            break
        sheet.divider()
        sheet.section(*lines)
        if each.handle is not None:
            sheet.buttons([seat_button(pen, each, names[each.handle], number=at)])
    sheet.divider()
    _foot(pen, listed, sheet)
    return sheet


def _head(pen: Pen, listed: SeatsListed, *, nonce: str, number: str) -> Sheet:
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(customer_line(pen, listed.customer, pen.t("as of {when}", when=pen.when(listed.read_at))))
    notes = [rehearsal_line(pen, listed.mode)]
    if listed.mode is Mode.READ_ONLY:
        notes.append(pen.t("Upgrade Desk is set to read only: you can look, but nothing can be ordered."))
    if listed.stopped:
        notes.append(pen.t("Orders are stopped at the moment: you can look, but nothing is sent."))
    if not listed.offers:
        notes.append(pen.t("This customer has no subscription that was bought through us."))
    elif number:
        notes.append(pen.t("“{number}” seats: for which subscription?", number=number))
    sheet.section(*notes)
    return sheet


def _standing(pen: Pen, offer: SeatOffer) -> Md:
    return against_line(pen, offer.reasons) if offer.reasons else room_line(pen, offer)


def _foot(pen: Pen, listed: SeatsListed, sheet: Sheet) -> None:
    texts = pen.texts
    buttons = [Button(text=texts.t("Refresh"), action_id="seats.refresh", value=listed.refresh_handle)]
    for page, handle in sorted(listed.page_handles.items()):
        label = texts.t("Page {page} of {pages}", page=page, pages=listed.pages)
        name = texts.t("Page {page}", page=page)
        buttons.append(Button(text=name, label=label, action_id=f"seats.page.{page}", value=handle))
    sheet.buttons(buttons[: limits.ACTIONS_ELEMENTS])
    if listed.pages > 1:
        pages = pen.t("Page {page} of {pages}", page=listed.page, pages=listed.pages)
        sheet.context(
            joined([pages, pen.n("{count} subscription", "{count} subscriptions", count=listed.total)], " · ")
        )


def _cut_line(pen: Pen, left: int) -> Md:
    return pen.n(
        "{count} more subscription of this page does not fit into this message. Look it up in Partner Center.",
        "{count} more subscriptions of this page do not fit into this message. Look them up in Partner Center.",
        count=left,
    )


def seats_help(pen: Pen, *, nonce: str) -> Message:
    """How to use the command."""
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    command = Md(f"`{SEATS_COMMAND}`")
    sheet.section(
        bold(pen.t("How to use it")),
        pen.t("{command} Contoso GmbH: which subscriptions can take seats, and how many.", command=command),
        pen.t("{command} Contoso GmbH +5: five seats more. =30: thirty in all. 30: you are asked.", command=command),
        pen.t(
            "The customer goes by full name, domain or tenant id; the beginning of a name offers those that match. "
            "Nothing is ordered before you confirm."
        ),
    )
    return sheet.message()
