"""Computing a segment in a process of its own, so that reading the next pages goes on beside it.

A child that only knows this module and what it computes with (no database, no secrets, 20 MB). It reads a batch of
customers from its standard input, answers on its standard output, and ends where its input does: when we end.
"""

import asyncio
import contextlib
import json
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import structlog

from storage.customers.batch import Batch, Built, Row, Segment, build

_WORTH: Final = 2_000
"""Fewer customers are computed here sooner than a child starts."""

_SECONDS: Final = 60.0
_LENGTH: Final = struct.Struct("<Q")


class Builder:
    """Starts a child when it is first worth it. Close it. One batch at a time."""

    def __init__(self) -> None:
        self._child: asyncio.subprocess.Process | None = None

    async def segment(self, batch: Batch) -> Segment:
        """What to write of a batch; in a thread of ours where there is no child to be had."""
        rows = batch.rows()
        if len(rows) >= _WORTH:
            try:
                async with asyncio.timeout(_SECONDS):
                    return batch.with_(await self._asked(rows))
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                structlog.get_logger(__name__).warning("directory_builder_failed", error=type(error).__name__)
                await self.close()
        return await asyncio.to_thread(batch.segment)

    async def close(self) -> None:
        """End the child, whatever it does."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def _asked(self, rows: list[Row]) -> Built:
        child = self._child or await self._started()
        if child.stdin is None or child.stdout is None:
            raise EOFError
        sent = json.dumps(rows).encode()
        child.stdin.write(_LENGTH.pack(len(sent)) + sent)
        await child.stdin.drain()
        parts = []
        for _ in range(4):
            length = _LENGTH.unpack(await child.stdout.readexactly(_LENGTH.size))[0]
            parts.append(await child.stdout.readexactly(length))
        order, grams, docs, words = parts
        found = json.loads(order)
        if len(found) != len(rows):
            raise EOFError
        return Built(order=found, grams=grams.decode(), docs=docs, words=words.decode())

    async def _started(self) -> asyncio.subprocess.Process:
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-c", "from storage.customers.building import serve; serve()"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Neither the keys and passwords of ours, nor the terminal's Ctrl-C.
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.defpath},
            start_new_session=True,
            limit=1 << 22,
        )
        return self._child


def serve() -> None:
    """The child: batches in, what was computed out, until the input ends."""
    taken, given = sys.stdin.buffer, sys.stdout.buffer
    while (rows := _read(taken)) is not None:
        built = build(rows)
        for part in (json.dumps(built.order).encode(), built.grams.encode(), built.docs, built.words.encode()):
            given.write(_LENGTH.pack(len(part)))
            given.write(part)
        given.flush()


def _read(taken: BinaryIO) -> Sequence[Row] | None:
    head = taken.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    rows: list[Row] = json.loads(taken.read(_LENGTH.unpack(head)[0]))
    return rows
