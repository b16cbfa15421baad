"""Opening a modal for a press: the loading view first, because a trigger lives three seconds; then the facts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from slack_sdk.errors import SlackApiError

from bot.domain.errors import TooLate
from handlers.answers import InModal
from handlers.blocks.frames import loading_view
from handlers.blocks.sheet import Block
from handlers.boundary import spawn
from handlers.incoming import Incoming
from handlers.payload import text_of

_OPEN_WITHIN: Final = 2.5
"""Seconds; the press itself has to be acknowledged within three."""
_TRIGGER_GONE: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})

Draw = Callable[[Incoming], Awaitable[Block]]


async def open_modal(incoming: Incoming, draw: Draw, *, name: str) -> str:
    """Open the loading view, then let `draw` fill it in work of its own. Returns the id of the modal.

    Raises TooLate where the trigger has run out or Slack is slow: nothing was done yet.
    """
    await incoming.ack()
    modal = InModal(incoming.client, await _opened(incoming, loading_view(incoming.near_pen().texts)))
    incoming.answer = modal
    spawn(incoming, _fill(incoming, modal, draw), name=name)
    return modal.view_id


async def _opened(incoming: Incoming, view: Block) -> str:
    try:
        async with asyncio.timeout(_OPEN_WITHIN):
            answer = await incoming.client.views_open(trigger_id=text_of(incoming.body, "trigger_id"), view=view)
    except TimeoutError as error:
        raise TooLate from error
    except SlackApiError as error:
        if error.response.get("error") in _TRIGGER_GONE:
            raise TooLate from error
        raise
    return text_of(answer.data if isinstance(answer.data, dict) else {}, "view", "id")


async def _fill(incoming: Incoming, modal: InModal, draw: Draw) -> None:
    await modal.show(await draw(incoming))
