"""Presses on the way to more seats: a customer, a subscription, the meaning of a number. In messages and in modals."""

from bot.desk.results import CustomerChoice, CustomerOpened
from bot.desk.seats.list_seats import list_seats, refresh_seats
from bot.desk.seats.prepare_meant import prepare_meant
from bot.desk.seats.prepare_seats import prepare_seats
from bot.desk.seats.records import SeatSheet, SeatsListed
from bot.desk.seats.seat_numbers import read_number
from bot.desk.seats.seats_command import SeatsFound, SeatsTyped, find_for_seats, keep_typed, open_for_seats
from bot.domain.errors import CustomerNotFound, OpenChangeExists
from handlers.actions.opening import in_modal, modal_of
from handlers.blocks.choice import choice_message
from handlers.blocks.frames import modal
from handlers.blocks.seat_sheet import IN_ALL, question_view, seat_view
from handlers.blocks.seats import seats_list_view, seats_message
from handlers.blocks.sheet import Block
from handlers.boundary import spawn
from handlers.card_link import card_url
from handlers.finding import opened_here
from handlers.incoming import Incoming
from handlers.payload import text_of

CHOOSE_CUSTOMER = "seats.customer"


async def choose_seats(incoming: Incoming) -> None:
    """A subscription was chosen: read again, then ask how many, or what the number means."""
    await in_modal(incoming, _chosen, name="choose_seats")


async def choose_meaning(incoming: Incoming) -> None:
    """So many more, or so many in all."""
    await in_modal(incoming, _meant, name="choose_meaning")


async def choose_customer_of_seats(incoming: Incoming) -> None:
    """The customer was chosen: their list, where the menu stood; in a modal a number may lead further."""
    if modal_of(incoming):
        await in_modal(incoming, _of_customer, name="seats_of_customer")
        return
    await incoming.ack()
    spawn(incoming, _list_of_customer(incoming), name="seats_of_customer")


async def read_seats_again(incoming: Incoming) -> None:
    """The list again, or another page of it, in its place."""
    if modal_of(incoming):
        await in_modal(incoming, _again, name="seats_again")
        return
    await incoming.ack()
    spawn(incoming, _list_again(incoming), name="seats_again")


async def draw_typed(incoming: Incoming, typed: SeatsTyped) -> Block:
    """What a customer with a number leads to: the confirmation, where only one subscription can take seats."""
    found = await _found(incoming, typed)
    if isinstance(found.found, CustomerChoice):
        pen = await incoming.pen()
        kept = await keep_typed(incoming.desk, caller=incoming.caller, typed=typed)
        asked = choice_message(pen, found.found, nonce=incoming.nonce(), action_id=CHOOSE_CUSTOMER)
        return modal(pen.texts, title=pen.texts.t("Add seats"), blocks=list(asked.blocks), draft_id=kept)
    customer = found.found.customer
    listed = await list_seats(
        incoming.desk, caller=incoming.caller, customer_id=customer.id, opened=found.found, number=found.number
    )
    return await _listed(incoming, listed, number=found.number)


async def _found(incoming: Incoming, typed: SeatsTyped) -> SeatsFound:
    """Who is meant. A number alone is for the channel's customer, unless it is somebody's full name."""
    here = None if typed.name else await opened_here(incoming)
    try:
        found = await find_for_seats(incoming.desk, caller=incoming.caller, typed=typed)
    except CustomerNotFound:
        if here is None:
            raise
    else:
        if here is None or isinstance(found.found, CustomerOpened):
            return found
    read_number(typed.number, current=None)
    return SeatsFound(found=here, number=typed.number)


async def seat_sheet(incoming: Incoming, asked: SeatSheet) -> Block:
    """The confirmation, with the way to the card of what is in the way."""
    url = None
    if isinstance(asked.hindrance, OpenChangeExists):
        url = await card_url(incoming, asked.hindrance.change_id)
    return seat_view(await incoming.pen(), asked, url=url)


async def _listed(incoming: Incoming, listed: SeatsListed, *, number: str) -> Block:
    """With a number and one subscription only, straight to the confirmation; the service is read once more for it."""
    if number and listed.only is not None and listed.only.handle is not None:
        return await _prepared(incoming, listed.only.handle)
    return seats_list_view(await incoming.pen(), listed, nonce=incoming.nonce(), number=number)


async def _chosen(incoming: Incoming) -> Block:
    return await _prepared(incoming, incoming.pressed.value)


async def _prepared(incoming: Incoming, handle: str) -> Block:
    asked = await prepare_seats(incoming.desk, caller=incoming.caller, handle=handle)
    if asked.either is not None and asked.hindrance is None:
        return question_view(await incoming.pen(), asked, handle=handle)
    return await seat_sheet(incoming, asked)


async def _meant(incoming: Incoming) -> Block:
    pressed = incoming.pressed
    asked = await prepare_meant(
        incoming.desk, caller=incoming.caller, handle=pressed.value, in_all=pressed.action_id == IN_ALL
    )
    return await seat_sheet(incoming, asked)


async def _of_customer(incoming: Incoming) -> Block:
    typed = text_of(incoming.body, "view", "private_metadata")
    found = await open_for_seats(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value, typed=typed)
    listed = await list_seats(
        incoming.desk,
        caller=incoming.caller,
        customer_id=found.opened.customer.id,
        opened=found.opened,
        number=found.number,
    )
    return await _listed(incoming, listed, number=found.number)


async def _again(incoming: Incoming) -> Block:
    listed = await refresh_seats(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    return seats_list_view(await incoming.pen(), listed, nonce=incoming.nonce())


async def _list_of_customer(incoming: Incoming) -> None:
    found = await open_for_seats(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value, typed="")
    listed = await list_seats(
        incoming.desk, caller=incoming.caller, customer_id=found.opened.customer.id, opened=found.opened
    )
    await _replace(incoming, listed)


async def _list_again(incoming: Incoming) -> None:
    await _replace(incoming, await refresh_seats(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value))


async def _replace(incoming: Incoming, listed: SeatsListed) -> None:
    if (answer := incoming.response_url) is not None:
        await answer.message(seats_message(await incoming.pen(), listed, nonce=incoming.nonce()), replace=True)
