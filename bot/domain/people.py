"""Who acts: Slack people by (team id, user id), never by name; and what they may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.roles import PartnerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A Slack user. `team_id` is the user's home workspace: the same user id in another workspace is somebody else."""

    team_id: str
    user_id: str


SYSTEM = Actor(team_id="", user_id="")
"""The actor of what the worker and the clock do by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a request comes from, as its payload says it. Nothing in it is trusted beyond these ids.

    `installed_team_id` is the workspace the bot is installed in and answers for; `delivery_id` is Slack's own id of
    the delivery (trigger id, event id, view id and hash), by which a repeated delivery is recognised.
    """

    actor: Actor
    installed_team_id: str
    delivery_id: str
    channel_id: str | None = None


class Standing(StrEnum):
    """What a Slack user is to the workspace. Only members come in (facts/slack.md, 5).

    OTHER_WORKSPACE: whoever they are there, the desk does not serve the workspace that the request came from.
    """

    MEMBER = "member"
    GUEST = "guest"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_WORKSPACE = "other_workspace"
    BOT = "bot"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Slack user as `users.info` describes them. `locale` is Slack's, such as `de-DE`."""

    actor: Actor
    standing: Standing
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """One role of one person, with where it was read and when."""

    role: PartnerRole
    source: str
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEvidence:
    """Which roles a person holds at a moment, by what evidence. `unreachable` names sources that could not be asked."""

    held: tuple[HeldRole, ...] = ()
    unreachable: tuple[str, ...] = ()

    @property
    def roles(self) -> frozenset[PartnerRole]:
        """The roles, united over the sources."""
        return frozenset(each.role for each in self.held)


def united(evidence: Iterable[RoleEvidence]) -> RoleEvidence:
    """The evidence of several sources as one: roles unite, and so do the gaps."""
    parts = tuple(evidence)
    return RoleEvidence(
        held=tuple(each for part in parts for each in part.held),
        unreachable=tuple(name for part in parts for name in part.unreachable),
    )
