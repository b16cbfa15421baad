"""Roles from Microsoft Graph: the agent groups by object id, the admin roles by their template ids.

A Slack user is found by a table of exceptions, or by the verified e-mail of their Slack profile with exactly one match
in the tenant; for the home workspace only (facts/partner-center.md, 9; design.md, "Interfaces that are fixed").
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.directory.directory import SourceUnreachable
from bot.directory.graph_client import GraphClient
from bot.domain.clock import Clock
from bot.domain.people import Actor, HeldRole, RoleEvidence
from bot.domain.roles import PartnerRole

DIRECTORY_ROLES: Final[Mapping[str, PartnerRole]] = MappingProxyType(
    {
        "62e90394-69f5-4237-9190-012177145e10": PartnerRole.GLOBAL_ADMIN,
        "fe930be7-5e62-47db-91af-98c3a49a38b1": PartnerRole.USER_ADMIN,
    }
)
"""Template ids of the two directory roles of the article. The Helpdesk *Administrator* role is not the agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSource:
    """Graph as a source of roles.

    `groups` maps the object id of each agent group (they differ per tenant) to its role. `exceptions` gives the
    Microsoft object id of a Slack user, or None; `mail_of` the verified e-mail of their Slack profile, or None.
    """

    client: GraphClient
    groups: Mapping[str, PartnerRole]
    home_team_id: str
    exceptions: Callable[[Actor], Awaitable[str | None]]
    mail_of: Callable[[Actor], Awaitable[str | None]]
    clock: Clock

    @property
    def name(self) -> str:
        """How evidence names this source."""
        return "graph"

    @property
    def live(self) -> bool:
        """Answers are kept for at most a minute: Graph is slow and throttles."""
        return False

    async def roles(self, actor: Actor) -> RoleEvidence:
        """The roles that Graph shows for `actor`. Raises SourceUnreachable, also for a mail with several matches."""
        if actor.team_id != self.home_team_id:
            return RoleEvidence()
        user_id = await self._user_id(actor)
        if user_id is None:
            return RoleEvidence()
        read_at = self.clock.now()
        groups, admin = await asyncio.gather(
            self.client.groups_of(user_id, among=tuple(self.groups)), self.client.directory_roles_of(user_id)
        )
        roles = {self.groups[each] for each in groups} | {
            DIRECTORY_ROLES[each] for each in admin & set(DIRECTORY_ROLES)
        }
        held = tuple(HeldRole(role=role, source=self.name, read_at=read_at) for role in sorted(roles))
        return RoleEvidence(held=held)

    async def _user_id(self, actor: Actor) -> str | None:
        exception = await self.exceptions(actor)
        if exception is not None:
            return exception
        mail = await self.mail_of(actor)
        if mail is None:
            return None
        found = await self.client.users_by_mail(mail)
        if len(found) > 1:
            # Two people of one address: which of them presses is not known, and guessing would give a role away.
            raise SourceUnreachable
        return found[0] if found else None
