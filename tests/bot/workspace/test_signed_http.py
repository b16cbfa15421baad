import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.domain.clock import ShiftedClock
from bot.workspace.config import SignedHttp, WorkspaceConfig
from bot.workspace.links.http import HttpLink
from bot.workspace.links.link import Parcel
from bot.workspace.sample import GENERAL, PEOPLE
from tests.support.plain_app import PlainApp
from tests.support.screens import card
from tests.support.workspace_client import RunningWorkspace, wait_for

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
HEIDI = PEOPLE["helpdesk_agent"]


class Intake:
    """An app's request URL: remembers what came, answers with what the test wants."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], str]] = []
        self.answer: Callable[[], web.StreamResponse] = web.Response
        self.url = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        """One delivery."""
        self.came.append(({name.lower(): value for name, value in request.headers.items()}, await request.text()))
        return self.answer()


@pytest.fixture
async def intake() -> AsyncIterator[Intake]:
    taking = Intake()
    application = web.Application()
    application.router.add_post("/slack/events", taking.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    taking.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield taking
    await runner.cleanup()


@pytest.fixture
def config(config: WorkspaceConfig, intake: Intake) -> WorkspaceConfig:
    delivery = SignedHttp(request_url=intake.url, signing_secret=SECRET)
    return dataclasses.replace(config, delivery=delivery)


async def test_deliveries_are_signed_forms_and_json(intake: Intake, desk: RunningWorkspace, app: PlainApp) -> None:
    heidi = desk.member(HEIDI)
    assert (await heidi.send(GENERAL, "/access my payload & more"))["ok"]
    await app.call("chat.postMessage", channel=GENERAL, **card())
    await heidi.press(await heidi.wait_for_message(GENERAL, containing="Approve"), "Approve")
    verifier = SignatureVerifier(SECRET)
    for headers, body in intake.came:
        stamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        assert verifier.is_valid(body, stamp, signature)
    forms = [dict(parse_qsl(body)) for headers, body in intake.came if "form" in headers["content-type"]]
    assert forms[0]["text"] == "my payload &amp; more"
    assert json.loads(forms[-1]["payload"])["actions"][0]["action_id"] == "go"


async def test_the_signature_is_slacks(wire: Callable[[str], Any], clock: ShiftedClock) -> None:
    vector = wire("signature_test_vector.json")

    class Then(ShiftedClock):
        def now(self) -> Any:
            stamp = int(vector["X-Slack-Request-Timestamp"])
            return clock.now().fromtimestamp(stamp, tz=clock.now().tzinfo)

    delivery = SignedHttp(request_url="", signing_secret=vector["signing_secret"])
    link = HttpLink(delivery=delivery, clock=Then(), ack_within=1)
    parcel = Parcel(kind="slash_commands", payload=dict(parse_qsl(vector["body"], keep_blank_values=True)))
    headers = link.headers(vector["body"].encode(), "", parcel)
    assert headers["X-Slack-Signature"] == vector["X-Slack-Signature"]


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [("plain words", "text/plain", "plain words"), ('{"text": "object"}', "application/json", "object")],
)
async def test_the_answer_to_a_command_may_be_text_or_json(
    intake: Intake, desk: RunningWorkspace, body: str, content_type: str, text: str
) -> None:
    intake.answer = lambda: web.Response(text=body, content_type=content_type)
    heidi = desk.member(HEIDI)
    assert (await heidi.send(GENERAL, "/access"))["ok"]
    await heidi.wait_for_message(GENERAL, containing=text)


@pytest.mark.parametrize("status", [201, 302, 404, 500])
async def test_anything_but_200_has_failed(intake: Intake, desk: RunningWorkspace, status: int) -> None:
    intake.answer = lambda: web.Response(status=status)
    assert (await desk.member(HEIDI).send(GENERAL, "/access"))["error"] == "dispatch_failed"


async def test_nobody_there_has_failed(config: WorkspaceConfig, start: Any) -> None:
    nowhere = SignedHttp(request_url="http://127.0.0.1:9/slack/events", signing_secret=SECRET)
    async with start(config=dataclasses.replace(config, delivery=nowhere)) as desk:
        assert (await desk.member(HEIDI).send(GENERAL, "/access"))["error"] == "dispatch_failed"


async def test_an_event_comes_again_with_its_number_and_reason(intake: Intake, desk: RunningWorkspace) -> None:
    intake.answer = lambda: web.Response(status=500)
    await desk.member(HEIDI).post("home")

    async def four() -> bool:
        return len(intake.came) == 4

    await wait_for(four)
    assert [headers.get("x-slack-retry-num") for headers, _ in intake.came] == [None, "1", "2", "3"]
    assert {headers.get("x-slack-retry-reason") for headers, _ in intake.came[1:]} == {"http_error"}
    assert len({json.loads(body)["event_id"] for _, body in intake.came}) == 1


async def test_an_app_can_refuse_retries(intake: Intake, desk: RunningWorkspace) -> None:
    intake.answer = lambda: web.Response(status=500, headers={"X-Slack-No-Retry": "1"})
    await desk.member(HEIDI).post("home")
    await desk.member(HEIDI).send(GENERAL, "/access")

    async def both() -> bool:
        return len(intake.came) >= 2

    await wait_for(both)
    assert len([1 for headers, _ in intake.came if "json" in headers["content-type"]]) == 1


async def test_socket_mode_is_off(app: PlainApp) -> None:
    answer = await app.call("apps.connections.open", token="xapp-app")
    assert answer["error"] == "socket_mode_not_enabled"
