"""The shortcut on a message: the customer that it is about, opened where it is sure who that is, else asked for."""

import asyncio
from typing import Final

from bot.desk.directory_search import FoundCustomer
from bot.desk.find_customer import find_customer
from bot.desk.finding.customer_in_message import customer_in_message
from bot.desk.finding.finder import Wanted
from bot.desk.results import CustomerChoice
from handlers.answers import ByResponseUrl
from handlers.blocks.choice import choice_message
from handlers.boundary import spawn
from handlers.finding import open_finder_modal
from handlers.found import options_of
from handlers.incoming import Incoming
from handlers.payload import text_of
from handlers.shortcuts.message_text import message_text

_DECIDE_WITHIN: Final = 1.2
"""Seconds in which it shows whether a modal is wanted; the trigger lives three."""


async def options_for_message(incoming: Incoming) -> None:
    """Look whom the message is about; open a modal only where somebody has to choose."""
    await incoming.ack()
    message = incoming.body.get("message")
    text = message_text(message) if isinstance(message, dict) else ""
    looking = asyncio.create_task(customer_in_message(incoming.desk, caller=incoming.caller, text=text))

    async def candidates() -> tuple[FoundCustomer, ...]:
        return (await looking).candidates

    try:
        await asyncio.wait({looking}, timeout=_DECIDE_WITHIN)
        if looking.done() and (sure := looking.result().sure) is not None:
            spawn(incoming, _open(incoming, sure), name="options_for_message")
            return
        await open_finder_modal(incoming, Wanted.OPTIONS, candidates)
    except BaseException:
        looking.cancel()
        raise


async def _open(incoming: Incoming, sure: str) -> None:
    """By the domain or the tenant id, as if it had been typed: the service says whose it is now."""
    found = await find_customer(incoming.desk, caller=incoming.caller, text=sure)
    if isinstance(found, CustomerChoice):
        message = choice_message(await incoming.pen(), found, nonce=incoming.nonce())
    else:
        message = await options_of(incoming, found)
    await ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url")).message(message, replace=False)
