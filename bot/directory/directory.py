"""Who somebody is, and which partner roles they hold: several sources, united, never older than a minute."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from bot.directory.kept import Kept
from bot.domain.clock import Clock
from bot.domain.errors import Undetermined
from bot.domain.people import Actor, Caller, Person, RoleEvidence, Standing, united

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


@dataclass(frozen=True, slots=True)
class Directory:
    """Answers `person` and `roles`. Build it with `open_directory`."""

    people: PeopleSource
    sources: Sequence[RoleSource]
    _persons: Kept[tuple[Actor, str], Person]
    _roles: Kept[tuple[str, Actor], RoleEvidence]

    async def person(self, caller: Caller) -> Person:
        """Who calls. Somebody whose home is another workspace is one of another organisation, without asking Slack.

        Raises Undetermined where Slack cannot say.
        """
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

    async def _of(self, source: RoleSource, actor: Actor) -> RoleEvidence:
        async def ask() -> RoleEvidence:
            async with asyncio.timeout(_ASK_TIMEOUT):
                return await source.roles(actor)

        try:
            return await (ask() if source.live else self._roles.get((source.name, actor), ask))
        except (SourceUnreachable, TimeoutError) as error:
            log.warning("role_source_unreachable", source=source.name, error=type(error).__name__)
            return RoleEvidence(unreachable=(source.name,))


def open_directory(*, people: PeopleSource, sources: Sequence[RoleSource], clock: Clock) -> Directory:
    """A directory that keeps what it read for at most a minute."""
    return Directory(people, tuple(sources), Kept(clock=clock, keep=KEEP_SECONDS), Kept(clock=clock, keep=KEEP_SECONDS))
