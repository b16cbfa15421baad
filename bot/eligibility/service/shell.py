"""Around every request: who calls, the ids that answers carry, and an answer in the right shape whatever happens."""

import hmac
import json
import traceback
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.ids import Ids
from bot.eligibility.service.calls import CALL_KEY, UUID, Call
from bot.eligibility.service.errors import AccessDenied, Broken, InvalidInput, ServiceFault
from bot.eligibility.service.faults import Faults
from bot.eligibility.service.misbehaving import misbehave

OPEN_PATHS: Final = frozenset({"/openapi.json"})
"""What is answered without a token."""

SERVERS_SEND: Final = "upgrade_desk.send"
"""Where the scope keeps the server's own `send`."""

_JSON: Final = (b"content-type", b"application/json")


class Shell:
    """ASGI middleware. `token` is the bearer token; an empty one lets nobody in."""

    def __init__(self, app: ASGIApp, *, token: str, ids: Ids, faults: Faults | None) -> None:
        self._app = app
        self._token = token.encode()
        self._ids = ids
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the lifespan passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        authorization, call, sound = self._read(scope)
        scope[CALL_KEY] = call
        own_headers = [
            (b"ms-requestid", call.request_id.encode()),
            (b"ms-correlationid", call.correlation_id.encode()),
        ]
        begun = False

        async def reply(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": [*message["headers"], *own_headers]}
            await send(message)

        try:
            if scope["path"] not in OPEN_PATHS and not self._allowed(authorization):
                await refuse(AccessDenied(), reply)
            elif not sound:
                await refuse(InvalidInput("MS-RequestId and MS-CorrelationId must be UUIDs."), reply)
            elif self._faults is None or not self._faults.waiting:
                await self._app(scope, receive, reply)
            else:
                await self._with_faults(self._faults, scope, receive, reply)
        except Exception as error:
            _log(error, call)
            if begun:
                raise
            await refuse(Broken(), reply)

    async def _with_faults(self, faults: Faults, scope: Scope, receive: Receive, reply: Send) -> None:
        path: str = scope["path"]
        fault = None if path in OPEN_PATHS else faults.take(method=scope["method"], path=path)
        if fault is None:
            await self._app(scope, receive, reply)
        else:
            raw: Send = scope[SERVERS_SEND]
            await misbehave(fault, app=self._app, scope=scope, receive=receive, send=reply, raw=raw)

    def _read(self, scope: Scope) -> tuple[bytes | None, Call, bool]:
        """The authorization, the ids (made where there are none), and whether the ids given are UUIDs."""
        authorization = request_id = correlation_id = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value
            elif name == b"ms-requestid":
                request_id = value
            elif name == b"ms-correlationid":
                correlation_id = value
        own_request, own_correlation = _uuid(request_id), _uuid(correlation_id)
        sound = (request_id is None) == (own_request is None) and (correlation_id is None) == (own_correlation is None)
        call = Call(request_id=own_request or self._ids.uuid(), correlation_id=own_correlation or self._ids.uuid())
        return authorization, call, sound

    def _allowed(self, authorization: bytes | None) -> bool:
        if authorization is None or not self._token:
            return False
        scheme, _, given = authorization.partition(b" ")
        # Compared in constant time, whatever the scheme is.
        return hmac.compare_digest(given.strip(), self._token) and scheme.lower() == b"bearer"


async def refuse(fault: ServiceFault, send: Send) -> None:
    """Send a fault in Partner Center's shape."""
    body = fault.body()
    headers = [(key.lower().encode(), value.encode()) for key, value in fault.headers.items()]
    headers += [_JSON, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _uuid(value: bytes | None) -> str | None:
    if value is None:
        return None
    text = value.decode("latin-1").strip().lower()
    return text if UUID.fullmatch(text) else None


def _log(error: Exception, call: Call) -> None:
    # The frames without the message: it may quote what was sent, and the log holds ids only.
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-12:]]
    structlog.get_logger().error(
        "eligibility_request_failed",
        error=type(error).__name__,
        frames=json.dumps(frames),
        correlation_id=call.correlation_id,
    )
