"""Presses that open a modal: the loading view first, because a trigger lives three seconds; then the facts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from slack_sdk.errors import SlackApiError

from bot.desk.follow_ups import follow_ups
from bot.desk.prepare_upgrade import prepare_again, prepare_upgrade
from bot.desk.results import Confirmation
from bot.domain.errors import OpenChangeExists, TooLate
from handlers.answers import InModal
from handlers.blocks.confirmation import confirmation_view
from handlers.blocks.follow_ups import customer_text_view, follow_ups_view
from handlers.blocks.frames import loading_view
from handlers.blocks.sheet import Block
from handlers.boundary import spawn
from handlers.card_link import card_url
from handlers.incoming import Incoming
from handlers.payload import text_of

_OPEN_WITHIN: Final = 2.5
"""Seconds; the press itself has to be acknowledged within three."""
_TRIGGER_GONE: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})

Draw = Callable[[Incoming], Awaitable[Block]]


async def choose_option(incoming: Incoming) -> None:
    """A target was pressed: read again, then ask for confirmation."""
    await _open(incoming, _upgrade, name="choose_option")


async def request_again(incoming: Incoming) -> None:
    """The same once more, prefilled."""
    await _open(incoming, _again, name="request_again")


async def show_follow_ups(incoming: Incoming) -> None:
    """The accounts that need work, for the asker alone."""
    await _open(incoming, _follow_ups, name="show_follow_ups")


async def show_customer_text(incoming: Incoming) -> None:
    """A text for the customer, for the asker alone."""
    await _open(incoming, _customer_text, name="show_customer_text")


async def _open(incoming: Incoming, draw: Draw, *, name: str) -> None:
    await incoming.ack()
    view = loading_view(incoming.near_pen().texts)
    modal = InModal(incoming.client, await _opened(incoming, view))
    incoming.answer = modal
    spawn(incoming, _fill(incoming, modal, draw), name=name)


async def _opened(incoming: Incoming, view: Block) -> str:
    """The id of the modal. Raises TooLate where the trigger has run out or Slack is slow: nothing was done yet."""
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


async def _upgrade(incoming: Incoming) -> Block:
    asked = await prepare_upgrade(incoming.desk, caller=incoming.caller, handle=incoming.pressed.value)
    return await _confirmation(incoming, asked)


async def _again(incoming: Incoming) -> Block:
    asked = await prepare_again(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return await _confirmation(incoming, asked)


async def _confirmation(incoming: Incoming, asked: Confirmation) -> Block:
    url = None
    if isinstance(asked.hindrance, OpenChangeExists):
        url = await card_url(incoming, asked.hindrance.change_id)
    return confirmation_view(await incoming.pen(), asked, url=url)


async def _follow_ups(incoming: Incoming) -> Block:
    found = await follow_ups(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return follow_ups_view(await incoming.pen(), found)


async def _customer_text(incoming: Incoming) -> Block:
    found = await follow_ups(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    return customer_text_view(await incoming.pen(), found)
