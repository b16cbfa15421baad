"""Socket Mode (facts/slack.md 1.7): tickets, at most ten connections, each envelope to one of them."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace.links.link import FAILED, TIMEOUT, Answer, Parcel
from bot.workspace.misbehaving import cut_transport
from bot.workspace.parsing import parse_json
from bot.workspace.state.naming import Names

MOST = 10
TICKET_LIFE = 30.0
_HOST = "applink-local"
_log = structlog.get_logger(__name__)


class SocketLink:
    """Socket Mode for one app. `on_change` is called when the first connection comes or the last one goes."""

    def __init__(self, *, app_id: str, names: Names, ack_within: float, on_change: Callable[[], None]) -> None:
        self._app_id, self._names = app_id, names
        self._ack_within, self._on_change = ack_within, on_change
        self._tickets: dict[str, float] = {}
        self._lines: list[WebSocket] = []
        self._leaving: set[WebSocket] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0
        self.hello_after = 0.0
        """Seconds that an accepted connection waits for its `hello`, and for any delivery."""

    @property
    def connected(self) -> bool:
        """Whether a connection is open that has not been told to go."""
        return bool(self._usable())

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._lines)

    async def start(self) -> None:
        """Nothing to prepare: the app comes to us."""

    def ticket(self) -> str:
        """A ticket for one connection, within half a minute."""
        ticket = self._names.secret()
        self._tickets[ticket] = asyncio.get_running_loop().time() + TICKET_LIFE
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """One connection from its ticket to its end. A ticket that is used, old or unknown is refused with HTTP 403."""
        until = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if until < asyncio.get_running_loop().time() or socket.query_params.get("app_id") != self._app_id:
            await socket.close()
            return
        await socket.accept()
        if len(self._lines) >= MOST:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return
        if self.hello_after:
            await asyncio.sleep(self.hello_after)
        self._lines.append(socket)
        self._on_change()
        try:
            await socket.send_json(self._hello())
            await self._listen(socket)
        except WebSocketDisconnect:
            pass
        finally:
            self._drop(socket)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "connection_info": {"app_id": self._app_id},
            "num_connections": len(self._lines),
            "debug_info": {
                "host": _HOST,
                "started": "2026-11-22 12:12:12.120",
                "build_number": 54,
                "approximate_connection_time": 3600,
            },
        }

    async def _listen(self, socket: WebSocket) -> None:
        while True:
            try:
                frame = parse_json(await socket.receive_text())
            except (ValueError, KeyError):
                _log.warning("workspace_frame_unreadable")
                continue
            waiting = self._waiting.get(str(frame.get("envelope_id"))) if isinstance(frame, dict) else None
            if waiting is not None and not waiting.done():
                waiting.set_result(frame.get("payload"))

    def _drop(self, socket: WebSocket) -> None:
        self._leaving.discard(socket)
        if socket in self._lines:
            self._lines.remove(socket)
            self._on_change()

    def _usable(self) -> list[WebSocket]:
        return [one for one in self._lines if one not in self._leaving]

    async def deliver(self, parcel: Parcel) -> Answer:
        """Send an envelope over one connection, in turn, and wait for its acknowledgement over any."""
        envelope_id = self._names.uuid()
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "payload": parcel.payload,
            "type": parcel.kind,
            "accepts_response_payload": parcel.accepts,
        }
        if parcel.kind == "events_api":
            envelope.update(retry_attempt=parcel.attempt, retry_reason=parcel.reason)
        acknowledged: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        try:
            async with asyncio.timeout(self._ack_within):
                if not await self._send(envelope):
                    return Answer(error=FAILED, reason="connection_failed")
                body = await acknowledged
                return Answer(body=body if parcel.accepts else None)
        except TimeoutError:
            return Answer(error=TIMEOUT, reason="timeout")
        finally:
            del self._waiting[envelope_id]

    async def _send(self, envelope: dict[str, Any]) -> bool:
        while usable := self._usable():
            self._turn += 1
            socket = usable[self._turn % len(usable)]
            try:
                await socket.send_json(envelope)
            except (WebSocketDisconnect, RuntimeError):
                self._drop(socket)
            else:
                return True
        return False

    async def disconnect(self, reason: str) -> None:
        """Send every connection a `disconnect` frame: `warning`, `refresh_requested` or `link_disabled`.

        After the last two a connection gets no more envelopes; the app is expected to come back with a new ticket.
        """
        for socket in self._usable():
            if reason != "warning":
                self._leaving.add(socket)
            try:
                await socket.send_json(_disconnect(reason))
            except (WebSocketDisconnect, RuntimeError):
                self._drop(socket)
        self._on_change()

    async def drop(self, *, warned: float | None = None) -> None:
        """Let every connection go: `warned` seconds after a warning, or at once and without a word."""
        if warned is not None:
            await self.disconnect("warning")
            await asyncio.sleep(warned)
        for socket in list(self._lines):
            self._drop(socket)
            if not cut_transport(socket.scope):
                raise ConnectionResetError("the connection cannot be cut")

    async def aclose(self) -> None:
        """Close every connection."""
        for socket in list(self._lines):
            self._drop(socket)
            try:
                await socket.close(1001)
            except (WebSocketDisconnect, RuntimeError):
                _log.debug("workspace_line_gone")


def _disconnect(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}
