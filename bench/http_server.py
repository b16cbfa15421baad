"""The servers that bench.http compares, each in a process of its own: `python -m bench.http_server KIND PORT FILE`.

`ours` is the whole bot. `default` is Bolt as its documentation starts it, with an empty handler. `bare` has our intake
and a handler that makes the calls of FILE (waves of addresses, each wave side by side) and posts a fixed answer.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bootstrap import logs
from bot.bootstrap.application import bootstrap
from bot.bootstrap.bolt import Identity, new_bolt_app
from bot.domain.clock import SystemClock
from bot.settings import Settings
from bot.web.app import WebApp
from bot.web.dispatch import Dispatch
from bot.web.intake import Intake
from bot.web.metrics import Metrics
from bot.web.server import bind, serving

_QUIET = 1.0
ANSWER = {"text": "x" * 2000, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2000}}]}


async def ours(port: int, calls: Path) -> None:
    """The bot, noting the service's addresses of its first command in `calls`."""
    waves = _Waves()
    async with bootstrap(Settings.load(), service_is_embedded=True) as app:
        http = app.desk.service._http  # noqa: SLF001 - what it asks is what the bare handler has to ask
        waves.watch(http.session)
        async with serving(app.web({}), on=bind(host="127.0.0.1", port=port)):
            while not waves.complete:  # noqa: ASYNC110 - it is the quiet that is waited for
                await asyncio.sleep(0.2)
            calls.write_text(json.dumps(waves.done))  # noqa: ASYNC240 - once, before measuring begins
            http.session.trace_configs.clear()
            await asyncio.Event().wait()


class _Waves:
    """Which addresses were asked side by side: a wave ends when nothing is under way."""

    def __init__(self) -> None:
        self.done: list[list[str]] = []
        self._under_way = 0
        self._quiet_since = float("inf")

    @property
    def complete(self) -> bool:
        """Whether the first command has asked all it asks."""
        return time.monotonic() - self._quiet_since > _QUIET

    def watch(self, session: aiohttp.ClientSession) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._start)
        trace.on_request_end.append(self._end)
        trace.freeze()
        session.trace_configs.append(trace)

    async def _start(self, _session: Any, _context: Any, asked: aiohttp.TraceRequestStartParams) -> None:
        if not self._under_way:
            self.done.append([])
        self._under_way += 1
        self.done[-1].append(str(asked.url))

    async def _end(self, *_: Any) -> None:
        self._under_way -= 1
        self._quiet_since = time.monotonic()


async def default(port: int, _calls: Path) -> None:
    """Bolt out of the box."""
    client = AsyncWebClient(token="xoxb-1", base_url=f"{os.environ['SLACK_API_URL']}/")
    app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

    @app.command("/upgrade-options")
    async def empty(ack: Any) -> None:
        await ack()

    adapter = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await adapter.handle(request)

    web = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    async with serving(web, on=bind(host="127.0.0.1", port=port)):
        await asyncio.Event().wait()


async def bare(port: int, calls: Path) -> None:
    """Our intake, no work of ours behind it."""
    waves: list[list[str]] = json.loads(calls.read_text())  # noqa: ASYNC240 - before anything is served
    headers = {"Authorization": f"Bearer {os.environ['ELIGIBILITY_TOKEN']}"}
    identity = Identity(team_id="T0BENCH", bot_id="B1", bot_user_id="U0BOT")
    app = new_bolt_app(client=AsyncWebClient(token="xoxb-1"), identity=identity)
    clock, metrics, tasks = SystemClock(), Metrics(), set()
    async with aiohttp.ClientSession(headers=headers) as service, aiohttp.ClientSession() as slack:

        async def ask(url: str) -> Any:
            async with service.get(url) as answer:
                return json.loads(await answer.read())

        async def work(url: str) -> None:
            for wave in waves:
                await asyncio.gather(*(ask(each) for each in wave))
            async with slack.post(url, json=ANSWER) as answer:
                await answer.read()

        async def command(ack: Any, body: dict[str, Any]) -> None:
            task = asyncio.create_task(work(body["response_url"]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            await ack()

        app.command("/upgrade-options")(command)
        intake = Intake(
            secret=os.environ["SLACK_SIGNING_SECRET"],
            dispatch=Dispatch(app=app, clock=clock, metrics=metrics),
            clock=clock,
            metrics=metrics,
        )
        web = WebApp(intake=intake, checks={}, metrics=metrics)
        async with serving(web, on=bind(host="127.0.0.1", port=port)):
            await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure(level="WARNING", form="console")
    kind, port_text, file = sys.argv[1:]
    uvloop.run({"ours": ours, "default": default, "bare": bare}[kind](int(port_text), Path(file)))
