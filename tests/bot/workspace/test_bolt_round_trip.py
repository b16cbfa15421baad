import asyncio
import dataclasses
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.workspace.config import SignedHttp, WorkspaceConfig
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE
from tests.support.workspace_client import RunningWorkspace

SECRET = "signing-secret"
MEMBER = PEOPLE["none"]


def ask(title: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Order"},
        "blocks": [
            {
                "type": "input",
                "block_id": "why",
                "label": {"type": "plain_text", "text": "Reason"},
                "element": {"type": "plain_text_input", "action_id": "reason"},
            },
        ],
    }


def build(client: AsyncWebClient) -> AsyncApp:
    """A small order desk, as a Slack developer would write it."""
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    @app.command("/access")
    async def command(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack()
        go = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Order"}, "value": "1"}
        text = {"type": "mrkdwn", "text": f"You asked for {command['text']}"}
        await respond(
            text="answer",
            blocks=[{"type": "section", "text": text}, {"type": "actions", "elements": [go]}],
        )

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        opened = await client.views_open(trigger_id=body["trigger_id"], view=ask("Loading"))
        await ack()
        await client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=ask("Confirm"))

    @app.view("ask")
    async def submitted(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        reason = body["view"]["state"]["values"]["why"]["reason"]["value"]
        if reason == "no":
            await ack(response_action="errors", errors={"why": "A better reason, please"})
            return
        await ack()
        card = await client.chat_postMessage(channel=AUDIT, text=f"submitting: {reason}")
        await client.chat_update(channel=AUDIT, ts=card["ts"], text=f"completed: {reason}")
        await client.chat_postMessage(channel=AUDIT, thread_ts=card["ts"], text="step 1")
        await client.chat_postMessage(channel=body["user"]["id"], text="done")

    return app


async def do_the_job(desk: RunningWorkspace) -> None:
    """Command, answer, button, modal, refused, submitted, card, thread, direct message."""
    noah = desk.member(MEMBER)
    assert (await noah.send(GENERAL, "/access admin"))["ok"]
    answer = await noah.wait_for_message(GENERAL, containing="You asked for admin")
    assert answer["ephemeral"]
    assert (await noah.press(answer, "Order"))["ok"]
    await noah.wait_for_modal(title="Confirm")
    assert (await noah.submit({"Reason": "no"}))["errors"] == {"why": "A better reason, please"}
    assert (await noah.submit({"Reason": "4711"}))["result"] == "closed"
    assert await noah.modal() is None
    await noah.wait_for_message(noah.direct, containing="done")
    card = await noah.wait_for_message(AUDIT, containing="completed: 4711")
    assert [one["text"] for one in await noah.thread(AUDIT, card["ts"])] == ["completed: 4711", "step 1"]
    assert not [one for one in await desk.member(PEOPLE["guest"]).messages(GENERAL) if one["ephemeral"]]


@asynccontextmanager
async def web_client(desk: RunningWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token="xoxb-bot", base_url=desk.api_url, session=session)


async def test_a_bolt_app_does_the_whole_job_over_socket_mode(desk: RunningWorkspace) -> None:
    async with web_client(desk) as client:
        handler = AsyncSocketModeHandler(build(client), "xapp-app")
        await handler.connect_async()
        try:
            await desk.wait_connected()
            await do_the_job(desk)
        finally:
            await handler.close_async()


class _Quiet(uvicorn.Server):
    """Leaves the signals to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def bolt_over_http(apps: list[AsyncApp]) -> AsyncIterator[str]:
    """Serve whichever app is in the list by then at `/slack/events`."""

    async def events(request: Request) -> Response:
        return await AsyncSlackRequestHandler(apps[0]).handle(request)

    served = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = _Quiet(uvicorn.Config(served, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listener]))
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
            finally:
                server.should_exit = True


async def test_the_same_app_does_the_same_job_over_signed_http(start: Any, config: WorkspaceConfig) -> None:
    apps: list[AsyncApp] = []
    async with bolt_over_http(apps) as url:
        signed = dataclasses.replace(config, delivery=SignedHttp(request_url=url, signing_secret=SECRET))
        async with start(config=signed) as desk, web_client(desk) as client:
            apps.append(build(client))
            await do_the_job(desk)
