"""Presses that open a modal about an order: to confirm it, to ask for it again, to see what is left to do after it."""

from bot.desk.asked_again import asked_again
from bot.desk.follow_ups import follow_ups
from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.results import Confirmation
from bot.desk.seats.records import SeatSheet
from bot.domain.errors import OpenChangeExists
from handlers.actions.opening import open_modal
from handlers.actions.seats import seat_sheet
from handlers.blocks.confirmation import confirmation_view
from handlers.blocks.follow_ups import customer_text_view, follow_ups_view
from handlers.blocks.sheet import Block
from handlers.card_link import card_url
from handlers.incoming import Incoming


async def choose_option(incoming: Incoming) -> None:
    """A target was pressed: read again, then ask for confirmation."""
    await open_modal(incoming, _upgrade, name="choose_option")


async def request_again(incoming: Incoming) -> None:
    """The same once more, prefilled."""
    await open_modal(incoming, _again, name="request_again")


async def show_follow_ups(incoming: Incoming) -> None:
    """The accounts that need work, for the asker alone."""
    await open_modal(incoming, _follow_ups, name="show_follow_ups")


async def show_customer_text(incoming: Incoming) -> None:
    """A text for the customer, for the asker alone."""
    await open_modal(incoming, _customer_text, name="show_customer_text")


async def _upgrade(incoming: Incoming) -> Block:
    asked = await prepare_upgrade(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    return await _confirmation(incoming, asked)


async def _again(incoming: Incoming) -> Block:
    asked = await asked_again(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    if isinstance(asked, SeatSheet):
        return await seat_sheet(incoming, asked)
    return await _confirmation(incoming, asked)


async def _confirmation(incoming: Incoming, asked: Confirmation) -> Block:
    url = None
    if isinstance(asked.hindrance, OpenChangeExists):
        url = await card_url(incoming, asked.hindrance.change_id)
    return confirmation_view(await incoming.pen(), asked, url=url)


async def _follow_ups(incoming: Incoming) -> Block:
    found = await follow_ups(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return follow_ups_view(await incoming.pen(), found)


async def _customer_text(incoming: Incoming) -> Block:
    found = await follow_ups(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return customer_text_view(await incoming.pen(), found)
