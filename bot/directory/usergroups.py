"""Roles from Slack user groups, one group per role (facts/slack.md, 5)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory.directory import SourceUnreachable
from bot.directory.kept import Kept
from bot.domain.clock import Clock
from bot.domain.people import Actor, HeldRole, RoleEvidence
from bot.domain.roles import PartnerRole


@dataclass(frozen=True, slots=True)
class _Members:
    users: frozenset[str]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class UserGroupSource:
    """Slack user groups as a source of roles, for the home workspace. Build it with `open_user_groups`.

    The members of a group are read as a whole and kept for a minute (Tier 2: twenty calls a minute), so a hundred
    people asking cost one call per group.
    """

    client_for: Callable[[str], Awaitable[AsyncWebClient]]
    groups: Mapping[str, PartnerRole]
    home_team_id: str
    clock: Clock
    _members: Kept[str, _Members]

    @property
    def name(self) -> str:
        """How evidence names this source."""
        return "usergroup"

    @property
    def live(self) -> bool:
        """The groups themselves are kept for a minute; what is derived from them is not kept a second time."""
        return True

    async def roles(self, actor: Actor) -> RoleEvidence:
        """The roles of the groups that `actor` is in. Raises SourceUnreachable."""
        if actor.team_id != self.home_team_id:
            return RoleEvidence()
        listed = await asyncio.gather(*(self._members.get(group, self._ask(group)) for group in self.groups))
        held = tuple(
            HeldRole(role=role, source=self.name, read_at=members.read_at)
            for role, members in zip(self.groups.values(), listed, strict=True)
            if actor.user_id in members.users
        )
        return RoleEvidence(held=held)

    async def holders(self, roles: frozenset[PartnerRole]) -> frozenset[Actor]:
        """Everybody in the groups of these roles. Raises SourceUnreachable."""
        asked = [group for group, role in self.groups.items() if role in roles]
        listed = await asyncio.gather(*(self._members.get(group, self._ask(group)) for group in asked))
        return frozenset(Actor(team_id=self.home_team_id, user_id=user) for members in listed for user in members.users)

    def _ask(self, group: str) -> Callable[[], Awaitable[_Members]]:
        async def ask() -> _Members:
            read_at = self.clock.now()
            try:
                client = await self.client_for(self.home_team_id)
                answer = await client.usergroups_users_list(usergroup=group)
            except (SlackClientError, aiohttp.ClientError, OSError) as error:
                raise SourceUnreachable from error
            users = answer.get("users")
            if not isinstance(users, list):
                raise SourceUnreachable
            return _Members(users=frozenset(str(user) for user in users), read_at=read_at)

        return ask


def open_user_groups(
    *,
    client_for: Callable[[str], Awaitable[AsyncWebClient]],
    groups: Mapping[str, PartnerRole],
    home_team_id: str,
    clock: Clock,
    keep: float,
) -> UserGroupSource:
    """The user groups as a source, each group's members kept for `keep` seconds."""
    return UserGroupSource(client_for, groups, home_team_id, clock, Kept(clock=clock, keep=keep))
