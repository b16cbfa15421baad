"""The whole thing for one test: local workspace, eligibility service, bot, worker; people act as the page does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.bootstrap.demo import Demo, running_demo
from bot.bootstrap.demo_files import DemoFolder
from bot.workspace.sample import PEOPLE
from tests.support.workspace_person import Http, Person


@dataclass(frozen=True, slots=True)
class House:
    """A running demo and its people."""

    demo: Demo
    http: Http

    async def person(self, who: str) -> Person:
        """Be a member: a role's key, `none`, `guest` or `external`."""
        member = PEOPLE[who]
        found = await self.http.get("conversations", member=member)
        direct = next((each["id"] for each in found["conversations"] if each["kind"] == "im"), "")
        return Person(self.http, member, direct=direct)

    async def dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """Give the app a delivery as Socket Mode does, past the workspace: for what no page would send."""
        request = AsyncBoltRequest(mode="socket_mode", body=body)
        response: BoltResponse = await self.demo.app.bolt.async_dispatch(request)
        return response


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house of this test's own."""
    async with (
        running_demo(port=0, folder=DemoFolder(tmp_path / "demo")) as demo,
        aiohttp.ClientSession(trust_env=False) as web,
    ):
        yield House(demo, Http(demo.address, web))
