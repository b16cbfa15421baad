"""What was typed after `/add-seats`: a customer, with or without a number. A name may end in a number itself."""

import re
from dataclasses import dataclass
from typing import Final

from bot.desk.desk import Desk
from bot.desk.find_customer import find_customer
from bot.desk.handles import HandleMaker, text_of
from bot.desk.naming import keys
from bot.desk.open_customer import open_customer
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import CustomerChoice, CustomerMatch, CustomerOpened
from bot.desk.seats.seat_numbers import read_number
from bot.domain.customers import Customer
from bot.domain.errors import CustomerNotFound
from bot.domain.people import Caller

_KEPT: Final = 400
"""Characters of what was typed that are kept while a customer is chosen; a search takes fewer."""
_LONGEST: Final = 1_000
"""Characters among which a number is looked for; a longer text is nobody's name with a number."""
_NUMBERED: Final = re.compile(
    r"(?P<name>.*?\S)"
    r"(?:\s+(?P<apart>(?:[+=]\s*)?[-\u2010-\u2015\u2212]?\s*[0-9][0-9.,]*)|(?<![\s+=])(?P<joined>[+=][0-9][0-9.,]*))",
    re.DOTALL,
)
"""A sign that is joined to the name belongs to the number only if that is joined to it: of `Canal+ 20` it does not."""

_ALONE: Final = re.compile(r"[+=]?\s*[0-9][0-9.,]{0,20}")
"""A number and nobody: it is for the customer that the channel is linked to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsTyped:
    """`text` as typed; where it ends like a number, `name` is what stands before it, if anything does.

    `number` is empty for none.
    """

    text: str
    name: str
    number: str

    def number_for(self, customer: Customer) -> str:
        """The number, where it is none of this customer's name: of `Studio 54` the 54 means no seats."""
        beginnings = keys(self.text)
        named = any(key.startswith(typed) for key in keys(customer.name) for typed in beginnings)
        return "" if named else self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsFound:
    """Whom it means, with the number of seats; to be chosen, `number` counts for those whose name does not hold it."""

    found: CustomerOpened | CustomerChoice
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsOpened:
    """The customer that was chosen, with the number of seats that was typed; empty for none."""

    opened: CustomerOpened
    number: str


def seats_typed(text: str) -> SeatsTyped:
    """Take it apart: a name, and what looks like a number at its end. Which it is, a search decides. Pure."""
    bare = text.strip()
    if _ALONE.fullmatch(bare):
        return SeatsTyped(text=bare, name="", number="".join(bare.split()))
    found = _NUMBERED.fullmatch(bare) if len(bare) <= _LONGEST else None
    if found is None:
        return SeatsTyped(text=bare, name=bare, number="")
    return SeatsTyped(text=bare, name=found["name"], number="".join((found["apart"] or found["joined"]).split()))


async def find_for_seats(desk: Desk, *, caller: Caller, typed: SeatsTyped) -> SeatsFound:
    """The customer by all of what was typed, if it is a full name; else by what stands before the number.

    Where both find somebody, all are offered for choice (design.md, rule 11). Raises BadInput (at `seats`, for what is
    no number of seats) and what `find_customer` raises.
    """
    by_all: CustomerChoice | None = None
    try:
        found = await find_customer(desk, caller=caller, text=typed.text)
    except CustomerNotFound:
        if not typed.number:
            raise
    else:
        if isinstance(found, CustomerOpened) or not typed.number:
            return SeatsFound(found=found, number="")
        by_all = found
    try:
        before = await find_customer(desk, caller=caller, text=typed.name or typed.text)
    except CustomerNotFound as error:
        if by_all is not None:
            return SeatsFound(found=by_all, number="")
        raise CustomerNotFound(query=typed.text[:_KEPT]) from error
    if by_all is None:
        read_number(typed.number, current=None)
        return SeatsFound(found=before, number=typed.number)
    offered = await _together(desk, caller=caller, name=typed.name, before=before, by_all=by_all)
    return SeatsFound(found=offered, number=typed.number)


async def keep_typed(desk: Desk, *, caller: Caller, typed: SeatsTyped) -> str:
    """A value that stands for what was typed, while its writer chooses a customer. Raises StorageUnavailable."""
    maker = HandleMaker(desk=desk, caller=caller)
    kept = {"text": typed.text[:_KEPT], "name": typed.name[:_KEPT], "number": typed.number[:_KEPT]}
    value = maker.make(Purpose.SEATS_TYPED, kept)
    await maker.keep()
    return value


async def open_for_seats(desk: Desk, *, caller: Caller, handle: str, typed: str) -> SeatsOpened:
    """The chosen customer, and the number behind `typed` (a value of `keep_typed`, or empty: there was none).

    Raises BadInput (at `seats`) and what `open_customer` and `open_handle` raise.
    """
    opened = await open_customer(desk, caller=caller, handle=handle)
    if not typed:
        return SeatsOpened(opened=opened, number="")
    data = (await open_handle(desk, caller=caller, value=typed, purpose=Purpose.SEATS_TYPED)).data
    words = SeatsTyped(text=text_of(data, "text"), name=text_of(data, "name"), number=text_of(data, "number"))
    if number := words.number_for(opened.customer):
        read_number(number, current=None)
    return SeatsOpened(opened=opened, number=number)


async def _together(
    desk: Desk, *, caller: Caller, name: str, before: CustomerOpened | CustomerChoice, by_all: CustomerChoice
) -> CustomerChoice:
    """All whom one of the two readings finds: each of them begins with the name before the number."""
    if isinstance(before, CustomerOpened):
        maker = HandleMaker(desk=desk, caller=caller)
        value = maker.make(Purpose.CHOOSE_CUSTOMER, {"customer_id": before.customer.id})
        await maker.keep()
        matches = [CustomerMatch(customer=before.customer, handle=value), *by_all.matches]
        total, at_least = by_all.total + 1, by_all.at_least
    else:
        known = {each.customer.id for each in by_all.matches}
        others = [each for each in before.matches if each.customer.id not in known]
        matches = [*by_all.matches, *others]
        total, at_least = max(before.total, len(matches)), before.at_least or by_all.at_least
    return CustomerChoice(
        query=name,
        matches=tuple(matches[: desk.config.choices]),
        total=total,
        at_least=at_least,
        same_name=False,
        person=by_all.person,
    )
