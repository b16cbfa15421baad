"""Socket Mode against the local workspace: it comes back after every kind of loss, and is let go of cleanly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap.bolt import check_app_token, identify, new_bolt_app, new_client
from bot.bootstrap.proxies import new_session
from bot.bootstrap.socket_mode import SocketMode
from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.settings_faults import SettingsError
from bot.web.dispatch import Dispatch
from bot.web.metrics import Metrics
from bot.workspace.manifest import load_manifest
from bot.workspace.sample import GENERAL, PEOPLE, sample_config
from tests.support.workspace_client import RunningWorkspace, running_workspace, wait_for

MANIFEST = Path(__file__).parents[3] / "manifest.json"
SVEN = PEOPLE["sales_agent"]


@pytest.fixture
async def slack(clock: ShiftedClock) -> AsyncIterator[RunningWorkspace]:
    config = sample_config(manifest=load_manifest(MANIFEST), bot_token="xoxb-1", app_token="xapp-1")
    async with running_workspace(config=config, clock=clock, ids=RandomIds()) as running:
        yield running


@asynccontextmanager
async def connected(
    slack: RunningWorkspace, clock: ShiftedClock, seen: list[str], slow: float = 0.0
) -> AsyncIterator[Any]:
    async with new_session() as session:
        client = new_client(session=session, api_url=slack.api_url, token="xoxb-1")
        app = new_bolt_app(client=client, identity=await identify(client))

        async def command(ack: Any, body: dict[str, Any]) -> None:
            await asyncio.sleep(slow)
            seen.append(body["text"])
            await ack()

        app.command("/upgrade-options")(command)
        dispatch = Dispatch(app=app, clock=clock, metrics=Metrics())
        connection = SocketMode(client=client, app_token="xapp-1", dispatch=dispatch, ping=0.3)
        async with connection.open(watch=0.2):
            yield connection


async def test_a_command_comes_in_and_is_acknowledged(slack: RunningWorkspace, clock: ShiftedClock) -> None:
    seen: list[str] = []
    async with connected(slack, clock, seen) as connection:
        assert await connection.connected()
        answer = await slack.member(SVEN).send(GENERAL, "/upgrade-options Payload Logistics")
        assert answer["ok"]
        assert "error" not in answer
    assert seen == ["Payload Logistics"]


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_when_slack_wants_another_connection_commands_go_on(
    slack: RunningWorkspace, clock: ShiftedClock, reason: str
) -> None:
    seen: list[str] = []
    async with connected(slack, clock, seen) as connection:
        await slack.server.workspace.socket.disconnect(reason)
        await asyncio.sleep(0.3)
        await wait_for(connection.connected, within=15, wanted="the connection to come back")
        await slack.wait_connected()
        answer = await slack.member(SVEN).send(GENERAL, "/upgrade-options again")
        assert "error" not in answer
    assert seen == ["again"]


async def test_a_ticket_that_can_no_longer_be_used_does_not_keep_it_away_for_ever(
    slack: RunningWorkspace, clock: ShiftedClock
) -> None:
    """slack_sdk tries a one-time address again and again once a connect failed (facts/slack.md, 4.8)."""
    async with connected(slack, clock, []) as connection:
        client = connection._client  # noqa: SLF001 - the defect is inside slack_sdk's client
        client.wss_uri = f"{slack.url.replace('http', 'ws')}/link/?ticket=used-up"
        trying = asyncio.create_task(client.connect())
        await asyncio.sleep(0.1)
        await wait_for(connection.connected, within=15, wanted="the connection to come back")
        await trying
        assert "used-up" not in str(client.wss_uri)


async def test_what_was_begun_is_acknowledged_before_the_connection_is_let_go(
    slack: RunningWorkspace, clock: ShiftedClock
) -> None:
    seen: list[str] = []
    async with connected(slack, clock, seen, slow=0.4):
        sending = asyncio.create_task(slack.member(SVEN).send(GENERAL, "/upgrade-options slow"))
        await asyncio.sleep(0.1)
    assert "error" not in await sending
    assert seen == ["slow"]


async def test_a_bad_token_is_named_before_anything_starts(slack: RunningWorkspace) -> None:
    async with new_session() as session:
        wrong = new_client(session=session, api_url=slack.api_url, token="xoxb-wrong")
        with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN: Slack answered auth.test with invalid_auth"):
            await identify(wrong)
        right = new_client(session=session, api_url=slack.api_url, token="xoxb-1")
        with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN: Slack answered apps.connections.open with"):
            await check_app_token(right, app_token="xapp-wrong")
        await check_app_token(right, app_token="xapp-1")


async def test_a_slack_that_cannot_be_reached_is_a_sentence() -> None:
    async with new_session() as session:
        client = new_client(session=session, api_url="http://127.0.0.1:9/api", token="xoxb-1")
        with pytest.raises(SettingsError, match="Slack could not be reached"):
            await identify(client)
