"""An app without a framework, so that tests see the wire itself: Web API calls and Socket Mode frame by frame."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.support.workspace_client import RunningWorkspace
from tests.support.workspace_person import wait_for

SILENT = object()
"""What `answer` returns to let an envelope go unacknowledged."""


class PlainApp:
    """`envelopes` is what came over all connections; `answer` gives the payload of each acknowledgement."""

    def __init__(self, desk: RunningWorkspace, *, bot_token: str, app_token: str) -> None:
        self._desk, self._bot_token, self._app_token = desk, bot_token, app_token
        self.envelopes: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Any] = lambda _envelope: None

    async def call(self, method: str, *, token: str | None = None, **arguments: Any) -> dict[str, Any]:
        """A Web API call by JSON; the whole answer, errors too."""
        return (await self.call_raw(method, token=token, **arguments))[1]

    async def call_raw(
        self,
        method: str,
        *,
        token: str | None = None,
        **arguments: Any,
    ) -> tuple[aiohttp.ClientResponse, dict[str, Any]]:
        """The same with the response, for its status and headers."""
        headers = {"Authorization": f"Bearer {token or self._bot_token}"}
        url = f"{self._desk.api_url}{method}"
        async with self._desk.web.post(url, json=arguments, headers=headers) as response:
            return response, await response.json()

    async def respond(self, url: str, **body: Any) -> tuple[int, str]:
        """Post to a response url: status and text."""
        async with self._desk.web.post(url, json=body) as response:
            return response.status, await response.text()

    async def ticket(self) -> str:
        """The address of a new connection."""
        url: str = (await self.call("apps.connections.open", token=self._app_token))["url"]
        return url

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """One connection, listening in the background."""
        async with self._desk.web.ws_connect(await self.ticket()) as socket:
            hello = await socket.receive_json()
            self.frames.append(hello)
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(self._listen(socket))
                yield socket
                await socket.close()
                listening.cancel()

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            frame = message.json()
            if "envelope_id" not in frame:
                self.frames.append(frame)
                continue
            self.envelopes.append(frame)
            payload = self.answer(frame)
            if payload is SILENT:
                continue
            ack = {"envelope_id": frame["envelope_id"]}
            await socket.send_json(ack if payload is None else {**ack, "payload": payload})

    async def wait_for_payload(self, kind: str) -> dict[str, Any]:
        """The newest payload of a type (`block_actions`, `event_callback`, … or `slash_commands`)."""

        async def look() -> dict[str, Any] | None:
            for envelope in reversed(self.envelopes):
                payload: dict[str, Any] = envelope["payload"]
                if kind in {envelope["type"], payload.get("type")}:
                    return payload
            return None

        found: dict[str, Any] = await wait_for(look, wanted=kind)
        return found
