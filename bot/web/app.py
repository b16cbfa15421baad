"""The ASGI application: Slack's intake, `/healthz`, `/readyz`, `/metrics`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from bot.web.intake import Intake, Receive, Scope, Send
from bot.web.metrics import CONTENT_TYPE, Metrics

Check = Callable[[], Awaitable[bool]]
Detail = Callable[[], str]
EVENTS_PATH: Final = "/slack/events"
_CHECK_SECONDS: Final = 2.0


class WebApp:
    """Routes to the intake first (it has three seconds, and is asked most), else to health and metrics."""

    def __init__(
        self,
        *,
        intake: Intake | None,
        checks: Mapping[str, Check],
        metrics: Metrics,
        details: Mapping[str, Detail] | None = None,
    ) -> None:
        self._intake = intake
        self._rest = _health(checks=checks, metrics=metrics, details=details or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if self._intake is not None and scope["type"] == "http" and scope["path"] == EVENTS_PATH:
            await self._intake(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


def _health(*, checks: Mapping[str, Check], metrics: Metrics, details: Mapping[str, Detail]) -> FastAPI:
    app = FastAPI(title="Upgrade Desk", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether every part this process needs is there; 503 names those that are not. `details` change nothing."""
        found = dict(zip(checks, await asyncio.gather(*(_passes(check) for check in checks.values())), strict=True))
        words = {name: "ok" if passed else "failed" for name, passed in found.items()}
        ready = all(found.values())
        told = {"details": {name: word() for name, word in details.items()}} if details else {}
        return JSONResponse(
            {"status": "ready" if ready else "not_ready", "checks": words, **told}, status_code=200 if ready else 503
        )

    @app.get("/metrics")
    async def figures() -> Response:
        """Figures in Prometheus's text format."""
        await metrics.refresh()
        return Response(metrics.page(), media_type=CONTENT_TYPE)

    return app


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check()
    except Exception:  # noqa: BLE001 - whatever a check meets, its part is not ready
        return False
