"""Who somebody is, and which partner roles they hold: several sources, united, never older than a minute."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import structlog

from bot.directory.kept import Kept
from bot.domain.clock import Clock
from bot.domain.errors import Undetermined
from bot.domain.people import Actor, Caller, Person, RoleEvidence, Standing, united
from bot.domain.roles import PartnerRole

log = structlog.get_logger(__name__)

KEEP_SECONDS: Final = 60.0
_ASK_TIMEOUT: Final = 1.5
"""Seconds for one source: a press that decides has two seconds in all (design.md)."""


class SourceUnreachable(Exception):
    """A source of people or roles did not answer usably."""


class PeopleSource(Protocol):
    """Tells who a Slack user is to the workspace that the bot is installed in."""

    async def person(self, *, actor: Actor, installed_team_id: str) -> Person:
        """The person. Raises SourceUnreachable."""


class RoleSource(Protocol):
    """One place where roles are kept. `live` sources are asked each time; the others at most once a minute."""

    @property
    def name(self) -> str:
        """How evidence names this source."""

    @property
    def live(self) -> bool:
        """Whether answers must not be kept."""

    async def roles(self, actor: Actor) -> RoleEvidence:
        """The roles this source knows. Raises SourceUnreachable."""


@runtime_checkable
class ListingSource(Protocol):
    """A source of roles that can also say who holds one."""

    async def holders(self, roles: frozenset[PartnerRole]) -> frozenset[Actor]:
        """Everybody whom this source gives one of these roles. Raises SourceUnreachable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Who is known to hold one of some roles. Not `complete`: there may be others, by a source that cannot say."""

    actors: frozenset[Actor]
    complete: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """Answers `person` and `roles`. Build it with `open_directory`.

    `teams` are the workspaces that are served; None: whichever asks.
    """

    people: PeopleSource
    sources: Sequence[RoleSource]
    _persons: Kept[tuple[Actor, str], Person]
    _roles: Kept[tuple[str, Actor], RoleEvidence]
    teams: frozenset[str] | None = None

    async def person(self, caller: Caller) -> Person:
        """Who calls. Slack is not asked about a workspace that is not served, nor about somebody of another one.

        Raises Undetermined where Slack cannot say.
        """
        if self.teams is not None and caller.installed_team_id not in self.teams:
            return Person(actor=caller.actor, standing=Standing.OTHER_WORKSPACE, locale="")
        if caller.actor.team_id != caller.installed_team_id:
            return Person(actor=caller.actor, standing=Standing.OTHER_ORGANISATION, locale="")

        async def ask() -> Person:
            async with asyncio.timeout(_ASK_TIMEOUT):
                return await self.people.person(actor=caller.actor, installed_team_id=caller.installed_team_id)

        try:
            return await self._persons.get((caller.actor, caller.installed_team_id), ask)
        except (SourceUnreachable, TimeoutError) as error:
            log.warning("person_unreadable", user_id=caller.actor.user_id, error=type(error).__name__)
            raise Undetermined("people_unreachable") from error

    async def roles(self, actor: Actor) -> RoleEvidence:
        """The roles of `actor` by every source, side by side. A source that fails is named in `unreachable`."""
        return united(await asyncio.gather(*(self._of(source, actor) for source in self.sources)))

    async def holders(self, roles: frozenset[PartnerRole]) -> Holders:
        """Who holds one of these roles, as far as the sources can tell."""
        found = await asyncio.gather(*(self._holders(source, roles) for source in self.sources))
        known = [each for each in found if each is not None]
        return Holders(actors=frozenset[Actor]().union(*known), complete=len(known) == len(found))

    async def _holders(self, source: RoleSource, roles: frozenset[PartnerRole]) -> frozenset[Actor] | None:
        if not isinstance(source, ListingSource):
            return None
        try:
            async with asyncio.timeout(_ASK_TIMEOUT):
                return await source.holders(roles)
        except (SourceUnreachable, TimeoutError) as error:
            log.warning("role_source_unreachable", source=source.name, error=type(error).__name__)
            return None

    async def _of(self, source: RoleSource, actor: Actor) -> RoleEvidence:
        async def ask() -> RoleEvidence:
            async with asyncio.timeout(_ASK_TIMEOUT):
                return await source.roles(actor)

        try:
            return await (ask() if source.live else self._roles.get((source.name, actor), ask))
        except (SourceUnreachable, TimeoutError) as error:
            log.warning("role_source_unreachable", source=source.name, error=type(error).__name__)
            return RoleEvidence(unreachable=(source.name,))


def open_directory(
    *,
    people: PeopleSource,
    sources: Sequence[RoleSource],
    clock: Clock,
    teams: frozenset[str] | None = None,
    people_seconds: float = KEEP_SECONDS,
) -> Directory:
    """A directory that keeps what it read for at most a minute. `teams`: the workspaces served; None: any.

    `people_seconds`: for how long it keeps what Slack says about a person. Slack answers some 100 times a minute.
    """
    persons: Kept[tuple[Actor, str], Person] = Kept(clock=clock, keep=people_seconds)
    roles: Kept[tuple[str, Actor], RoleEvidence] = Kept(clock=clock, keep=KEEP_SECONDS)
    return Directory(people, tuple(sources), persons, roles, teams)
