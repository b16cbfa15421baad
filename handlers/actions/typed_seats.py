"""A number of seats is being typed: what it would mean stands beneath it at once."""

from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.desk.seats.weigh_seats import weigh_seats
from bot.desk.weigh_part import weigh_part
from bot.domain.errors import DatabaseDown
from handlers.actions.opening import modal_of
from handlers.answers import InModal
from handlers.blocks.confirmation import confirmation_view
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
    """How many seats are to be added. A submission is compared with what was shown in any case."""

    async def draw() -> Block:
        text = incoming.pressed.value
        sheet = await weigh_seats(incoming.desk, caller=incoming.caller, draft_id=_draft(incoming), text=text)
        return seat_view(await incoming.pen(), sheet, typed=text)

    await _redraw_later(incoming, draw)


async def part_was_typed(incoming: Incoming) -> None:
    """How many of the seats are to be upgraded."""

    async def draw() -> Block:
        text = incoming.pressed.value
        weighed = await weigh_part(incoming.desk, caller=incoming.caller, draft_id=_draft(incoming), text=text)
        return confirmation_view(await incoming.pen(), weighed.sheet, problem=weighed.problem, typed=text)

    await _redraw_later(incoming, draw)


def _draft(incoming: Incoming) -> str:
    return text_of(incoming.body, "view", "private_metadata")


async def _redraw_later(incoming: Incoming, draw: Callable[[], Awaitable[Block]]) -> None:
    await incoming.ack()
    if view_id := modal_of(incoming):
        incoming.answer = InModal(incoming.client, view_id)
    spawn(incoming, _redraw(incoming, draw), name="typed_seats")


async def _redraw(incoming: Incoming, draw: Callable[[], Awaitable[Block]]) -> None:
    view_id, seen = text_of(incoming.body, "view", "id"), text_of(incoming.body, "view", "hash")
    try:
        await incoming.runtime.live.redraw(incoming.client, view_id=view_id, seen=seen, draw=draw)
    except _PASSING as error:
        log.info("seats_not_drawn_anew", view_id=view_id, error=type(error).__name__)
