"""A number of seats is being typed: what it would mean stands beneath it at once."""

from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.desk.seats.weigh_seats import weigh_seats
from bot.domain.errors import DatabaseDown
from handlers.answers import InModal
from handlers.blocks.seat_sheet import seat_view
from handlers.blocks.sheet import Block
from handlers.boundary import spawn
from handlers.incoming import Incoming
from handlers.payload import text_of
from storage.errors import StorageUnavailable

log = structlog.get_logger(__name__)

_PASSING: Final = (StorageUnavailable, DatabaseDown, SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""What a courtesy is given up for: the modal stays as it is, with what was typed in it."""


async def seats_were_typed(incoming: Incoming) -> None:
    """Draw the modal anew. It is a courtesy: a submission is compared with what was shown in any case."""
    await incoming.ack()
    incoming.answer = InModal(incoming.client, text_of(incoming.body, "view", "id"))
    spawn(incoming, _redraw(incoming), name="seats_typed")


async def _redraw(incoming: Incoming) -> None:
    text = incoming.pressed.value

    async def draw() -> Block:
        weighed = await weigh_seats(
            incoming.desk,
            caller=incoming.caller,
            draft_id=text_of(incoming.body, "view", "private_metadata"),
            text=text,
        )
        return seat_view(await incoming.pen(), weighed.sheet, problem=weighed.problem, typed=text)

    view_id, seen = text_of(incoming.body, "view", "id"), text_of(incoming.body, "view", "hash")
    try:
        await incoming.runtime.live.redraw(incoming.client, view_id=view_id, seen=seen, draw=draw)
    except _PASSING as error:
        log.info("seats_not_drawn_anew", view_id=view_id, error=type(error).__name__)
