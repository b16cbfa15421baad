import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.workspace.config import WorkspaceConfig
from bot.workspace.manifest import parse_manifest
from bot.workspace.sample import sample_config
from tests.support.plain_app import PlainApp
from tests.support.workspace_client import RunningWorkspace, running_workspace

BOT_TOKEN, APP_TOKEN = "xoxb-bot", "xapp-app"
WIRE = Path(__file__).parents[4] / "shared" / "wire" / "slack"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wire() -> Callable[[str], Any]:
    """A document of the shared folder by name."""
    return lambda name: json.loads((WIRE / name).read_text(encoding="utf-8"))


@pytest.fixture
def manifest(wire: Callable[[str], Any]) -> dict[str, Any]:
    """An app that may do everything: commands, shortcuts, Home, messages, every event that there is."""
    document: dict[str, Any] = wire("manifest.socket_mode.example.json")
    document["oauth_config"]["scopes"]["bot"] += [
        "channels:history",
        "im:history",
        "im:read",
        "channels:join",
        "metadata.message:read",
        "files:write",
    ]
    document["settings"]["event_subscriptions"]["bot_events"] += ["message.channels", "message.im", "app_mention"]
    document["features"]["app_home"]["messages_tab_read_only_enabled"] = False
    return document


@pytest.fixture
def config(manifest: dict[str, Any]) -> WorkspaceConfig:
    """The sample team with that app; quick to give up, generous in posting."""
    sample = sample_config(
        manifest=parse_manifest(manifest),
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        message_burst=100,
    )
    return dataclasses.replace(sample, ack_within=0.5, event_retries=(0.0, 0.01, 0.01))


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


class DemoControls:
    """The levers of a demo, remembered."""

    def __init__(self, clock: ShiftedClock) -> None:
        self._clock = clock
        self.failing: list[str] = []

    def advance(self, by: timedelta) -> None:
        """Move the clock."""
        self._clock.advance(by)

    async def fail_next_order(self, kind: str) -> None:
        """Remember it."""
        self.failing.append(kind)

    def kinds(self) -> list[str]:
        """Two ways."""
        return ["timeout", "refused"]


@pytest.fixture
def controls(clock: ShiftedClock) -> DemoControls:
    return DemoControls(clock)


Start = Callable[..., AbstractAsyncContextManager[RunningWorkspace]]


@pytest.fixture
def start(clock: ShiftedClock, controls: DemoControls, config: WorkspaceConfig) -> Start:
    """Start a workspace, with another config or store if wanted."""

    def starting(**more: Any) -> AbstractAsyncContextManager[RunningWorkspace]:
        return running_workspace(
            **{"config": config, "clock": clock, "ids": RandomIds(), "controls": controls, **more},
        )

    return starting


@pytest.fixture
async def desk(start: Start) -> AsyncIterator[RunningWorkspace]:
    async with start() as running:
        yield running


@pytest.fixture
def app(desk: RunningWorkspace) -> PlainApp:
    """An app that has not connected."""
    return PlainApp(desk, bot_token=BOT_TOKEN, app_token=APP_TOKEN)


@pytest.fixture
async def listening(app: PlainApp) -> AsyncIterator[PlainApp]:
    """The same app with one connection."""
    async with app.connected():
        yield app
