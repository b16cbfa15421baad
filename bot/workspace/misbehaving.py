"""Carries out an armed fault (see `faults`) on the way back: the answer is spoilt, late, or does not come."""

import asyncio
from typing import Any, Final

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.workspace.faults import Fault, FaultKind

SERVERS_SEND: Final = "upgrade_desk.workspace_send"
"""Where the scope keeps the server's own `send`, by which the connection is found."""

_PAGE: Final = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_PATIENCE: Final = 5.0


class Spoilt(Response):
    """An answer that does not come as it should. `real` is the true one, None where the call was not carried out."""

    def __init__(self, fault: Fault, real: Response | None) -> None:
        super().__init__()
        self._fault, self._real = fault, real

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer wrongly."""
        fault = self._fault
        canned = _canned(fault)
        if canned is not None:
            await canned(scope, receive, send)
        elif fault.kind is FaultKind.SLOW and self._real is not None:
            await asyncio.sleep(fault.seconds)
            await self._real(scope, receive, send)
        elif fault.kind is FaultKind.HALF_BODY and self._real is not None:
            body = bytes(self._real.body)
            await send({"type": "http.response.start", "status": 200, "headers": self._real.raw_headers})
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await _cut(scope, receive)
        else:
            if fault.kind is FaultKind.HANG:
                await _silence(receive, fault.seconds)
            await _cut(scope, receive)


def _canned(fault: Fault) -> Response | None:
    if fault.kind is FaultKind.RATELIMITED:
        headers = {"Retry-After": str(max(0, round(fault.seconds)))}
        return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)
    if fault.kind in (FaultKind.FATAL, FaultKind.REFUSED):
        return JSONResponse({"ok": False, "error": fault.error or "fatal_error"})
    return {
        FaultKind.HTML: HTMLResponse(_PAGE.format("503 Service Unavailable"), status_code=503),
        FaultKind.HTML_OK: HTMLResponse(_PAGE.format("Sign in")),
        FaultKind.EMPTY: Response(status_code=500),
    }.get(fault.kind)


async def _silence(receive: Receive, seconds: float) -> None:
    """Say nothing; whoever hangs up earlier is not waited for."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


async def _cut(scope: Scope, receive: Receive) -> None:
    """Cut the connection. ASGI has no word for it: uvicorn's `send` belongs to an object that knows the transport."""
    if not cut_transport(scope):
        raise ConnectionResetError("the connection was cut")
    # Until uvicorn has noticed: otherwise it would complain that no answer was sent.
    async with asyncio.timeout(_PATIENCE):
        while (await receive())["type"] != "http.disconnect":
            pass


def cut_transport(scope: Scope) -> bool:
    """Cut what a request or a socket came by, without a word. False: the server does not show it."""
    transport: Any = getattr(getattr(scope.get(SERVERS_SEND), "__self__", None), "transport", None)
    if transport is None:
        return False
    transport.abort()
    return True
