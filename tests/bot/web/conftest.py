"""A Bolt app that notes what arrives, behind the intake on a real server."""

import io
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.bolt import Identity, new_bolt_app
from bot.domain.clock import ShiftedClock
from bot.web.app import WebApp
from bot.web.dispatch import Dispatch
from bot.web.intake import Intake
from bot.web.metrics import Metrics
from bot.web.server import bind, serving
from bot.web.signature import sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
WIRE = Path(__file__).parents[4] / "shared" / "wire" / "slack"
FORM = "application/x-www-form-urlencoded"


class Desk:
    """A Bolt app that notes what arrives, and the server in front of it."""

    def __init__(self, url: str, http: aiohttp.ClientSession, seen: list[dict[str, Any]], metrics: Metrics) -> None:
        self.url, self.http, self.seen, self.metrics = url, http, seen, metrics
        self.fail_next = False

    async def post(self, body: bytes | str, kind: str = FORM, **headers: str) -> tuple[int, str]:
        raw = body.encode() if isinstance(body, str) else body
        now = int(time.time())
        given = {
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": sign(secret=SECRET.encode(), timestamp=now, body=raw),
            "Content-Type": kind,
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.post(f"{self.url}/slack/events", data=io.BytesIO(raw), headers=given) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    clock, metrics, seen = ShiftedClock(), Metrics(), []
    async with aiohttp.ClientSession() as http:
        app = new_bolt_app(
            client=AsyncWebClient(token="xoxb-test"),
            identity=Identity(team_id="T1DC2JH3J", bot_id="B1", bot_user_id="U0BOT"),
        )
        holder: list[Desk] = []

        async def note(ack: Any, body: dict[str, Any]) -> None:
            if holder[0].fail_next:
                holder[0].fail_next = False
                raise RuntimeError("the listener broke")
            seen.append(body)
            await ack()

        app.command("/upgrade-options")(note)
        app.command("/webhook-collect")(note)
        app.action("open")(note)
        app.view("form")(note)
        app.event("app_home_opened")(_event(seen))
        intake = Intake(
            secret=SECRET,
            dispatch=Dispatch(app=app, clock=clock, metrics=metrics),
            clock=clock,
            metrics=metrics,
            body_seconds=0.3,
        )
        web = WebApp(intake=intake, checks={}, metrics=metrics)
        listening = bind(host="127.0.0.1", port=0)
        async with serving(web, on=listening):
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            holder.append(Desk(url, http, seen, metrics))
            yield holder[0]


def _event(seen: list[dict[str, Any]]) -> Any:
    async def note(body: dict[str, Any]) -> None:
        seen.append(body)

    return note
