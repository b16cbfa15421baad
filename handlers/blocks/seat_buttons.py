"""The buttons that lead to more seats: in the list of seats, and beside the upgrades."""

from collections.abc import Iterable
from typing import Final

from bot.desk.seats.records import SeatOffer
from handlers.blocks.pen import Pen, tail
from handlers.blocks.sheet import Button

CHOOSE: Final = "seats.choose"


def seat_button_names(offers: Iterable[SeatOffer], *, words: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """The button text of every handle, unique in its message: with the end of the subscription's id, twins numbered."""
    used, names = set(taken), dict[str, str]()
    for each in offers:
        if each.handle is None:
            continue
        name, number = f"{words} {tail(each.subscription.id)}", 2
        while name in used:
            name, number = f"{words} ({number})", number + 1
        used.add(name)
        names[each.handle] = name
    return names


def seat_button(pen: Pen, offer: SeatOffer, name: str, *, number: int) -> Button:
    """The button of one subscription. `number` tells the action ids of one block apart."""
    label = f"{name}: {pen.offer(offer.subscription.offer.id, offer.subscription.offer.name)}"
    return Button(text=name, label=label, action_id=f"{CHOOSE}.{number}", value=offer.handle)
