"""`/upgrade-options [customer]`: acknowledged at once, answered to the asker alone."""

from typing import Final

from bot.desk.find_customer import find_customer
from bot.desk.finding.finder import Wanted
from bot.desk.results import CustomerChoice
from handlers.answers import ByResponseUrl
from handlers.blocks.choice import choice_message
from handlers.blocks.help import help_message
from handlers.blocks.sheet import Message
from handlers.blocks.text import unescaped
from handlers.boundary import spawn
from handlers.finding import without_customer
from handlers.found import options_of
from handlers.incoming import Incoming
from handlers.payload import text_of

HELP_WORDS: Final = frozenset({"", "help", "hilfe", "?", "--help", "-h"})


async def upgrade_options(incoming: Incoming) -> None:
    """Acknowledge, then find the customer and answer. Nobody is named: the channel's own, or a modal that asks."""
    text = unescaped(text_of(incoming.body, "text"))
    if not text:
        await without_customer(incoming, Wanted.OPTIONS)
        return
    await incoming.ack()
    spawn(incoming, _answer(incoming, text), name="upgrade_options")


async def _answer(incoming: Incoming, text: str) -> None:
    answer = ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url"))
    await answer.message(await _message(incoming, text), replace=False)


async def _message(incoming: Incoming, text: str) -> Message:
    if text.lower() in HELP_WORDS:
        return help_message(await incoming.pen(), nonce=incoming.nonce())
    found = await find_customer(incoming.desk, caller=incoming.caller, text=text)
    if isinstance(found, CustomerChoice):
        return choice_message(await incoming.pen(), found, nonce=incoming.nonce())
    return await options_of(incoming, found)
