"""The answer to `/upgrade-options` (screens.md, 1)."""

from collections.abc import Mapping

from bot.desk.results import OptionsList
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.option_card import DrawnCard, button_names
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Button, Message, Sheet
from handlers.blocks.subject import customer_line, rehearsal_line
from handlers.blocks.text import Md, joined, mention

_FOOT = 5
"""Blocks that stay free for what follows the subscriptions."""


def options_message(pen: Pen, options: OptionsList, *, nonce: str) -> Message:
    """One page of the list, with a button per permitted target. Buttons are drawn where the desk gave handles."""
    sheet = _head(pen, options, nonce)
    _cards(pen, options, sheet, names=button_names(pen.texts, options), total=limits.TOTAL_ANSWERED)
    _foot(pen, options, sheet)
    return sheet.message(text_limit=limits.TEXT_POSTED)


def shared_message(pen: Pen, options: OptionsList, *, by: str, nonce: str) -> Message:
    """The answer for a channel: the same facts, no buttons, and who shared it."""
    sheet = _head(pen, options, nonce)
    _cards(pen, options, sheet, names={}, total=limits.TOTAL_POSTED)
    sheet.context(joined([pen.t("Shared by {person}", person=mention(by)), *_counts(pen, options)], " · "))
    return sheet.message(text_limit=limits.TEXT_POSTED)


def _head(pen: Pen, options: OptionsList, nonce: str) -> Sheet:
    sheet = Sheet(language=pen.texts.language, nonce=nonce)
    sheet.section(customer_line(pen, options.customer, pen.t("as of {when}", when=pen.when(options.read_at))))
    notes = [rehearsal_line(pen, options.mode)]
    if options.mode is Mode.READ_ONLY:
        notes.append(pen.t("Upgrade Desk is set to read only: you can look, but nothing can be ordered."))
    if options.stopped:
        notes.append(pen.t("Orders are stopped at the moment: you can look, but nothing is sent."))
    sheet.section(*notes)
    if not options.cards:
        sheet.section(pen.t("This customer has no subscription that was bought through us."))
    return sheet


def _cards(pen: Pen, options: OptionsList, sheet: Sheet, *, names: Mapping[str, str], total: int) -> None:
    for number, each in enumerate(options.cards):
        drawn = DrawnCard.of(pen, each, names)
        if not sheet.room(blocks=drawn.blocks + _FOOT, characters=drawn.characters, total=total):
            sheet.section(_cut_line(pen, len(options.cards) - number))
            break
        drawn.onto(sheet)
    sheet.divider()


def _foot(pen: Pen, options: OptionsList, sheet: Sheet) -> None:
    texts = pen.texts
    buttons: list[Button] = []
    if options.refresh_handle is not None:
        buttons.append(Button(text=texts.t("Refresh"), action_id="options.refresh", value=options.refresh_handle))
    if options.share_handle is not None:
        buttons.append(Button(text=texts.t("Share in channel"), action_id="options.share", value=options.share_handle))
    for page, handle in sorted(options.page_handles.items()):
        name = texts.t("Page {page}", page=page)
        label = texts.t("Page {page} of {pages}", page=page, pages=options.pages)
        buttons.append(Button(text=name, label=label, action_id=f"options.page.{page}", value=handle))
    sheet.buttons(buttons[: limits.ACTIONS_ELEMENTS])
    sheet.context(joined(_counts(pen, options), " · "))


def _counts(pen: Pen, options: OptionsList) -> list[Md]:
    counts: list[Md] = []
    if options.pages > 1:
        counts.append(pen.t("Page {page} of {pages}", page=options.page, pages=options.pages))
        counts.append(pen.n("{count} subscription", "{count} subscriptions", count=options.total))
    if options.cancelled_hidden:
        counts.append(pen.n("{count} cancelled hidden", "{count} cancelled hidden", count=options.cancelled_hidden))
    return counts


def _cut_line(pen: Pen, left: int) -> Md:
    return pen.n(
        "{count} more subscription of this page does not fit into this message. Look it up in Partner Center.",
        "{count} more subscriptions of this page do not fit into this message. Look them up in Partner Center.",
        count=left,
    )
