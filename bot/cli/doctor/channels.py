"""The channels that cards go to: there, the bot in it, nobody else's."""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.cli.doctor.finding import Finding, fault, ok, unchecked
from bot.cli.doctor.ground import Ground
from handlers.slack_code import slack_code

CHANNELS: Final = "channels"
_SHARED: Final = ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")


async def check_channels(ground: Ground) -> list[Finding]:
    """Each channel once, under the settings that name it."""
    settings = ground.settings
    named: dict[str, list[str]] = {}
    for setting, channel in (
        ("AUDIT_CHANNEL", settings.audit_channel),
        ("APPROVALS_CHANNEL", settings.approvals_channel),
    ):
        if channel is not None:
            named.setdefault(channel, []).append(setting)
    if ground.identity is None:
        return [unchecked(CHANNELS, f"{' and '.join(names)}: Slack cannot be asked.") for names in named.values()]
    return [await _check(ground, channel, " and ".join(names)) for channel, names in named.items()]


async def _check(ground: Ground, channel: str, name: str) -> Finding:
    try:
        answer = await ground.client.conversations_info(channel=channel)
    except SlackApiError as error:
        return _refused(slack_code(error), channel, name)
    except (aiohttp.ClientError, OSError) as error:
        return fault(CHANNELS, f"{name}: Slack did not answer ({type(error).__name__}).", fix="Try again.")
    found = answer.get("channel")
    return _judged(found if isinstance(found, dict) else {}, channel, name)


def _refused(code: str, channel: str, name: str) -> Finding:
    if code == "channel_not_found":
        says = f"{name}: there is no channel {channel}, or it is private and the bot is not in it."
        return fault(
            CHANNELS, says, fix="Check the id (in Slack: the channel's name, About, at the end) and invite the bot."
        )
    if code == "missing_scope":
        says = f"{name}: the bot may not read channel {channel}."
        return fault(CHANNELS, says, fix="Add the scopes channels:read and groups:read, then install the app again.")
    return fault(CHANNELS, f"{name}: Slack refuses channel {channel} ({code}).", fix="Choose another channel.")


def _judged(channel: Mapping[str, Any], channel_id: str, name: str) -> Finding:
    if channel.get("is_archived"):
        return fault(CHANNELS, f"{name}: {channel_id} is archived.", fix="Choose another channel, or unarchive it.")
    if any(channel.get(each) for each in _SHARED):
        says = f"{name}: {channel_id} is shared with another organisation, or is about to be."
        return fault(CHANNELS, says, fix="Choose a channel that only your organisation reads; this one is not used.")
    if not channel.get("is_member"):
        return fault(
            CHANNELS, f"{name}: the bot is not in {channel_id}.", fix="In that channel, type /invite @Upgrade Desk."
        )
    return ok(CHANNELS, f"{name}: the bot is in {channel_id}, and no other organisation is.")
