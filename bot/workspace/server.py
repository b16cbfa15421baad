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
        """Bind, load, and be ready for requests. Raises OSError, or what the start of the app raised."""
        # The protocol is named because asyncio switches Nagle's delay (40 ms an answer) off only where it reads TCP here.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((HOST, self._wanted))
        except OSError:
            self._socket.close()
            raise
        self.port = self._socket.getsockname()[1]
        self.workspace.address = self.address
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="on",
            ws="websockets-sansio",
            ws_max_size=1_000_000,
            timeout_graceful_shutdown=_LONGEST_STOP,
            server_header=False,
        )
        self._server = _Server(config)
        self._serving = asyncio.get_running_loop().create_task(self._server.serve(sockets=[self._socket]))
        async with asyncio.timeout(_LONGEST_START):
            while not self._server.started:
                if self._serving.done():
                    self._serving.result()
                    raise RuntimeError("the workspace did not start")
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Let go of streams and sockets, write everything down, stop listening. May be called twice."""
        if self._server is None or self._serving is None:
            return
        self.workspace.hang_up()
        await self.workspace.link.aclose()
        self._server.should_exit = True
        await self._serving
        self._server = None
        if self._socket is not None:
            self._socket.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()
