"""`/upgrade-requests [mine | waiting | customer]`: changes as a list, to the asker alone, with the way to each card."""

from typing import Final

from bot.desk.approval_results import ChangeList
from bot.desk.find_customer import find_customer
from bot.desk.list_places import ListName, Place, keep_places, open_place
from bot.desk.lists import lately, mine, of_customer, waiting_for
from bot.desk.open_customer import open_customer
from bot.desk.results import CustomerChoice
from bot.domain.customers import Customer
from handlers.answers import ByResponseUrl
from handlers.blocks.choice import choice_message
from handlers.blocks.requests import requests_help, requests_message
from handlers.blocks.sheet import Message
from handlers.blocks.text import unescaped
from handlers.boundary import spawn
from handlers.card_link import card_urls
from handlers.commands.upgrade_options import HELP_WORDS
from handlers.incoming import Incoming
from handlers.payload import text_of

MINE_WORDS: Final = frozenset({"", "mine", "meine"})
WAITING_WORDS: Final = frozenset({"waiting", "wartend", "wartende"})
CHOOSE: Final = "requests.customer"


async def upgrade_requests(incoming: Incoming) -> None:
    """Acknowledge, then list."""
    await incoming.ack()
    spawn(incoming, _answer(incoming, unescaped(text_of(incoming.body, "text"))), name="upgrade_requests")


async def more_requests(incoming: Incoming) -> None:
    """The next page, in place of this one."""
    await incoming.ack()
    spawn(incoming, _more(incoming), name="more_requests")


async def choose_requests_of(incoming: Incoming) -> None:
    """List the changes of the customer that was chosen, in place of the menu."""
    await incoming.ack()
    spawn(incoming, _of_chosen(incoming), name="choose_requests_of")


async def _answer(incoming: Incoming, text: str) -> None:
    answer = ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url"))
    await answer.message(await _message(incoming, text), replace=False)


async def _message(incoming: Incoming, text: str) -> Message:
    word = text.lower()
    if word in HELP_WORDS - MINE_WORDS:
        return requests_help(await incoming.pen(), nonce=incoming.nonce())
    if word in MINE_WORDS:
        return await _page(incoming, ListName.MINE)
    if word in WAITING_WORDS:
        return await _page(incoming, ListName.WAITING)
    found = await find_customer(incoming.desk, caller=incoming.caller, text=text)
    if isinstance(found, CustomerChoice):
        return choice_message(await incoming.pen(), found, nonce=incoming.nonce(), action_id=CHOOSE)
    return await _page(incoming, ListName.CUSTOMER, customer=found.customer)


async def _more(incoming: Incoming) -> None:
    place = await open_place(incoming.desk, caller=incoming.caller, value=incoming.pressed.value)
    message = await _page(incoming, place.name, after=place.after, customer_id=place.customer_id)
    if (answer := incoming.response_url) is not None:
        await answer.message(message, replace=True)


async def _of_chosen(incoming: Incoming) -> None:
    opened = await open_customer(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    message = await _page(incoming, ListName.CUSTOMER, customer=opened.customer)
    if (answer := incoming.response_url) is not None:
        await answer.message(message, replace=True)


async def _page(
    incoming: Incoming,
    name: ListName,
    *,
    after: str | None = None,
    customer: Customer | None = None,
    customer_id: str = "",
) -> Message:
    customer_id = customer.id if customer is not None else customer_id
    found = await _read(incoming, name, after=after, customer_id=customer_id)
    left = [Place(name=name, after=found.after, customer_id=customer_id)] if found.after is not None else []
    more = await keep_places(incoming.desk, caller=incoming.caller, places=left)
    links = await card_urls(incoming, [item.card for item in found.items if item.card is not None])
    return requests_message(
        await incoming.pen(),
        found,
        name=name,
        links=links,
        more=more[0] if more else None,
        nonce=incoming.nonce(),
        customer=customer,
    )


async def _read(incoming: Incoming, name: ListName, *, after: str | None, customer_id: str) -> ChangeList:
    desk, caller = incoming.desk, incoming.caller
    match name:
        case ListName.WAITING:
            return await waiting_for(desk, caller=caller, after=after)
        case ListName.MINE:
            return await mine(desk, caller=caller, after=after)
        case ListName.LATELY:
            return await lately(desk, caller=caller, after=after)
        case ListName.CUSTOMER:
            return await of_customer(desk, caller=caller, customer_id=customer_id, after=after)
