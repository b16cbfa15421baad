"""The steps up to a change of seats, as tests take them; and a colleague who changes the number elsewhere."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from bot.desk.seats.list_seats import list_seats
from bot.desk.seats.prepare_seats import prepare_seats
from bot.desk.seats.records import SeatSheet
from bot.desk.seats.request_seats import request_seats
from bot.domain.changes import Change
from bot.domain.people import Caller
from bot.eligibility.client import Done
from tests.support.desks import DeskKit

Reading = Callable[..., Coroutine[Any, Any, Any]]


async def seats_handle(kit: DeskKit, caller: Caller, customer: dict[str, Any], *, at: int = 0, number: str = "") -> str:
    """The value behind the button of a customer's `at`-th subscription."""
    listed = await list_seats(kit.desk, caller=caller, customer_id=customer["id"], number=number)
    wanted = customer["subscriptions"][at]["id"]
    (handle,) = [each.handle for each in listed.offers if each.subscription.id == wanted]
    assert handle is not None
    return handle


async def seat_sheet(
    kit: DeskKit, caller: Caller, customer: dict[str, Any], *, at: int = 0, number: str = ""
) -> SeatSheet:
    """The sheet of a change of seats."""
    handle = await seats_handle(kit, caller, customer, at=at, number=number)
    return await prepare_seats(kit.desk, caller=caller, handle=handle)


async def seats_requested(
    kit: DeskKit,
    caller: Caller,
    customer: dict[str, Any],
    *,
    add: int = 5,
    at: int = 0,
    note: str = "Ticket 4711",
) -> Change:
    """A change of seats that was asked for."""
    sheet = await seat_sheet(kit, caller, customer, at=at)
    return await request_seats(kit.desk, caller=caller, draft_id=sheet.draft_id, seats=str(add), note=note)


async def held_seats(kit: DeskKit, customer: dict[str, Any], *, at: int = 0) -> int:
    """How many seats the service reports now."""
    wanted = customer["subscriptions"][at]["id"]
    found = await kit.service.client().subscription(customer["id"], wanted, correlation_id=kit.desk.ids.uuid())
    return found.quantity


async def set_elsewhere(kit: DeskKit, customer: dict[str, Any], total: int, *, at: int = 0) -> None:
    """A colleague sets the number in Partner Center: another call, with a record of its own."""
    before = await held_seats(kit, customer, at=at)
    answer = await kit.service.client().change_quantity(
        customer["id"],
        customer["subscriptions"][at]["id"],
        total,
        expected=before,
        request_id=kit.desk.ids.uuid(),
        correlation_id=kit.desk.ids.uuid(),
        timeout=10.0,
    )
    assert isinstance(answer, Done)


class Between:
    """The real service with other readings, and something that happens `first`, before an order is sent on."""

    def __init__(self, real: Any, *, first: Reading | None = None, **instead: Reading) -> None:
        self._real, self._first, self._instead = real, first, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._real, name)

    async def change_quantity(self, *args: Any, **named: Any) -> Any:
        """The order as it came."""
        if self._first is not None:
            await self._first()
        order = self._instead.get("change_quantity") or self._real.change_quantity
        return await order(*args, **named)


def behind(kit: DeskKit, *, first: Reading | None = None, **instead: Reading) -> DeskKit:
    service: Any = Between(kit.desk.service, first=first, **instead)
    return replace(kit, desk=replace(kit.desk, service=service))
