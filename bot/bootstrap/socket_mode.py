"""Socket Mode: slack_sdk's client with its three known gaps closed (facts/slack.md, 4.8)."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap.proxies import proxy_for
from bot.web.dispatch import Dispatch

WATCH_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 15.0


class _Client(SocketModeClient):
    """Chooses the proxy by the socket's own address, where slack_sdk takes one for every address."""

    async def issue_new_wss_url(self) -> str:
        """A fresh one-time address."""
        url = await super().issue_new_wss_url()
        self.proxy = proxy_for(url)
        return url


class SocketMode:
    """The connection. Build it inside the running loop; use it as `async with connection.open()`."""

    def __init__(self, *, client: AsyncWebClient, app_token: str, dispatch: Dispatch, ping: float = 5.0) -> None:
        self._dispatch = dispatch
        self._client = _Client(
            app_token=app_token,
            web_client=client,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            ping_interval=ping,
        )
        self._client.socket_mode_request_listeners.append(self._handle)
        self._log = structlog.get_logger("socket_mode")
        self._under_way: set[asyncio.Task[object]] = set()

    async def connected(self) -> bool:
        """Whether deliveries can come in at this moment."""
        return bool(await self._client.is_connected())

    @contextlib.asynccontextmanager
    async def open(self, *, watch: float = WATCH_SECONDS) -> AsyncIterator[None]:
        """Connect, stay connected while the context is open, then take no more and finish what was begun.

        Raises TimeoutError when no connection could be made within 15 s.
        """
        watching = asyncio.create_task(self._watch(watch), name="socket mode watch")
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._client.connect()  # type: ignore[no-untyped-call]  # slack_sdk's own signature
            self._log.info("socket_connected")
            yield
        finally:
            watching.cancel()
            # Acks of what was begun go out on this socket, so they come first.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(3.0):
                    await asyncio.gather(*self._under_way, return_exceptions=True)
            await self._client.close()  # type: ignore[no-untyped-call]  # as above
            await asyncio.gather(watching, return_exceptions=True)

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        repeated = {"x-slack-retry-num": request.retry_attempt, "x-slack-retry-reason": request.retry_reason}
        headers = {name: str(value) for name, value in repeated.items() if value is not None}
        answer = await self._dispatch(body=request.payload, headers=headers, transport="socket")
        response = BoltResponse(status=answer.status, body=answer.body, headers=dict(answer.headers))
        await send_async_response(client, request, response, 0.0)

    async def _watch(self, every: float) -> None:
        """After a failed connect slack_sdk tries its used-up one-time address for ever: make it ask for a new one."""
        lost = False
        while True:
            await asyncio.sleep(every)
            connected = await self.connected()
            if not connected:
                self._client.wss_uri = None
            if connected == lost:
                lost = not connected
                self._log.warning("socket_lost" if lost else "socket_back")
