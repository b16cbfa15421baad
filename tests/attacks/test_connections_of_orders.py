"""Connections that break at each moment of an order: what may have arrived is never called not sent, nor sent again."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import pytest

from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.eligibility.client import Declined, EligibilityClient, NotNow, OrderAnswer, Unclear
from tests.support.counting_ids import CountingIds
from tests.support.service import E3, QUICK

TARGET: Final = load_default().offers[E3].offer_id
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Ending = Callable[[asyncio.Transport], None]


def _reset(transport: asyncio.Transport) -> None:
    """RST instead of FIN."""
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _says(answer: bytes) -> Ending:
    def say(transport: asyncio.Transport) -> None:
        transport.write(answer)
        transport.close()

    return say


class _Listener(asyncio.Protocol):
    """Reads one request, keeps its body, then ends the connection in its way."""

    def __init__(self, ending: Ending, arrived: list[bytes]) -> None:
        self._ending, self._arrived, self._read = ending, arrived, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        if len(body) == int(length.split(b":")[1]):
            self._arrived.append(body)
            self._ending(self._transport)


@asynccontextmanager
async def _listening(ending: Ending) -> AsyncIterator[tuple[str, list[bytes]]]:
    arrived: list[bytes] = []
    server = await asyncio.get_running_loop().create_server(lambda: _Listener(ending, arrived), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", arrived


async def _order(url: str, *, clock: ShiftedClock, ids: CountingIds, pooled: bool = False) -> OrderAnswer:
    async def token() -> str:
        return "token"

    connector = aiohttp.TCPConnector(force_close=not pooled)
    async with aiohttp.ClientSession(trust_env=False, connector=connector) as session:
        client = EligibilityClient(
            session=session,
            base_url=url,
            token_source=token,
            catalogue=load_default(),
            clock=clock,
            ids=ids,
            limits=QUICK,
        )
        return await client.upgrade(
            "c1",
            "s1",
            TARGET,
            24,
            request_id=ids.uuid(),
            correlation_id=ids.uuid(),
            timeout=1.0,
            entry={"targetOffer": {"id": TARGET}, "isEligible": True},
        )


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(_reset, id="reset without a byte"),
        pytest.param(_says(b""), id="closed without a byte"),
        pytest.param(_says(b"HTTP/1.1 2"), id="half a status line"),
        pytest.param(_says(b"SSH-2.0-OpenSSH_9.6\r\n"), id="no HTTP at all"),
        pytest.param(_says(HEAD + b"Content-Length: 400\r\n\r\n{"), id="half a body"),
        pytest.param(_says(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), id="broken chunks"),
        pytest.param(_says(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"), id="no gzip"),
        pytest.param(_says(b"HTTP/1.1 100 Continue\r\n\r\n"), id="continue and nothing"),
        pytest.param(_says(b"HTTP/1.1 307 Moved\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"), id="redirect"),
        pytest.param(lambda _transport: None, id="silence"),
    ],
)
@pytest.mark.parametrize("pooled", [False, True])
async def test_what_arrived_is_sent_once_and_its_outcome_is_unclear(
    ending: Ending,
    pooled: bool,  # noqa: FBT001 - pytest passes parameters by name
    clock: ShiftedClock,
    ids: CountingIds,
) -> None:
    async with _listening(ending) as (url, arrived):
        answer = await _order(url, clock=clock, ids=ids, pooled=pooled)
    assert isinstance(answer, Unclear)
    assert len(arrived) == 1


async def test_a_refusal_whose_body_was_cut_is_still_a_refusal(clock: ShiftedClock, ids: CountingIds) -> None:
    """The status line came whole."""
    ending = _says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 400\r\n\r\n{")
    async with _listening(ending) as (url, arrived):
        assert isinstance(await _order(url, clock=clock, ids=ids), Declined)
    assert len(arrived) == 1


async def test_nobody_who_listens_is_the_only_proof_that_nothing_left(clock: ShiftedClock, ids: CountingIds) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert isinstance(await _order(url, clock=clock, ids=ids), NotNow)
