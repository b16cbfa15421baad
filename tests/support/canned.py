"""An HTTP server that answers as a test says: for what Partner Center sends and our own service never would."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(slots=True)
class Canned:
    """`answers` by method and path (without /v1): status, body, headers. `asked` keeps every request."""

    url: str = ""
    answers: dict[tuple[str, str], tuple[int, bytes, Mapping[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)

    def answer(self, method: str, path: str, body: bytes, *, status: int = 200, **headers: str) -> None:
        """From now on, answer this."""
        spelt = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[method, path] = (status, body, spelt)

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        self.asked.append((request.method, request.path_qs, dict(request.headers), await request.read()))
        status, body, headers = self.answers.get(
            (request.method, request.path.removeprefix("/v1")), (404, b'{"code": 1000, "description": "no"}', {})
        )
        return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **headers})


@asynccontextmanager
async def canned_server() -> AsyncIterator[Canned]:
    """A server on a free port of the loopback."""
    canned = Canned()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", canned.handle)
    runner: Any = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    canned.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield canned
    finally:
        await runner.cleanup()
