"""A modal for a press: the loading view first, because a trigger lives three seconds; then the facts."""

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
from handlers.slack_code import slack_code

_OPEN_WITHIN: Final = 2.5
"""Seconds after arrival; the press itself has to be acknowledged within three."""
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


async def push_modal(incoming: Incoming, draw: Draw, *, name: str) -> str:
    """The same on top of the modal that the press came from, which is there again when this one is closed."""
    await incoming.ack()
    view = loading_view(incoming.near_pen().texts)
    inside = bool(text_of(incoming.body, "view", "id"))
    modal = InModal(incoming.client, await _opened(incoming, view, push=inside))
    incoming.answer = modal
    spawn(incoming, _fill(incoming, modal, draw), name=name)
    return modal.view_id


async def in_modal(incoming: Incoming, draw: Draw, *, name: str) -> None:
    """Fill the modal in which something was pressed; open one where it was pressed in a message."""
    view_id = modal_of(incoming)
    if not view_id:
        await open_modal(incoming, draw, name=name)
        return
    await incoming.ack()
    modal = InModal(incoming.client, view_id)
    incoming.answer = modal
    spawn(incoming, _fill_anew(incoming, modal, draw), name=name)


def modal_of(incoming: Incoming) -> str:
    """The id of the modal in which something was pressed; empty for a message and for Home."""
    return text_of(incoming.body, "view", "id") if text_of(incoming.body, "view", "type") == "modal" else ""


async def _opened(incoming: Incoming, view: Block, *, push: bool = False) -> str:
    put = incoming.client.views_push if push else incoming.client.views_open
    try:
        async with asyncio.timeout(incoming.arrived + _OPEN_WITHIN - incoming.desk.clock.monotonic()):
            answer = await put(trigger_id=text_of(incoming.body, "trigger_id"), view=view)
    except TimeoutError as error:
        raise TooLate from error
    except SlackApiError as error:
        if slack_code(error) in _TRIGGER_GONE:
            raise TooLate from error
        raise
    return text_of(answer.data if isinstance(answer.data, dict) else {}, "view", "id")


async def _fill_anew(incoming: Incoming, modal: InModal, draw: Draw) -> None:
    await modal.show(loading_view(incoming.near_pen().texts))
    await _fill(incoming, modal, draw)


async def _fill(incoming: Incoming, modal: InModal, draw: Draw) -> None:
    await modal.show(await draw(incoming))
