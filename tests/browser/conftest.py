"""A workspace with the sampler app in it, and windows on its page."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.workspace.config import WorkspaceConfig
from bot.workspace.manifest import parse_manifest
from bot.workspace.sample import GENERAL, sample_config
from tests.support.browser import Visitor, chromium, visitor
from tests.support.sampler_app import MANIFEST, connected_sampler
from tests.support.workspace_client import RunningWorkspace, running_workspace

BOT_TOKEN, APP_TOKEN = "xoxb-bot", "xapp-app"
OpenPage = Callable[..., Awaitable[Visitor]]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


class Levers:
    """The demo's controls with state: what was asked of them."""

    def __init__(self, clock: ShiftedClock) -> None:
        self._clock, self.armed = clock, list[str]()

    def advance(self, by: timedelta) -> None:
        """Move the clock."""
        self._clock.advance(by)

    def fail_next_order(self, kind: str) -> None:
        """Remember the kind."""
        self.armed.append(kind)

    def kinds(self) -> tuple[str, ...]:
        """Two of the demo's."""
        return ("throttled", "cut")


@pytest.fixture
def levers(clock: ShiftedClock) -> Levers:
    """The controls of this test's workspace."""
    return Levers(clock)


@pytest.fixture
def config() -> WorkspaceConfig:
    """The demo's team with the sampler in it; quick to give up, generous in posting."""
    sample = sample_config(
        manifest=parse_manifest(MANIFEST), bot_token=BOT_TOKEN, app_token=APP_TOKEN, message_burst=10_000
    )
    return dataclasses.replace(sample, ack_within=0.5)


@pytest.fixture
async def desk(config: WorkspaceConfig, clock: ShiftedClock, levers: Levers) -> AsyncIterator[RunningWorkspace]:
    """The workspace, listening."""
    async with running_workspace(config=config, clock=clock, ids=RandomIds(), controls=levers) as running:
        yield running


@pytest.fixture
async def app(desk: RunningWorkspace) -> AsyncIterator[AsyncWebClient]:
    """The sampler's Web API client; the app is connected."""
    async with connected_sampler(desk, bot_token=BOT_TOKEN, app_token=APP_TOKEN) as client:
        yield client


@pytest.fixture
async def chrome() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def open_page(chrome: Browser, desk: RunningWorkspace) -> AsyncIterator[OpenPage]:
    """Windows on the page, one a call: by member, and by channel, thread, tab, width, height and dark where given."""
    async with AsyncExitStack() as windows:

        async def open_one(
            *,
            member: str,
            channel: str = GENERAL,
            width: int = 1280,
            height: int = 860,
            dark: bool = False,
            **place: Any,
        ) -> Visitor:
            window = visitor(
                chrome,
                address=desk.url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
            )
            page = await windows.enter_async_context(window)
            return await page.open(member=member, channel=channel, **place)

        yield open_one
