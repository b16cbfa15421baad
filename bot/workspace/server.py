"""A workspace that listens: on 127.0.0.1, inside the running loop, without taking the process's signals."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from bot.workspace.core import Workspace

HOST = "127.0.0.1"
_LONGEST_START = 10.0
_LONGEST_STOP = 5


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class WorkspaceServer:
    """Serves an app made by `create_workspace`. `async with WorkspaceServer(app, port=0) as server: server.address`.

    `port` 0: one that the system chooses. A taken port is OSError (EADDRINUSE) from `start`.
    """

    def __init__(self, app: Starlette, *, port: int = 0) -> None:
        self._app, self._wanted = app, port
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://{HOST}:{self.port}"

    @property
    def workspace(self) -> Workspace:
        """The workspace behind it, for what only the process may do: sending `disconnect`, stopping."""
        workspace: Workspace = self._app.state.workspace
        return workspace

    async def start(self) -> None:
        """Bind, load, and be ready for requests. Raises OSError for the port, and whatever the store raises."""
        # Named, because asyncio switches Nagle's delay (40 ms an answer) off only where it reads TCP here.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, self._wanted))
            self.port = listener.getsockname()[1]
            self.workspace.address = self.address
            await self.workspace.start()
            await self._serve(listener)
        except BaseException:
            listener.close()
            await self.workspace.stop()
            raise
        self._socket = listener

    async def _serve(self, listener: socket.socket) -> None:
        # uvicorn ends the process when a lifespan fails, so the workspace is started and stopped here instead.
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            ws_max_size=1_000_000,
            timeout_graceful_shutdown=_LONGEST_STOP,
            server_header=False,
        )
        self._server = _Server(config)
        self._serving = asyncio.get_running_loop().create_task(self._server.serve(sockets=[listener]))
        async with asyncio.timeout(_LONGEST_START):
            while not self._server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Let go of streams and sockets, stop listening, write everything down. May be called twice."""
        server, serving, listener = self._server, self._serving, self._socket
        if server is None or serving is None or listener is None:
            return
        self._server = None
        self.workspace.hang_up()
        await self.workspace.link.aclose()
        server.should_exit = True
        try:
            await serving
        finally:
            listener.close()
            await self.workspace.stop()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()
