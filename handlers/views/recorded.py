"""A request was recorded: the modal says so at once, and the link to its card follows."""

import asyncio
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.desk.rights import who_may
from bot.domain.changes import Change
from bot.domain.policy import Action
from bot.domain.roles import PartnerRole
from bot.locales import msg
from handlers.answers import AtSubmit, InModal
from handlers.blocks.confirmation import result_view
from handlers.blocks.note import NOTE_FIELD
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Block
from handlers.card_link import card_url
from handlers.home import refresh_home
from handlers.incoming import Incoming
from handlers.payload import text_of

log = structlog.get_logger(__name__)

_LOOKS_FOR_THE_CARD: Final = (1.0, 0.5, 1.0, 2.0)
"""Seconds before each look. The first lets the acknowledgement draw its view before it is drawn anew."""


READ_FIRST: Final = msg("This is what it comes to now. Press the button again to go ahead.")


async def shown_first(incoming: Incoming, view: Block) -> None:
    """Nothing is ordered that was not on the screen: show what it comes to, to be submitted again."""
    await AtSubmit(incoming.ack, field=NOTE_FIELD).show(view)


async def say_recorded(incoming: Incoming, change: Change) -> None:
    """In place of the modal that was submitted. The person's Home follows too."""
    pen = await incoming.pen()
    await AtSubmit(incoming.ack, field=NOTE_FIELD).show(result_view(pen, change, may=_may(incoming)))
    incoming.runtime.spawn(_add_link(incoming, pen, change), name="add_link")
    incoming.runtime.spawn(refresh_home(incoming), name="refresh_home")


def _may(incoming: Incoming) -> frozenset[PartnerRole]:
    return who_may(incoming.desk, Action.APPROVE)


async def _add_link(incoming: Incoming, pen: Pen, change: Change) -> None:
    """A courtesy: what goes wrong here is nobody's business, because the request is recorded and shown as such."""
    modal = InModal(incoming.client, text_of(incoming.body, "view", "id"))
    for pause in _LOOKS_FOR_THE_CARD:
        await asyncio.sleep(pause)
        if (url := await card_url(incoming, change.id)) is None:
            continue
        try:
            await modal.show(result_view(pen, change, may=_may(incoming), url=url))
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("card_link_not_shown", change_id=change.id, error=type(error).__name__)
        return
