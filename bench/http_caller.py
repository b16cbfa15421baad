"""Slack's two ends for bench.http: the caller of commands, and the place where answers arrive."""

import asyncio
import itertools
import time
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.signature import sign

SECRET, TEAM, USER = "bench-secret", "T0BENCH", "U0BENCH"
CUSTOMERS = 300


class Slack:
    """What the bots need of Slack, and the place where answers arrive."""

    def __init__(self) -> None:
        self.url = ""
        self.arrived: dict[int, asyncio.Future[None]] = {}
        routes = [
            Route("/api/auth.test", self._auth, methods=["POST"]),
            Route("/api/users.info", self._user, methods=["GET", "POST"]),
            Route("/api/views.publish", self._published, methods=["POST"]),
            Route("/response/{number:int}", self._answer, methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)

    async def _auth(self, _request: Request) -> Response:
        return JSONResponse({"ok": True, "team_id": TEAM, "bot_id": "B1", "user_id": "U0BOT"})

    async def _user(self, _request: Request) -> Response:
        return JSONResponse({"ok": True, "user": {"id": USER, "team_id": TEAM, "locale": "en-US"}})

    async def _published(self, _request: Request) -> Response:
        return JSONResponse({"ok": True, "view": {"id": "V0HOME"}})

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        if b"Customer" not in body and b"xxx" not in body:
            raise AssertionError(body)
        waiting = self.arrived.pop(request.path_params["number"], None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        return Response("ok")


class Caller:
    """Slack as an HTTP client: signed requests on a connection that is kept."""

    numbers = itertools.count(1)

    def __init__(self, port: int, slack: Slack) -> None:
        self._port, self._slack = port, slack
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def command(self, *, answered: bool) -> float:
        """Send a command; seconds to its ack. `answered`: wait for the answer at its response_url too."""
        number = next(self.numbers)
        fields = {
            "command": "/upgrade-options",
            "text": f"Customer {number % CUSTOMERS} GmbH",
            "team_id": TEAM,
            "user_id": USER,
            "channel_id": "C1",
            "trigger_id": f"t{number}",
            "response_url": f"{self._slack.url}/response/{number}",
        }
        arrival = self._slack.arrived[number] = asyncio.get_running_loop().create_future()
        body, now = urlencode(fields).encode(), int(time.time())
        request = (
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slack-Request-Timestamp: {now}\r\n"
            f"X-Slack-Signature: {sign(secret=SECRET.encode(), timestamp=now, body=body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        begun = time.perf_counter()
        writer.write(request.encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        taken = time.perf_counter() - begun
        if not head.startswith(b"HTTP/1.1 200"):
            raise AssertionError(head)
        if answered:
            async with asyncio.timeout(30):
                await arrival
        else:
            self._slack.arrived.pop(number, None)
        return taken
