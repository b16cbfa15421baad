"""The address of a change's card. A link is a courtesy: where it cannot be had in time, the answer goes without."""

import asyncio
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from handlers.incoming import Incoming

log = structlog.get_logger(__name__)

_WITHIN: Final = 0.6
"""Seconds: it is asked for while somebody waits for the acknowledgement of a modal."""


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
