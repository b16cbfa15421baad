"""`/customer-link [customer | off]`: a channel is about a customer, so that commands in it need none."""

from typing import Final

from bot.desk.find_customer import find_customer
from bot.desk.link_channel import link_channel, open_linked, read_link, unlink_channel
from bot.desk.open_customer import open_customer
from bot.desk.results import CustomerChoice, CustomerOpened
from bot.domain.audit import AuditName
from handlers.answers import ByResponseUrl
from handlers.blocks.channel_link import ended_message, link_help, link_message, linked_message, no_link_message
from handlers.blocks.choice import choice_message
from handlers.blocks.sheet import Message
from handlers.blocks.text import unescaped
from handlers.boundary import spawn
from handlers.channels import kind_of
from handlers.commands.upgrade_options import HELP_WORDS
from handlers.incoming import Incoming
from handlers.payload import text_of

CHOOSE: Final = "channel.customer"
OFF_WORDS: Final = frozenset({"off", "aus"})


async def customer_link(incoming: Incoming) -> None:
    """Acknowledge, then look, link or unlink."""
    await incoming.ack()
    spawn(incoming, _answer(incoming, unescaped(text_of(incoming.body, "text"))), name="customer_link")


async def choose_linked(incoming: Incoming) -> None:
    """Link the channel to the customer that was chosen, in place of the menu."""
    await incoming.ack()
    spawn(incoming, _chosen(incoming), name="choose_linked")


async def _answer(incoming: Incoming, text: str) -> None:
    answer = ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url"))
    await answer.message(await _message(incoming, text), replace=False)


async def _message(incoming: Incoming, text: str) -> Message:
    desk, caller, word = incoming.desk, incoming.caller, text.lower()
    if not word:
        return await _shown(incoming)
    if word in HELP_WORDS:
        return link_help(await incoming.pen(), nonce=incoming.nonce())
    if word in OFF_WORDS:
        ended = await unlink_channel(desk, caller=caller)
        return ended_message(await incoming.pen(), ended=ended, nonce=incoming.nonce())
    found = await find_customer(desk, caller=caller, text=text, tried=AuditName.CHANNEL_LINK)
    if isinstance(found, CustomerChoice):
        return choice_message(await incoming.pen(), found, nonce=incoming.nonce(), action_id=CHOOSE)
    return await _linked(incoming, found)


async def _chosen(incoming: Incoming) -> None:
    tried = AuditName.CHANNEL_LINK
    opened = await open_customer(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value, tried=tried)
    message = await _linked(incoming, opened)
    if (answer := incoming.response_url) is not None:
        await answer.message(message, replace=True)


async def _linked(incoming: Incoming, opened: CustomerOpened) -> Message:
    kind = await kind_of(incoming.client, incoming.caller.channel_id or "")
    linked = await link_channel(incoming.desk, caller=incoming.caller, opened=opened, kind=kind)
    return linked_message(await incoming.pen(), linked, nonce=incoming.nonce())


async def _shown(incoming: Incoming) -> Message:
    link = await read_link(incoming.desk, caller=incoming.caller)
    if link is None:
        return no_link_message(await incoming.pen(), nonce=incoming.nonce())
    kind = await kind_of(incoming.client, link.channel_id)
    opened = await open_linked(incoming.desk, caller=incoming.caller, link=link, kind=kind)
    return link_message(await incoming.pen(), link, opened.customer, nonce=incoming.nonce())
