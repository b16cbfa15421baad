"""Serving an ASGI application on a socket that was bound before, without touching the process's signals."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import uvicorn

DRAIN_SECONDS: Final = 5


class PortTaken(Exception):
    """Nothing could be bound; the message is a sentence for whoever started it."""


def port_taken(*, host: str, port: int) -> PortTaken:
    """The error with its sentence."""
    return PortTaken(f"Port {port} on {host} is in use by another program. Stop that one, or choose another port.")


def bind(*, host: str, port: int) -> socket.socket:
    """A bound socket. Port 0 lets the system choose. Raises PortTaken with a sentence."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, proto)
    except OSError as error:
        raise PortTaken(f"There is no address {host} on this machine to listen on.") from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(512)
    except OSError as error:
        bound.close()
        if isinstance(error, PermissionError):
            raise PortTaken(f"Port {port} may not be used by this account; choose one above 1023.") from error
        raise port_taken(host=host, port=port) from error
    bound.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return bound


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the command line's business: one process may run several servers."""
        yield


@contextlib.asynccontextmanager
async def serving(app: Any, *, on: socket.socket, drain: int = DRAIN_SECONDS) -> AsyncIterator[None]:
    """Serve `app` on the bound socket while the context is open; leaving it stops the intake and drains requests."""
    server = _Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="websockets-sansio",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=drain,
            limit_concurrency=2000,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[on]), name=f"serve {on.getsockname()[1]}")
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has a flag and no event
            await asyncio.sleep(0.005)
        if task.done():
            await task
            raise RuntimeError("the server stopped while it started")
        yield
    finally:
        server.should_exit = True
        try:
            async with asyncio.timeout(drain + 2):
                await task
        except TimeoutError:
            server.force_exit = True
            task.cancel()
        on.close()
