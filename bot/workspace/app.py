"""The workspace as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.workspace.config import WorkspaceConfig
from bot.workspace.controls import Controls
from bot.workspace.core import Workspace
from bot.workspace.misbehaving import SERVERS_SEND
from bot.workspace.refusals import PageError
from bot.workspace.store import WorkspaceStore
from bot.workspace.trouble_switch import TroubleSwitch
from bot.workspace.ui.do import Doing
from bot.workspace.ui.files import Files
from bot.workspace.ui.guard import Guard
from bot.workspace.ui.read import Reading
from bot.workspace.ui.slack import Slack


def create_workspace(
    *,
    config: WorkspaceConfig,
    clock: Clock,
    ids: Ids,
    store: WorkspaceStore,
    controls: Controls | None = None,
) -> Starlette:
    """Build a workspace. Its lifespan loads the store and ends everything; `app.state.workspace` is the Workspace.

    Serve it on 127.0.0.1 only (`bot.workspace.server` does). `clock` must be the app's: signatures and response urls
    are judged by it. Acknowledgements are timed by the event loop, which no control shifts.
    """
    workspace = Workspace(config=config, clock=clock, ids=ids, store=store, controls=controls)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await workspace.start()
        try:
            yield
        finally:
            await workspace.stop()

    app = _App(
        routes=_routes(workspace),
        lifespan=lifespan,
        middleware=[Middleware(Guard, workspace=workspace)],
        exception_handlers={PageError: _page_error, HTTPException: _no_route},
    )
    app.state.workspace = workspace
    return app


class _App(Starlette):
    """Notes the server's own `send`, which Starlette's outermost middleware hides from ours."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[SERVERS_SEND] = send
        await super().__call__(scope, receive, send)


def _routes(workspace: Workspace) -> list[Route | WebSocketRoute]:
    trouble = TroubleSwitch(workspace)
    reading, doing = Reading(workspace, trouble), Doing(workspace, trouble)
    slack, files = Slack(workspace), Files(workspace.config.page)
    gets = {
        "boot": reading.boot,
        "conversations": reading.conversations,
        "conversation": reading.conversation,
        "thread": reading.thread,
        "view": reading.view,
        "home": reading.home,
        "stream": reading.stream,
        "file": reading.file,
    }
    posts = {
        "send": doing.send,
        "action": doing.action,
        "options": doing.options,
        "view/submit": doing.submit,
        "view/close": doing.close,
        "home": doing.home,
        "shortcut": doing.shortcut,
        "locale": doing.locale,
        "clock": doing.clock,
        "orders": doing.orders,
        "slack": doing.slack,
    }
    return [
        *(Route(f"/ui/{name}", endpoint, methods=["GET"]) for name, endpoint in gets.items()),
        *(Route(f"/ui/{name}", endpoint, methods=["POST"]) for name, endpoint in posts.items()),
        Route("/api/{method}", slack.api, methods=["GET", "POST"]),
        Route("/upload/v1/{token}", slack.upload, methods=["POST"]),
        Route("/respond/{token}", slack.respond, methods=["POST"]),
        WebSocketRoute("/link/", slack.link),
        Route("/archives/{channel}/{ts}", files.permalink, methods=["GET"]),
        Route("/page/{name:path}", files.file, methods=["GET"]),
        Route("/", files.index, methods=["GET"]),
    ]


async def _no_route(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = "not_found" if status == HTTPStatus.NOT_FOUND else "method_not_allowed"
    return JSONResponse({"error": code, "message": code.replace("_", " ")}, status_code=status)


async def _page_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, PageError):
        raise error
    return JSONResponse(error.body, status_code=error.status)
