"""What is shown of a customer, once found: by what was wanted of them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.desk.finding.finder import Wanted
from bot.desk.list_options import list_options
from bot.desk.results import CustomerOpened
from bot.desk.seats.list_seats import list_seats
from handlers.blocks.options import options_message
from handlers.blocks.seats import seats_message
from handlers.blocks.sheet import Message
from handlers.incoming import Incoming

Showing = Callable[[Incoming, CustomerOpened], Awaitable[Message]]


async def options_of(incoming: Incoming, opened: CustomerOpened) -> Message:
    """Their subscriptions with the upgrades that are possible."""
    options = await list_options(incoming.desk, caller=incoming.caller, customer_id=opened.customer.id, opened=opened)
    return options_message(await incoming.pen(), options, nonce=incoming.nonce())


async def seats_of(incoming: Incoming, opened: CustomerOpened) -> Message:
    """Their subscriptions with the seats that they can take."""
    listed = await list_seats(incoming.desk, caller=incoming.caller, customer_id=opened.customer.id, opened=opened)
    return seats_message(await incoming.pen(), listed, nonce=incoming.nonce())


SHOWN: Final[Mapping[Wanted, Showing]] = {Wanted.OPTIONS: options_of, Wanted.SEATS: seats_of}
