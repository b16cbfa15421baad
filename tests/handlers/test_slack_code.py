"""What Slack's edge says instead of Slack (half a JSON, a text) is met like any refusal, not like a defect of ours."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.bolt import new_client
from bot.bootstrap.proxies import new_session
from bot.desk.finding.channel_kind import ChannelKind
from handlers.channels import kind_of
from handlers.live import LiveModals
from handlers.slack_code import slack_code

BODIES = [
    ("application/json", b'{"ok": fal', 200),
    ("application/json", b"<html>", 503),
    ("text/plain", b"upstream connect error", 503),
    ("text/html", b"<html>503</html>", 503),
]


@pytest.fixture(params=BODIES, ids=lambda each: f"{each[0]} {each[2]}")
async def client(request: pytest.FixtureRequest) -> AsyncIterator[AsyncWebClient]:
    """A client of something that is not Slack."""
    kind, body, status = request.param

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status, content_type=kind)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with new_session() as session:
        yield new_client(session=session, api_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/", token="xoxb-1")
    await runner.cleanup()


async def test_an_answer_that_is_not_slacks_own_has_no_code(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as raised:
        await client.conversations_info(channel="C1")
    assert slack_code(raised.value) == ""


async def test_what_a_channel_is_stays_unknown(client: AsyncWebClient) -> None:
    """It never raises."""
    assert await kind_of(client, "C1") is ChannelKind.UNKNOWN


async def test_a_drawing_while_somebody_types_fails_as_slack_does(client: AsyncWebClient) -> None:
    """A courtesy is given up for Slack's errors; a defect would take the place of what was typed."""

    async def draw() -> dict[str, object]:
        return {"type": "modal"}

    with pytest.raises(SlackApiError):
        await LiveModals().redraw(client, view_id="V1", seen="h0", draw=draw)
