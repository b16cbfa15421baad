"""The address of a change's card. A link is a courtesy: where it cannot be had in time, the answer goes without."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from handlers.incoming import Incoming
from storage.records import Card

log = structlog.get_logger(__name__)

_WITHIN: Final = 0.6
"""Seconds: it is asked for while somebody waits for the acknowledgement of a modal."""
_ALL_WITHIN: Final = 3.0
_SIDE_BY_SIDE: Final = 8
_MOST_KNOWN: Final = 5000


async def card_url(incoming: Incoming, change_id: str) -> str | None:
    """The permalink of the card; None while it is not posted, or when Slack is slow."""
    try:
        async with asyncio.timeout(_WITHIN):
            async with incoming.desk.database.read() as tx:
                card = await tx.cards.get(change_id)
            if card is None:
                return None
            answer = await incoming.client.chat_getPermalink(channel=card.channel_id, message_ts=card.ts)
            found = answer.get("permalink")
            return found if isinstance(found, str) else None
    except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
        log.info("card_link_missing", change_id=change_id, error=type(error).__name__)
        return None


async def card_urls(incoming: Incoming, cards: Sequence[Card]) -> dict[str, str]:
    """The permalinks of several cards by change id; those that Slack tells in time, and the ones known from before."""
    known, gate = incoming.runtime.card_urls, asyncio.Semaphore(_SIDE_BY_SIDE)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ALL_WITHIN):
            await asyncio.gather(*(_learn(incoming, each, gate) for each in cards if _place(each) not in known))
    return {each.change_id: known[_place(each)] for each in cards if _place(each) in known}


async def _learn(incoming: Incoming, card: Card, gate: asyncio.Semaphore) -> None:
    async with gate:
        try:
            answer = await incoming.client.chat_getPermalink(channel=card.channel_id, message_ts=card.ts)
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            log.info("card_link_missing", change_id=card.change_id, error=type(error).__name__)
            return
    if isinstance(found := answer.get("permalink"), str):
        if len(incoming.runtime.card_urls) >= _MOST_KNOWN:
            incoming.runtime.card_urls.clear()
        incoming.runtime.card_urls[_place(card)] = found


def _place(card: Card) -> tuple[str, str]:
    return card.channel_id, card.ts
