"""Slack users by `users.info`: members, guests, bots, deleted users and members of other organisations."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory.directory import SourceUnreachable
from bot.domain.people import Actor, Person, Standing

_SLACKBOT: Final = "USLACKBOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPeople:
    """Reads people from Slack. `client_for` gives the Web API client of an installed workspace."""

    client_for: Callable[[str], Awaitable[AsyncWebClient]]

    async def person(self, *, actor: Actor, installed_team_id: str) -> Person:
        """Who `actor` is to the workspace. Raises SourceUnreachable when Slack gives no usable answer."""
        try:
            client = await self.client_for(installed_team_id)
            answer = await client.users_info(user=actor.user_id, include_locale=True)
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            raise SourceUnreachable from error
        user = answer.get("user")
        if not isinstance(user, dict) or user.get("id") != actor.user_id:
            raise SourceUnreachable
        standing = standing_of(user, installed_team_id=installed_team_id)
        return Person(actor=actor, standing=standing, locale=str(user.get("locale") or ""))


def standing_of(user: Mapping[str, Any], *, installed_team_id: str) -> Standing:
    """What a user object says (facts/slack.md, 5). `is_stranger` is no test: it is false for known externals too."""
    if user.get("team_id") != installed_team_id:
        return Standing.OTHER_ORGANISATION
    if user.get("deleted"):
        return Standing.DELETED
    if user.get("is_bot") or user.get("id") == _SLACKBOT:
        return Standing.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_invited_user"):
        return Standing.GUEST
    return Standing.MEMBER
