"""Which Microsoft user a Slack user is: a link made by hand, else the verified e-mail of their Slack profile."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory.directory import SourceUnreachable
from bot.domain.people import Actor
from storage.database import Database
from storage.errors import StorageUnavailable


@dataclass(frozen=True, slots=True)
class LinkedUsers:
    """The table of exceptions (`upgrade-desk roles link`), read live."""

    database: Database

    async def __call__(self, actor: Actor) -> str | None:
        """The Microsoft object id that somebody linked; None without a link. Raises SourceUnreachable."""
        try:
            async with self.database.read() as tx:
                return await tx.identities.of(actor)
        except StorageUnavailable as error:
            raise SourceUnreachable("links_unreadable") from error


@dataclass(frozen=True, slots=True)
class VerifiedMail:
    """E-mails by `users.info`, which needs the scope `users:read.email`.

    Nothing is kept here: Graph's answer is kept for a minute, and so rests on an e-mail that is no older.
    """

    client_for: Callable[[str], Awaitable[AsyncWebClient]]

    async def __call__(self, actor: Actor) -> str | None:
        """The verified e-mail; None where Slack says that it is not verified. Raises SourceUnreachable."""
        try:
            client = await self.client_for(actor.team_id)
            answer = await client.users_info(user=actor.user_id)
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            raise SourceUnreachable("mail_unreadable") from error
        user = answer.get("user")
        if not isinstance(user, dict) or user.get("id") != actor.user_id or user.get("team_id") != actor.team_id:
            raise SourceUnreachable("mail_unreadable")
        return mail_of(user)


def mail_of(user: Mapping[str, Any]) -> str | None:
    """The verified e-mail of a Slack user object.

    Every member has an e-mail: one that is not shown means that the app may not read it, so the answer is not known.
    """
    profile = user.get("profile")
    mail = profile.get("email") if isinstance(profile, dict) else None
    if not isinstance(mail, str) or "@" not in mail:
        raise SourceUnreachable("mail_hidden")
    return mail if user.get("is_email_confirmed") is True else None
