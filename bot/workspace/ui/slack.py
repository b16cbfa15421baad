"""What apps call: the Web API, response urls, Socket Mode."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket

from bot.workspace.core import Workspace
from bot.workspace.faults import RESPONSE_URL
from bot.workspace.methods.calls import Calls
from bot.workspace.misbehaving import Spoilt
from bot.workspace.parsing import parse_json
from bot.workspace.refusals import PageError, SlackError
from bot.workspace.respond import respond
from bot.workspace.state.uploads import MOST_BYTES
from bot.workspace.ui.bodies import call_values, read_body


class Slack:
    """The side of the workspace that faces the app."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._calls = Calls(workspace)

    async def api(self, request: Request) -> Response:
        """`/api/METHOD`, GET or POST."""
        name: str = request.path_params["method"]
        try:
            values = await call_values(request)
        except PageError as error:
            return JSONResponse({"ok": False, "error": error.code})
        fault = self._workspace.faults.take(method=name, channel=values.get("channel"))
        if fault is not None and not fault.acts:
            return Spoilt(fault, None)
        answer = self._call(name, request, values)
        return answer if fault is None else Spoilt(fault, answer)

    def _call(self, name: str, request: Request, values: dict[str, Any]) -> Response:
        try:
            scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
            token = bearer.strip() if scheme.lower() == "bearer" else values.get("token", "")
            token = token if isinstance(token, str) else ""
            answer = self._calls.call(name, token=token, values=values)
        except SlackError as error:
            return JSONResponse(error.body, status_code=error.status, headers=error.headers)
        return JSONResponse({"ok": True, **answer}, headers={"x-oauth-scopes": self._calls.scopes()})

    async def respond(self, request: Request) -> Response:
        """A response url."""
        try:
            body = parse_json(await read_body(request))
        except (ValueError, PageError):
            return PlainTextResponse("invalid_payload", status_code=400)
        fault = self._workspace.faults.take(method=RESPONSE_URL)
        if fault is not None and not fault.acts:
            return Spoilt(fault, None)
        answer = self._respond(request.path_params["token"], body)
        return answer if fault is None else Spoilt(fault, answer)

    def _respond(self, token: str, body: Any) -> Response:
        try:
            respond(self._workspace, token, body)
        except SlackError as error:
            return JSONResponse(error.body, status_code=error.status, headers=error.headers)
        return PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """An upload address: the bytes as they are, once."""
        try:
            content = await read_body(request, most=MOST_BYTES)
        except PageError:
            return PlainTextResponse("too_large", status_code=413)
        if not self._workspace.uploads.fill(request.path_params["token"], content):
            return PlainTextResponse("invalid_upload", status_code=400)
        return PlainTextResponse(f"OK - {len(content)}")

    async def link(self, socket: WebSocket) -> None:
        """A Socket Mode connection."""
        await self._workspace.socket.serve(socket)
