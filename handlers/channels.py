"""Channels, as Slack says they are: whether others read them, and whether the app may post there."""

import asyncio
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk.finding.channel_kind import ChannelKind
from bot.domain.errors import ChannelClosed
from handlers.blocks.sheet import Message
from handlers.slack_code import slack_code

log = structlog.get_logger(__name__)

_SHARED: Final = ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
_CLOSED: Final = frozenset(
    {"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "missing_scope", "no_permission"}
)
_ASK_WITHIN: Final = 5.0
"""Seconds; whoever waits for it was answered already."""


async def kind_of(client: AsyncWebClient, channel_id: str) -> ChannelKind:
    """What a channel is now. Never raises: what Slack does not say is UNKNOWN. Kept nowhere: it may change."""
    if channel_id.startswith("D"):  # the app may not ask about conversations of two
        return ChannelKind.DIRECT
    try:
        async with asyncio.timeout(_ASK_WITHIN):
            answer = await client.conversations_info(channel=channel_id)
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        code = slack_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        log.info("channel_unreadable", channel_id=channel_id, error=code)
        return ChannelKind.UNKNOWN
    channel = answer.get("channel")
    if not isinstance(channel, dict):
        return ChannelKind.UNKNOWN
    if channel.get("is_im") or channel.get("is_mpim"):
        return ChannelKind.DIRECT
    if any(channel.get(name) for name in _SHARED):
        return ChannelKind.SHARED
    return ChannelKind.OWN if channel.get("is_ext_shared") is False else ChannelKind.UNKNOWN


async def is_shared_with_others(client: AsyncWebClient, channel_id: str) -> bool:
    """Whether another organisation reads this channel or is invited to. Raises ChannelClosed if Slack does not say."""
    try:
        answer = await client.conversations_info(channel=channel_id)
    except SlackApiError as error:
        raise _closed(error, channel_id) from error
    channel = answer.get("channel")
    if not isinstance(channel, dict):
        raise ChannelClosed
    if channel.get("is_member") is False and not channel.get("is_im"):
        raise ChannelClosed
    return any(channel.get(name) for name in _SHARED)


async def post(client: AsyncWebClient, channel_id: str, message: Message) -> None:
    """Post a message. Raises ChannelClosed where the app may not."""
    try:
        await client.chat_postMessage(channel=channel_id, unfurl_links=False, unfurl_media=False, **message.payload())
    except SlackApiError as error:
        raise _closed(error, channel_id) from error


def _closed(error: SlackApiError, channel_id: str) -> Exception:
    code = slack_code(error)
    log.info("channel_closed", channel_id=channel_id, error=code)
    return ChannelClosed() if code in _CLOSED else error
