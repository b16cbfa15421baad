"""Who holds a role, as far as the sources can tell: what cannot be known is not claimed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.directory.directory import Directory, SourceUnreachable, open_directory
from bot.directory.grants import GrantSource
from bot.directory.usergroups import open_user_groups
from bot.domain.clock import ShiftedClock
from bot.domain.people import Actor, Person, RoleEvidence
from bot.domain.roles import PartnerRole
from storage.database import Database

HOME = "T0HOME"
ANNA, BEN = Actor(team_id=HOME, user_id="U0ANNA"), Actor(team_id=HOME, user_id="U0BEN")
APPROVING = frozenset({PartnerRole.SALES_AGENT, PartnerRole.ADMIN_AGENT})


class NoPeople:
    """Nobody is asked for here."""

    async def person(self, *, actor: Actor, installed_team_id: str) -> Person:  # noqa: ARG002 - the protocol's
        """Slack does not answer."""
        raise SourceUnreachable


@dataclass
class Silent:
    """A source that can only say what one person holds, as Microsoft Graph."""

    name: str = "graph"
    live: bool = True

    async def roles(self, actor: Actor) -> RoleEvidence:  # noqa: ARG002 - the protocol's
        """Nothing."""
        return RoleEvidence()


@dataclass
class Groups(AsyncWebClient):
    """Slack's user groups, by id."""

    members: Mapping[str, list[str]] = field(default_factory=dict)

    async def usergroups_users_list(self, **arguments: Any) -> Any:
        """The members, or nothing usable for a group that is not there."""
        return {"users": self.members.get(str(arguments["usergroup"]))}


def directory(clock: ShiftedClock, *sources: Any) -> Directory:
    return open_directory(people=NoPeople(), sources=sources, clock=clock)


async def test_grants_and_groups_together_say_who_holds_a_role(database: Database, clock: ShiftedClock) -> None:
    async with database.write() as tx:
        await tx.grants.grant(HOME, ANNA.user_id, PartnerRole.SALES_AGENT, "root")
        await tx.grants.grant(HOME, "U0OTHER", PartnerRole.HELPDESK_AGENT, "root")

    async def client_for(_team: str) -> AsyncWebClient:
        return Groups(members={"S1": [BEN.user_id], "S2": ["U0NOT"]})

    groups = open_user_groups(
        client_for=client_for,
        groups={"S1": PartnerRole.ADMIN_AGENT, "S2": PartnerRole.HELPDESK_AGENT},
        home_team_id=HOME,
        clock=clock,
        keep=60,
    )
    found = await directory(clock, GrantSource(database), groups).holders(APPROVING)
    assert (found.actors, found.complete) == ({ANNA, BEN}, True)


async def test_a_source_that_cannot_list_leaves_the_answer_open(database: Database, clock: ShiftedClock) -> None:
    found = await directory(clock, GrantSource(database), Silent()).holders(APPROVING)
    assert (found.actors, found.complete) == (frozenset(), False)


@pytest.mark.parametrize("groups", [{"S9": PartnerRole.ADMIN_AGENT}])
async def test_a_source_that_does_not_answer_leaves_it_open_too(
    database: Database, clock: ShiftedClock, groups: dict[str, PartnerRole]
) -> None:
    async def client_for(_team: str) -> AsyncWebClient:
        return Groups()

    source = open_user_groups(client_for=client_for, groups=groups, home_team_id=HOME, clock=clock, keep=60)
    assert not (await directory(clock, GrantSource(database), source).holders(APPROVING)).complete
