"""The answer to `/upgrade-options` (screens.md, 1)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.results import OptionLine, OptionsList, SubscriptionCard
from bot.domain.customers import Reason
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.errors import error_text
from handlers.blocks.pen import Pen, tail
from handlers.blocks.reasons import advice, advice_is_shared, reasons_text, whys
from handlers.blocks.sheet import Button, Message, Sheet
from handlers.blocks.subject import customer_line, rehearsal_line, subscription_lines
from handlers.blocks.text import Md, bold, clamp, esc, joined, mention

_FOOT = 5
"""Blocks that stay free for what follows the subscriptions."""


def options_message(pen: Pen, options: OptionsList, *, nonce: str) -> Message:
    """One page of the list, with a button per permitted target. Buttons are drawn where the desk gave handles."""
    sheet = _head(pen, options, nonce)
    _cards(pen, options, sheet, names=button_names(options), total=limits.TOTAL_ANSWERED)
    _foot(pen, options, sheet)
    return sheet.message(text_limit=limits.TEXT_POSTED)


def shared_message(pen: Pen, options: OptionsList, *, by: str, nonce: str) -> Message:
    """The answer for a channel: the same facts, no buttons, and who shared it."""
    sheet = _head(pen, options, nonce)
    _cards(pen, options, sheet, names={}, total=limits.TOTAL_POSTED)
    sheet.context(joined([pen.t("Shared by {person}", person=mention(by)), *_counts(pen, options)], " · "))
    return sheet.message(text_limit=limits.TEXT_POSTED)


def button_names(options: OptionsList) -> Mapping[str, str]:
    """A name of at most 24 characters for every handle, unique in the message: twins get the end of their id."""
    pressed = [
        (card.subscription.id, line.option.target.short_name, line.handle)
        for card in options.cards
        for line in card.options
        if line.handle is not None
    ]
    plain = Counter(clamp(name, limits.BUTTON_TEXT) for _, name, _ in pressed)
    taken: set[str] = set()
    names: dict[str, str] = {}
    for subscription_id, short_name, handle in pressed:
        name = clamp(short_name, limits.BUTTON_TEXT)
        if plain[name] > 1:
            name = _with(short_name, tail(subscription_id))
        number = 2
        while name in taken:
            name, number = _with(short_name, f"({number})"), number + 1
        taken.add(name)
        names[handle] = name
    return names


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A subscription as it will be drawn, to know whether it still fits."""

    lines: list[Md]
    buttons: list[Button]

    @classmethod
    def of(cls, pen: Pen, card: SubscriptionCard, names: Mapping[str, str]) -> "_Drawn":
        permitted = [line for line in card.options if line.option.permitted]
        refused = [line for line in card.options if not line.option.permitted]
        lines = subscription_lines(pen, card.subscription)
        if card.trouble is not None:
            lines.append(pen.t("The upgrades could not be read: {why}", why=error_text(pen, card.trouble)))
        elif not card.options:
            lines.append(pen.t("No upgrade is offered for this product."))
        if permitted:
            lines.append(
                pen.t("Upgrade possible to: {targets}", targets=pen.row([_target(pen, each) for each in permitted]))
            )
        lines += _refused_lines(pen, refused, alone=not permitted)
        return cls(lines=lines, buttons=_option_buttons(pen, card, names))

    @property
    def characters(self) -> int:
        return sum(len(line) for line in self.lines)

    @property
    def blocks(self) -> int:
        texts = 1 + self.characters // (limits.SECTION_TEXT // 2)
        return 1 + texts + -(-len(self.buttons) // limits.ACTIONS_ELEMENTS)

    def onto(self, sheet: Sheet) -> None:
        sheet.divider()
        sheet.section(*self.lines)
        sheet.buttons(self.buttons)


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
        drawn = _Drawn.of(pen, each, names)
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


def _option_buttons(pen: Pen, card: SubscriptionCard, names: Mapping[str, str]) -> list[Button]:
    buttons: list[Button] = []
    for line in card.options:
        if line.handle is None or line.handle not in names:
            continue
        target = pen.offer(line.option.target.id, line.option.target.name)
        label = pen.texts.t("Upgrade {tail} to {target}", tail=tail(card.subscription.id), target=target)
        action_id = f"option.choose.{len(buttons)}"
        buttons.append(Button(text=names[line.handle], label=label, action_id=action_id, value=line.handle))
    return buttons


def _refused_lines(pen: Pen, refused: list[OptionLine], *, alone: bool) -> list[Md]:
    """A line for every set of reasons, naming each target that it refuses."""
    groups: dict[tuple[Reason, ...], list[OptionLine]] = {}
    for line in refused:
        groups.setdefault(line.option.reasons, []).append(line)
    once = advice_is_shared(list(groups))
    lines = []
    for reasons, of in groups.items():
        targets = pen.row([_target(pen, each) for each in of])
        why = whys(pen, reasons) if once else reasons_text(pen, reasons)
        if alone and len(groups) == 1:
            lines.append(pen.t("No upgrade possible to {targets}: {why}", targets=targets, why=why))
        else:
            lines.append(pen.t("{targets} not possible: {why}", targets=bold(targets), why=why))
    if once:
        lines.append(joined(advice(pen, next(iter(groups))), " "))
    return lines


def _target(pen: Pen, line: OptionLine) -> Md:
    return esc(pen.offer(line.option.target.id, line.option.target.name))


def _with(short_name: str, ending: str) -> str:
    return f"{clamp(short_name, limits.BUTTON_TEXT - len(ending) - 1)} {ending}"


def _cut_line(pen: Pen, left: int) -> Md:
    return pen.n(
        "{count} more subscription of this page does not fit into this message. Look it up in Partner Center.",
        "{count} more subscriptions of this page do not fit into this message. Look them up in Partner Center.",
        count=left,
    )
