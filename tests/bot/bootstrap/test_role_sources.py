"""Where roles come from, wired by settings: grants, Slack user groups, Microsoft Graph, in any combination."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.bootstrap.bolt import new_client
from bot.bootstrap.demo import running_demo
from bot.bootstrap.demo_files import DemoFolder
from bot.bootstrap.demo_graph import DemoGraph, serving_graph
from bot.bootstrap.manifest import MANIFEST
from bot.bootstrap.role_sources import open_role_sources
from bot.directory.directory import RoleSource, SourceUnreachable, open_directory
from bot.directory.graph_people import mail_of
from bot.domain.clock import ShiftedClock
from bot.domain.people import Actor, RoleEvidence
from bot.domain.roles import PartnerRole
from bot.settings import Settings
from bot.settings_faults import SettingsError
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import PEOPLE, TEAM, sample_config
from storage.database import Database
from tests.support.counting_ids import CountingIds
from tests.support.workspace_client import running_workspace

R = PartnerRole


def actor(who: str) -> Actor:
    return Actor(team_id=TEAM.id, user_id=PEOPLE[who])


def told(evidence: RoleEvidence) -> set[tuple[PartnerRole, str]]:
    return {(each.role, each.source) for each in evidence.held}


@asynccontextmanager
async def world(
    database: Database, clock: ShiftedClock, ids: CountingIds, *, without: str = "", **given: Any
) -> AsyncIterator[tuple[DemoGraph, tuple[RoleSource, ...]]]:
    """The demo's workspace and tenant, and the sources that the settings name."""
    config = sample_config(manifest=load_manifest(MANIFEST), bot_token="xoxb-1", app_token="xapp-1")
    scopes = config.manifest.scopes - {without}
    config = dataclasses.replace(config, manifest=dataclasses.replace(config.manifest, scopes=scopes))
    async with (
        serving_graph(config) as graph,
        running_workspace(config=config, clock=clock, ids=ids) as slack,
        aiohttp.ClientSession(trust_env=False) as session,
    ):
        client = new_client(session=session, api_url=slack.api_url, token="xoxb-1")

        async def client_for(_team: str) -> Any:
            return client

        settings = Settings.load(**(graph.settings | given))
        async with open_role_sources(
            settings,
            database=database,
            client_for=client_for,
            home_team_id=TEAM.id,
            clock=clock,
            sign_in=graph.sign_in,
        ) as sources:
            yield graph, sources


async def test_the_demo_shows_a_role_from_every_kind_of_source(tmp_path: Path) -> None:
    async with running_demo(port=0, folder=DemoFolder(tmp_path)) as demo:
        directory = demo.app.desk.directory
        found = {role: told(await directory.roles(actor(role))) for role in R}
        assert found == {
            R.GLOBAL_ADMIN: {(R.GLOBAL_ADMIN, "graph")},
            R.ADMIN_AGENT: {(R.ADMIN_AGENT, "graph")},
            R.USER_ADMIN: {(R.USER_ADMIN, "usergroup")},
            R.SALES_AGENT: {(R.SALES_AGENT, "grant")},
            R.HELPDESK_AGENT: {(R.HELPDESK_AGENT, "grant")},
        }
        for nobody in ("none", "guest", "external"):
            assert told(await directory.roles(actor(nobody))) == set()


async def test_only_what_is_set_is_asked(database: Database, clock: ShiftedClock, ids: CountingIds) -> None:
    nothing = {"graph_tenant_id": None, "graph_client_id": None, "graph_client_secret": None, "graph_groups": {}}
    async with world(database, clock, ids, **nothing, usergroups={}) as (_, sources):
        assert [each.name for each in sources] == ["grant"]
    async with world(database, clock, ids, **nothing) as (_, sources):
        assert [each.name for each in sources] == ["grant", "usergroup"]
    async with world(database, clock, ids, usergroups={}) as (_, sources):
        assert [each.name for each in sources] == ["grant", "graph"]


async def test_half_of_graph_stops_the_start(database: Database, clock: ShiftedClock, ids: CountingIds) -> None:
    with pytest.raises(SettingsError, match=r"^GRAPH_CLIENT_SECRET is not set\. "):
        async with world(database, clock, ids, graph_client_secret=None):
            pass


async def test_a_link_made_by_hand_goes_before_the_email(
    database: Database, clock: ShiftedClock, ids: CountingIds
) -> None:
    noah = actor("none")
    async with world(database, clock, ids) as (graph, sources):
        assert told(await sources[-1].roles(noah)) == set()
        async with database.write() as tx:
            await tx.identities.link(noah, graph.tenant.users[1].id.upper(), "root")
        assert told(await sources[-1].roles(noah)) == {(R.ADMIN_AGENT, "graph")}
        assert told(await sources[-1].roles(Actor(team_id="T0OTHER", user_id=noah.user_id))) == set()


async def test_an_email_that_the_app_may_not_read_is_unknown_and_not_no(
    database: Database, clock: ShiftedClock, ids: CountingIds
) -> None:
    async with world(database, clock, ids, without="users:read.email") as (_, sources):
        directory = open_directory(people=None, sources=sources, clock=clock)  # type: ignore[arg-type]  # not asked
        evidence = await directory.roles(actor(R.ADMIN_AGENT))
        assert (evidence.held, evidence.unreachable) == ((), ("graph",))


async def test_user_groups_that_the_app_may_not_read_are_unknown(
    database: Database, clock: ShiftedClock, ids: CountingIds
) -> None:
    async with world(database, clock, ids, without="usergroups:read") as (_, sources):
        with pytest.raises(SourceUnreachable):
            await sources[1].roles(actor(R.USER_ADMIN))


async def test_without_microsoft_the_other_sources_go_on(
    database: Database, clock: ShiftedClock, ids: CountingIds
) -> None:
    async with world(database, clock, ids) as (graph, sources):
        graph.tenant.failing = 503
        directory = open_directory(people=None, sources=sources, clock=clock)  # type: ignore[arg-type]  # not asked
        evidence = await directory.roles(actor(R.USER_ADMIN))
        assert told(evidence) == {(R.USER_ADMIN, "usergroup")}
        assert evidence.unreachable == ("graph",)


@pytest.mark.parametrize(
    ("user", "mail"),
    [
        ({"profile": {"email": "a@b.example"}, "is_email_confirmed": True}, "a@b.example"),
        ({"profile": {"email": "a@b.example"}, "is_email_confirmed": False}, None),
        ({"profile": {"email": "a@b.example"}}, None),
    ],
)
def test_only_a_verified_email_counts(user: dict[str, Any], mail: str | None) -> None:
    """Whoever could type in any address would be anybody."""
    assert mail_of(user) == mail


@pytest.mark.parametrize("user", [{}, {"profile": {}}, {"profile": {"email": ""}}, {"profile": {"email": 5}}])
def test_an_email_that_is_not_shown_is_unknown(user: dict[str, Any]) -> None:
    with pytest.raises(SourceUnreachable):
        mail_of(user)
