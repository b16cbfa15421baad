"""The page's switch: one kind of trouble at a time, and a sound Slack after it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
import pytest

from bot.workspace.sample import AUDIT
from tests.bot.workspace.conftest import BOT_TOKEN, DemoControls
from tests.support.workspace_client import RunningWorkspace, UiError

Start = Callable[..., AbstractAsyncContextManager[RunningWorkspace]]


async def posting(slack: RunningWorkspace) -> str:
    """What comes of posting now: Slack's code, the status, or `ok`."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    body = {"channel": AUDIT, "text": "x"}
    try:
        async with slack.web.post(f"{slack.api_url}chat.postMessage", json=body, headers=headers) as answer:
            if answer.content_type != "application/json":
                return str(answer.status)
            found: dict[str, Any] = await answer.json()
            return "ok" if found["ok"] else str(found["error"])
    except aiohttp.ClientError:
        return "lost"


@pytest.fixture
async def slack(start: Start, controls: DemoControls) -> Any:
    async with start(controls=controls) as running:
        yield running


@pytest.mark.parametrize(
    ("kind", "comes"),
    [
        ("unavailable", "503"),
        ("too_many", "ratelimited"),
        ("archived", "is_archived"),
        ("token_revoked", "token_revoked"),
        ("lost_answers", "lost"),
        ("twice", "ok"),
        ("dropping", "ok"),
    ],
)
async def test_each_kind_lasts_until_another_is_chosen(slack: RunningWorkspace, kind: str, comes: str) -> None:
    assert await posting(slack) == "ok"
    await slack.post("slack", kind=kind)
    assert (await slack.get("boot"))["controls"]["slack"]["now"] == kind
    assert [await posting(slack) for _ in range(2)] == [comes, comes]
    await slack.post("slack", kind="fine")
    assert await posting(slack) == "ok"


async def test_the_app_is_taken_out_of_its_channels_and_put_back(slack: RunningWorkspace) -> None:
    place = slack.server.workspace.places.get(AUDIT)
    assert place is not None
    await slack.post("slack", kind="removed")
    assert not place.bot_is_member
    await slack.post("slack", kind="fine")
    assert place.bot_is_member


async def test_what_is_no_kind_is_refused_and_changes_nothing(slack: RunningWorkspace) -> None:
    await slack.post("slack", kind="archived")
    with pytest.raises(UiError, match="invalid_value"):
        await slack.post("slack", kind="on_holiday")
    assert await posting(slack) == "is_archived"


async def test_without_the_demos_levers_there_is_no_switch(start: Start) -> None:
    async with start(controls=None) as running:
        assert (await running.get("boot"))["controls"]["slack"] is None
        with pytest.raises(UiError, match="no_controls"):
            await running.post("slack", kind="archived")
