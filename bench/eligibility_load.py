"""Load over loopback: keep-alive connections of one process, raw, so that the caller is not what is measured."""

import asyncio
import itertools
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is asked: paths in turn, or one path with filters in turn."""

    port: int
    token: str
    paths: list[str]
    filters: list[str] = field(default_factory=list)
    size: int = 100

    def requests(self) -> list[bytes]:
        """The requests' bytes."""
        if self.filters:
            paths = [f"{self.paths[0]}?{urlencode({'size': self.size, 'filter': each})}" for each in self.filters]
        else:
            paths = self.paths
        head = f"Host: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\nAccept: application/json\r\n"
        # As the bot's client does, and Partner Center wants it.
        ids = [f"MS-RequestId: {uuid.uuid4()}\r\nMS-CorrelationId: {uuid.uuid4()}\r\n\r\n" for _ in paths]
        return [f"GET {path} HTTP/1.1\r\n{head}{each}".encode() for path, each in zip(paths, ids, strict=True)]


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came of it."""

    spans: list[float]
    seconds: float
    bytes_each: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.spans) / self.seconds


async def load(target: Target, *, connections: int, seconds: float) -> Load:
    """Ask for so long. RuntimeError for any answer but 200."""
    spans: list[float] = []
    sizes: list[int] = []
    following = itertools.cycle(target.requests())
    begun = time.perf_counter()
    until = begun + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        while (start := time.perf_counter()) < until:
            writer.write(next(following))
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            spans.append(time.perf_counter() - start)
            sizes.append(length)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(spans=spans, seconds=time.perf_counter() - begun, bytes_each=sum(sizes) // len(sizes))
