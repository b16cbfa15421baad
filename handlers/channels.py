"""Channels, as Slack says they are: whether others read them, and whether the app may post there."""

from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ChannelClosed
from handlers.blocks.sheet import Message

log = structlog.get_logger(__name__)

_SHARED: Final = ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
_CLOSED: Final = frozenset(
    {"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "missing_scope", "no_permission"}
)


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
    code = error.response.get("error")
    log.info("channel_closed", channel_id=channel_id, error=code)
    return ChannelClosed() if code in _CLOSED else error
