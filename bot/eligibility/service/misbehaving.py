"""Carries out an armed fault (see `faults`). The request takes effect first where the fault acts."""

import asyncio
import json
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.eligibility.service.faults import Fault, FaultKind

K = FaultKind

_HTML: Final = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
_SIGN_IN: Final = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"

_CANNED: Final[dict[FaultKind, tuple[int, str, bytes]]] = {
    K.ERROR: (
        500,
        "application/json",
        b'{"code":800003,"description":"Unexpected service error.","source":"UpgradeDesk"}',
    ),
    K.UNAVAILABLE: (503, "text/plain", b""),
    K.UNAUTHORIZED: (401, "application/json", b'{"code":400,"description":"Access denied.","source":"UpgradeDesk"}'),
    K.FORBIDDEN: (
        403,
        "application/json",
        b'{"code":900150,"description":"The supplied role has no right to the operation.","source":"UpgradeDesk"}',
    ),
    K.NOT_FOUND: (404, "application/json", b'{"code":1000,"description":"Not found.","source":"UpgradeDesk"}'),
    K.CONFLICT: (
        409,
        "application/json",
        b'{"code":900278,"description":"Another operation is pending.","source":"UpgradeDesk"}',
    ),
    K.HTML: (502, "text/html", _HTML),
    K.HTML_OK: (200, "text/html", _SIGN_IN),
    K.NONSENSE: (200, "application/json", b'["this", {"is": "not what you asked for"}, 42]'),
}


async def misbehave(fault: Fault, *, app: ASGIApp, scope: Scope, receive: Receive, send: Send, raw: Send) -> None:
    """Answer wrongly, as the fault says. `raw` is the server's own `send`, by which the connection is found."""
    kept = _Kept()
    if fault.kind is K.ACCEPTED:
        await _accept(fault, app=app, scope=scope, receive=receive, send=send)
        return
    if fault.acts:
        await app(scope, receive, kept)
    if fault.kind in _CANNED:
        status, media, body = _CANNED[fault.kind]
        headers = [(b"www-authenticate", b"Bearer")] if status == 401 else []  # noqa: PLR2004 the status itself
        await _answer(send, status=status, media=media, body=body, headers=headers)
    elif fault.kind is K.THROTTLED:
        await _throttle(send, seconds=fault.seconds)
    elif fault.kind is K.SLOW:
        await asyncio.sleep(fault.seconds)
        await kept.play(send)
    elif fault.kind is K.HALF_BODY:
        await kept.play(send, half=True)
        await _cut(raw, receive)
    else:
        await asyncio.sleep(fault.seconds if fault.kind is K.HANG else 0)
        await _cut(raw, receive)


async def _accept(fault: Fault, *, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Say 202 and carry it out, `seconds` afterwards where the fault has some. Its real answer goes nowhere."""
    again, unheard = await _read(receive), _Kept()
    # "/customers/…/subscriptions/…", as Partner Center's: without the version, and of the subscription itself.
    where = scope["path"].removeprefix("/v1").removesuffix("/upgrades").encode()
    if not fault.seconds:
        await app(scope, again, unheard)
    await _answer(send, status=202, media="application/json", body=b"{}", headers=[(b"location", where)])
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
        await app(scope, again, unheard)


async def _read(receive: Receive) -> Receive:
    """The whole request, to be received again: who sent it may be gone by the time that it is carried out."""
    messages: list[Message] = []
    while not messages or messages[-1].get("more_body", False):
        messages.append(await receive())
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    return again


class _Kept:
    """Keeps an answer instead of sending it."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)

    async def play(self, send: Send, *, half: bool = False) -> None:
        """Send what was kept; with `half` the headers and the first half of the body only."""
        start, *parts = self._messages
        await send(start)
        body = b"".join(part.get("body", b"") for part in parts)
        if half:
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        else:
            await send({"type": "http.response.body", "body": body})


async def _throttle(send: Send, *, seconds: float) -> None:
    whole = max(0, round(seconds))
    told = {"statusCode": 429, "message": f"Rate limit is exceeded. Try again in {whole} seconds."}
    retry_after = [(b"retry-after", str(whole).encode())]
    await _answer(send, status=429, media="application/json", body=json.dumps(told).encode(), headers=retry_after)


async def _answer(
    send: Send, *, status: int, media: str, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    own = [(b"content-type", media.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})


async def _cut(raw: Send, receive: Receive) -> None:
    """Cut the connection. ASGI has no word for it: uvicorn's `send` belongs to an object that knows the transport."""
    transport: Any = getattr(getattr(raw, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the connection was cut")
    transport.abort()
    # Until uvicorn has noticed: otherwise it would complain that no answer was sent.
    async with asyncio.timeout(5):
        while (await receive())["type"] != "http.disconnect":
            pass
