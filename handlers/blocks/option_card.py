"""One subscription of the list: its facts, a button per permitted target, a line for each of the others."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.results import OptionLine, OptionsList, SubscriptionCard
from bot.domain.customers import Reason
from bot.locales import Texts
from handlers.blocks import limits
from handlers.blocks.errors import error_text
from handlers.blocks.pen import Pen, tail
from handlers.blocks.reasons import advice, advice_is_shared, reasons_text, whys
from handlers.blocks.seat_buttons import seat_button, seat_button_names
from handlers.blocks.sheet import Button, Sheet
from handlers.blocks.subject import subscription_lines
from handlers.blocks.text import ELLIPSIS, Md, bold, clamp, clean, esc, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCard:
    """A subscription as it will be drawn, to know whether it still fits."""

    lines: list[Md]
    buttons: list[Button]

    @classmethod
    def of(cls, pen: Pen, card: SubscriptionCard, names: Mapping[str, str]) -> "DrawnCard":
        """Draw a card. `names` has the button text of each handle that gets a button."""
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
        if card.instead:
            lines.append(_instead_line(pen, card))
        return cls(lines=lines, buttons=[*_option_buttons(pen, card, names), *_seat_buttons(pen, card, names)])

    @property
    def characters(self) -> int:
        """How much text it is."""
        return sum(len(line) for line in self.lines)

    @property
    def blocks(self) -> int:
        """How many blocks it takes at most."""
        texts = 1 + self.characters // (limits.SECTION_TEXT // 2)
        return 1 + texts + -(-len(self.buttons) // limits.ACTIONS_ELEMENTS)

    def onto(self, sheet: Sheet) -> None:
        """Put it on the sheet."""
        sheet.divider()
        sheet.section(*self.lines)
        sheet.buttons(self.buttons)


def button_names(texts: Texts, options: OptionsList) -> Mapping[str, str]:
    """A name of at most 24 characters for every handle, unique in the message: twins get the end of their id."""
    names = _target_names(options)
    seats = [card.seats for card in options.cards if card.seats is not None]
    names |= seat_button_names(seats, taken=names.values(), words=texts.t("Add seats"))
    instead = [each for card in options.cards for each in card.instead]
    return names | seat_button_names(instead, taken=names.values(), words=texts.t("Add to"))


def _target_names(options: OptionsList) -> dict[str, str]:
    pressed = [
        (card.subscription.id, clean(line.option.target.short_name) or ELLIPSIS, line.handle)
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


def _option_buttons(pen: Pen, card: SubscriptionCard, names: Mapping[str, str]) -> list[Button]:
    buttons: list[Button] = []
    for line in card.options:
        if line.handle is None or line.handle not in names:
            continue
        target = pen.offer(line.option.target.id, line.option.target.name)
        # The name begins with what is seen on the button: who speaks to the machine says that (WCAG 2.5.3).
        name, end = names[line.handle], tail(card.subscription.id)
        label = f"{name}: {target}" if end in name else f"{name}: {target}, {end}"
        action_id = f"option.choose.{len(buttons)}"
        buttons.append(Button(text=name, label=label, action_id=action_id, value=line.handle))
    return buttons


def _seat_buttons(pen: Pen, card: SubscriptionCard, names: Mapping[str, str]) -> list[Button]:
    """More of this subscription, and of what stands in the way of more of something else."""
    offers = [*([card.seats] if card.seats is not None else []), *card.instead]
    able = [(each, names[each.handle]) for each in offers if each.handle is not None and each.handle in names]
    return [seat_button(pen, each, name, number=at) for at, (each, name) in enumerate(able)]


def _instead_line(pen: Pen, card: SubscriptionCard) -> Md:
    """What else leads to more of a product that the customer has already."""
    offers = [each.subscription for each in card.instead]
    held = [joined([esc(pen.offer(each.offer.id, each.offer.name)), pen.tail(each.id)], " ") for each in offers]
    return pen.t("Instead of an upgrade, seats can be added to: {subscriptions}", subscriptions=pen.row(held))


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
        lines.append(advice(pen, next(iter(groups))))
    return lines


def _target(pen: Pen, line: OptionLine) -> Md:
    return esc(pen.offer(line.option.target.id, line.option.target.name))


def _with(short_name: str, ending: str) -> str:
    return f"{clamp(short_name, limits.BUTTON_TEXT - len(ending) - 1)} {ending}"
