"""A command without a customer: the channel's own where it is linked, else a modal that asks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.desk.directory_search import FoundCustomer
from bot.desk.finding.finder import Wanted, prepare_finder
from bot.desk.link_channel import link_of, open_linked
from bot.desk.results import CustomerOpened
from handlers.actions.opening import open_modal
from handlers.answers import ByResponseUrl
from handlers.blocks.finder import finder_view
from handlers.blocks.sheet import Block
from handlers.boundary import spawn
from handlers.channels import kind_of
from handlers.found import SHOWN
from handlers.incoming import Incoming
from handlers.payload import text_of
from storage.link_records import ChannelLink

log = structlog.get_logger(__name__)

_LINK_WITHIN: Final = 0.7
"""Seconds: the trigger lives three, and a modal that asks is never wrong."""

Candidates = Callable[[], Awaitable[tuple[FoundCustomer, ...]]]


async def without_customer(incoming: Incoming, wanted: Wanted) -> None:
    """Answer a command after which nobody was named."""
    await incoming.ack()
    link = await _link(incoming)
    if link is None:
        await open_finder_modal(incoming, wanted)
        return
    spawn(incoming, _of_channel(incoming, wanted, link), name="of_channel")


async def open_finder_modal(incoming: Incoming, wanted: Wanted, candidates: Candidates | None = None) -> None:
    """Open the modal that asks. `candidates`, who may be meant by a message, is awaited while it is open already.

    The answer goes to the response_url of what is handled here.
    """
    address = text_of(incoming.body, "response_url")

    async def draw(incoming: Incoming) -> Block:
        finder = await prepare_finder(
            incoming.desk,
            caller=incoming.caller,
            wanted=wanted,
            address=address,
            candidates=None if candidates is None else await candidates(),
        )
        return finder_view(await incoming.pen(), finder, nonce=incoming.nonce())

    await open_modal(incoming, draw, name="find_customer")


async def _link(incoming: Incoming) -> ChannelLink | None:
    try:
        async with asyncio.timeout(_LINK_WITHIN):
            return await link_of(incoming.desk, caller=incoming.caller)
    except TimeoutError:
        log.warning("channel_link_not_read_in_time", channel_id=incoming.caller.channel_id)
        return None


async def opened_here(incoming: Incoming) -> CustomerOpened | None:
    """The customer that this channel is linked to; None where it is not. Raises as `open_linked`."""
    link = await _link(incoming)
    return None if link is None else await _opened(incoming, link)


async def _opened(incoming: Incoming, link: ChannelLink) -> CustomerOpened:
    kind = await kind_of(incoming.client, link.channel_id)
    return await open_linked(incoming.desk, caller=incoming.caller, link=link, kind=kind)


async def _of_channel(incoming: Incoming, wanted: Wanted, link: ChannelLink) -> None:
    opened = await _opened(incoming, link)
    message = await SHOWN[wanted](incoming, opened)
    await ByResponseUrl(incoming.runtime.http, text_of(incoming.body, "response_url")).message(message, replace=False)
