"""Where a command was typed, for an answer that comes later: by its response_url, or where that no longer works."""

import asyncio
from dataclasses import dataclass

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import UpgradeDeskError
from handlers.answers import ByResponseUrl, ResponseUrlRefused
from handlers.blocks.errors import error_message
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message
from handlers.slack_code import slack_code

log = structlog.get_logger(__name__)

_FALL_BACK_ON = (ResponseUrlRefused, aiohttp.ClientError, asyncio.TimeoutError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereAsked:
    """To the asker alone. A response_url lives for half an hour and five messages (facts/slack.md, 1.3)."""

    http: aiohttp.ClientSession
    client: AsyncWebClient
    address: str
    channel_id: str
    user_id: str

    async def message(self, message: Message) -> None:
        """By the response_url; else to be seen by them alone in the channel; else by direct message."""
        try:
            await ByResponseUrl(self.http, self.address).message(message, replace=False)
        except _FALL_BACK_ON as error:
            log.info("response_url_over", channel_id=self.channel_id, error=type(error).__name__)
            await self._otherwise(message)

    async def trouble(self, pen: Pen, error: UpgradeDeskError, *, nonce: str, url: str | None) -> None:
        """As a message like any other."""
        await self.message(error_message(pen, error, nonce=nonce, url=url))

    async def _otherwise(self, message: Message) -> None:
        payload = message.payload()
        try:
            await self.client.chat_postEphemeral(channel=self.channel_id, user=self.user_id, **payload)
        except SlackApiError as error:  # the app is not in the channel, or they are not (any more)
            log.info("not_shown_in_channel", channel_id=self.channel_id, error=slack_code(error))
            await self.client.chat_postMessage(channel=self.user_id, unfurl_links=False, **payload)
