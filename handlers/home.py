"""The Home tab of whoever acts: drawn from the database when it is opened, and after each own action."""

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.desk.approval_results import ChangeList, Home
from bot.desk.list_places import ListName, Place, keep_places
from bot.desk.lists import home, lately, mine, waiting_for
from bot.domain.errors import UpgradeDeskError
from handlers.blocks.home import HomeWays, home_view
from handlers.card_link import card_urls
from handlers.incoming import Incoming

_BETWEEN: Final = 1.0
"""Seconds before Home is drawn once more for whoever acted while it was being drawn."""

log = structlog.get_logger(__name__)


async def publish_home(
    incoming: Incoming, *, place: Place | None = None, turn: AbstractAsyncContextManager[None] | None = None
) -> None:
    """Draw Home; with a place, one of its lists from there on. Raises what the desk raises, and SlackApiError.

    `turn` is held while the database is read, and not while Slack is spoken to.
    """
    async with turn or contextlib.nullcontext():
        found = await home(incoming.desk, caller=incoming.caller)
    turned = frozenset({place.name}) if place is not None else frozenset[ListName]()
    if place is not None:
        found = await _turned(incoming, found, place)
    pages = _pages(found)
    left = [Place(name=name, after=page.after) for name, page in pages.items() if page.after is not None]
    values = await keep_places(incoming.desk, caller=incoming.caller, places=left)
    cards = [item.card for page in pages.values() for item in page.items if item.card is not None]
    ways = HomeWays(
        links=await card_urls(incoming, cards),
        older={each.name: value for each, value in zip(left, values, strict=True)},
        turned=turned,
    )
    view = home_view(await incoming.pen(), found, ways=ways, policy=incoming.desk.policies(), nonce=incoming.nonce())
    await incoming.client.views_publish(user_id=incoming.caller.actor.user_id, view=view)


async def refresh_home(incoming: Incoming) -> None:
    """The same after an action: a courtesy, which must not tell anybody of troubles of its own.

    Once at a time for each person, and once more where they acted meanwhile: Home costs as much as some decisions.
    """
    actor, drawing = incoming.caller.actor, incoming.runtime.homes
    if actor in drawing:
        drawing[actor] = True
        return
    drawing[actor] = False
    try:
        await _refresh(incoming)
        while drawing[actor]:
            await asyncio.sleep(_BETWEEN)
            drawing[actor] = False
            await _refresh(incoming)
    finally:
        del drawing[actor]


async def _refresh(incoming: Incoming) -> None:
    try:
        await publish_home(incoming, turn=incoming.runtime.home_turn)
    except (UpgradeDeskError, SlackApiError) as error:
        log.info("home_not_drawn", user_id=incoming.caller.actor.user_id, error=type(error).__name__)


def _pages(found: Home) -> dict[ListName, ChangeList]:
    pages = {ListName.WAITING: found.waiting, ListName.MINE: found.mine, ListName.LATELY: found.lately}
    return {name: page for name, page in pages.items() if page is not None}


async def _turned(incoming: Incoming, found: Home, place: Place) -> Home:
    """Home with one of its lists at another page."""
    desk, caller = incoming.desk, incoming.caller
    match place.name:
        case ListName.WAITING:
            return replace(found, waiting=await waiting_for(desk, caller=caller, after=place.after))
        case ListName.MINE:
            return replace(found, mine=await mine(desk, caller=caller, after=place.after))
        case ListName.LATELY:
            return replace(found, lately=await lately(desk, caller=caller, after=place.after))
        case ListName.CUSTOMER:
            return found
