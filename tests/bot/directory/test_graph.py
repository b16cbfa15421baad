"""Roles from Microsoft Graph, asked over HTTP of a stand-in with state; tokens by MSAL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import requests
import uvicorn
from requests.adapters import HTTPAdapter

from bot.directory.directory import SourceUnreachable
from bot.directory.graph import DIRECTORY_ROLES, GraphSource
from bot.directory.graph_client import GraphClient
from bot.directory.graph_token import MsalToken
from bot.domain.clock import ShiftedClock
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.workspace.graph_stand_in import GraphTenant, GraphUser, create_graph

HOME = Actor(team_id="T0HOME", user_id="U1")
GROUPS = {"g-admin": PartnerRole.ADMIN_AGENT, "g-sales": PartnerRole.SALES_AGENT, "g-help": PartnerRole.HELPDESK_AGENT}
GLOBAL_ADMIN = next(key for key, role in DIRECTORY_ROLES.items() if role is PartnerRole.GLOBAL_ADMIN)


class ThroughStandIn(HTTPAdapter):
    """Carries what MSAL sends to Microsoft's sign-in service to the stand-in."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        assert request.url is not None
        request.url = request.url.replace("https://login.microsoftonline.com", self.base)
        return super().send(request, **options)


@dataclass
class Graph:
    """The stand-in, the source that asks it, and what Slack and the table of exceptions say."""

    tenant: GraphTenant
    source: GraphSource
    mails: dict[str, str]
    exceptions: dict[str, str]


@asynccontextmanager
async def graph(secret: str = "secret") -> AsyncIterator[Graph]:  # noqa: S107 - the stand-in's
    tenant = GraphTenant()
    config = uvicorn.Config(create_graph(tenant), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    mails, exceptions = {"U1": "sabine@partner.example"}, dict[str, str]()

    async def mail_of(actor: Actor) -> str | None:
        return mails.get(actor.user_id)

    async def exception_of(actor: Actor) -> str | None:
        return exceptions.get(actor.user_id)

    with requests.Session() as login:
        login.trust_env = False
        login.mount("https://login.microsoftonline.com", ThroughStandIn(base))
        clock = ShiftedClock()
        token = MsalToken(tenant_id="t", client_id="app", client_secret=secret, clock=clock, http_client=login)
        async with aiohttp.ClientSession() as session:
            client = GraphClient(session=session, base_url=f"{base}/v1.0", token=token)
            source = GraphSource(
                client=client,
                groups=GROUPS,
                home_team_id="T0HOME",
                exceptions=exception_of,
                mail_of=mail_of,
                clock=clock,
            )
            yield Graph(tenant, source, mails, exceptions)
    server.should_exit = True
    await serving


async def roles(world: Graph, actor: Actor = HOME) -> frozenset[PartnerRole]:
    return (await world.source.roles(actor)).roles


async def test_agent_groups_count_nested_ones_too_and_directory_roles_over_all_pages() -> None:
    """`checkMemberGroups` is transitive, and the role stands on the second page."""
    async with graph() as world:
        person = GraphUser(mail="Sabine@partner.example", groups={"g-team", "g-1", "g-2"}, roles={GLOBAL_ADMIN})
        world.tenant.users.append(person)
        world.tenant.parents["g-team"] = {"g-sales"}
        assert await roles(world) == {PartnerRole.SALES_AGENT, PartnerRole.GLOBAL_ADMIN}


async def test_a_directory_role_that_graph_hides_means_unknown_and_not_no() -> None:
    """facts/partner-center.md, 9: null names must mean unknown."""
    async with graph() as world:
        world.tenant.users.append(GraphUser(mail="sabine@partner.example", roles={GLOBAL_ADMIN}))
        world.tenant.hidden = True
        with pytest.raises(SourceUnreachable):
            await roles(world)


async def test_two_users_of_one_mail_are_unknown_and_none_is_nobody() -> None:
    """E-mail only looks up; several matches give nobody a role (defects.md, 6)."""
    async with graph() as world:
        assert await roles(world) == frozenset()
        world.tenant.users += [GraphUser(mail="sabine@partner.example", groups={"g-admin"}) for _ in range(2)]
        with pytest.raises(SourceUnreachable):
            await roles(world)


async def test_the_table_of_exceptions_goes_before_the_mail() -> None:
    """Somebody whose addresses differ is found by the table."""
    async with graph() as world:
        person = GraphUser(mail="other@partner.example", groups={"g-help"})
        world.tenant.users.append(person)
        world.exceptions["U1"] = person.id
        assert await roles(world) == {PartnerRole.HELPDESK_AGENT}


async def test_a_user_of_another_workspace_has_no_roles_here_and_graph_is_not_asked() -> None:
    """For the home workspace only."""
    async with graph() as world:
        world.tenant.users.append(GraphUser(mail="sabine@partner.example", groups={"g-admin"}))
        assert await roles(world, Actor(team_id="T0OTHER", user_id="U1")) == frozenset()
        assert world.tenant.asked == []


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_any_other_answer_than_200_is_unknown(status: int) -> None:
    """A source that does not answer usably is a gap."""
    async with graph() as world:
        world.tenant.users.append(GraphUser(mail="sabine@partner.example", groups={"g-admin"}))
        await roles(world)
        world.tenant.failing = status
        with pytest.raises(SourceUnreachable):
            await roles(world)


async def test_a_wrong_secret_is_unknown_and_a_right_one_is_asked_for_once() -> None:
    """The token is kept until shortly before it ends."""
    async with graph(secret="wrong") as world:
        with pytest.raises(SourceUnreachable, match="invalid_client"):
            await roles(world)
    async with graph() as world:
        world.tenant.users.append(GraphUser(mail="sabine@partner.example", groups={"g-admin"}))
        for _ in range(3):
            assert await roles(world) == {PartnerRole.ADMIN_AGENT}
        assert sum(path.endswith("/token") for path in world.tenant.asked) == 1


async def test_a_next_page_on_another_host_is_not_followed() -> None:
    """The token goes with every page: it must not be carried elsewhere."""
    async with graph() as world:
        world.tenant.users.append(GraphUser(mail="sabine@partner.example", groups={"g-1", "g-2", "g-3"}))
        world.tenant.next_host = "127.0.0.2"
        with pytest.raises(SourceUnreachable):
            await roles(world)
