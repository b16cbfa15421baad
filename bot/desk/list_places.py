"""Places in lists of changes: what the button behind a page stands for (design.md, rule 1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import HandleMaker, text_of
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.domain.audit import AuditName
from bot.domain.people import Caller
from bot.domain.policy import Action


class ListName(StrEnum):
    """The lists that are shown page by page."""

    WAITING = "waiting"
    MINE = "mine"
    LATELY = "lately"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of a list: of which, and after what (`ChangeList.after`). `customer_id` is of the customer's list."""

    name: ListName
    after: str
    customer_id: str = ""


async def keep_places(desk: Desk, *, caller: Caller, places: Sequence[Place]) -> tuple[str, ...]:
    """Values for buttons that lead to these pages, for this caller alone. One transaction, none for no places."""
    maker = HandleMaker(desk=desk, caller=caller)
    values = tuple(
        maker.make(Purpose.LIST, {"list": each.name, "after": each.after, "customer_id": each.customer_id})
        for each in places
    )
    if values:
        await maker.keep()
    return values


async def open_place(desk: Desk, *, caller: Caller, value: str) -> Place:
    """The page that a pressed value stands for. Raises as `admit` and `open_handle` do."""
    await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.CHANGES_LIST)
    handle = await open_handle(desk, caller=caller, value=value, purpose=Purpose.LIST)
    return Place(
        name=ListName(text_of(handle.data, "list")),
        after=text_of(handle.data, "after"),
        customer_id=text_of(handle.data, "customer_id"),
    )
