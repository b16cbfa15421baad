"""Server-sent events to whoever watches as a member."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import contextmanager
from typing import Any

_FULL = 2000
_HEARTBEAT = 15.0


class Streams:
    """Open streams by member. A reader that falls 2,000 events behind is cut off; it reads again when it reconnects."""

    def __init__(self) -> None:
        self._open: dict[str, set[asyncio.Queue[str | None]]] = {}
        self._number = 0
        self._closed = False

    def publish(self, members: Iterable[str], event: str, data: Any) -> None:
        """Tell these members' readers."""
        for member in members:
            queues = self._open.get(member)
            if queues:
                line = self._line(event, data)
                for queue in list(queues):
                    self._offer(queue, line)

    def publish_all(self, event: str, data: Any) -> None:
        """Tell everybody's readers."""
        self.publish(list(self._open), event, data)

    def _line(self, event: str, data: Any) -> str:
        self._number += 1
        return f"id: {self._number}\nevent: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"

    @staticmethod
    def _offer(queue: asyncio.Queue[str | None], line: str | None) -> None:
        if line is None or queue.qsize() >= _FULL:
            while not queue.empty():
                queue.get_nowait()
            line = None
        queue.put_nowait(line)

    async def read(self, member: str, first: Any) -> AsyncIterator[str]:
        """The lines for one reader, `ready` first, until the workspace stops or the reader goes."""
        if self._closed:
            return
        with self._reader(member) as queue:
            yield self._line("ready", first)
            while True:
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        line = await queue.get()
                except TimeoutError:
                    line = ": still here\n\n"
                if line is None:
                    return
                yield line

    @contextmanager
    def _reader(self, member: str) -> Any:
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._open.setdefault(member, set()).add(queue)
        try:
            yield queue
        finally:
            self._open[member].discard(queue)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed = True
        for queues in self._open.values():
            for queue in queues:
                self._offer(queue, None)
