"""Books for tests: an empty database on either engine, and the service over a book of the test's own."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.eligibility.importing import ImportReport, import_book
from bot.eligibility.service.app import create_service
from bot.eligibility.service.faults import Faults
from bot.web.server import bind, serving
from storage.book.book import Book
from tests.support.engines import PostgresTemplate

TOKEN: Final = "a token for tests"
CATALOGUE: Final = load_default()


def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of the engine that `request.param` names."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'book.db'}"
        return
    server = PostgresTemplate(request.getfixturevalue("postgres_url"), "template0")
    with server.copied() as url:
        yield url


def write_book(folder: Path, customers: Sequence[Mapping[str, Any]], *, name: str = "book.json") -> Path:
    """A book file of these customers."""
    file = folder / name
    file.write_text(json.dumps({"customers": customers}, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


async def load(book: Book, file: Path, *, clock: ShiftedClock) -> ImportReport:
    """Import a file with the default catalogue."""
    return await import_book(file=file, book=book, catalogue=CATALOGUE, clock=clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the service."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """The body as JSON."""
        return json.loads(self.raw)

    @property
    def items(self) -> list[Any]:
        """The items of a collection."""
        found: list[Any] = self.body["items"]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A service that listens."""

    url: str
    book: Book
    faults: Faults
    clock: ShiftedClock
    session: aiohttp.ClientSession

    async def call(
        self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None, **query: str
    ) -> Answer:
        """One request, with the token; bytes go out as they are."""
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        own = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **(headers or {})}
        async with self.session.request(
            method, self.url + path, data=raw, params=query, headers=own, timeout=aiohttp.ClientTimeout(total=20)
        ) as got:
            return Answer(status=got.status, headers=got.headers, raw=await got.read())

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None, **query: str) -> Answer:
        """A read."""
        return await self.call("GET", path, headers=headers, **query)


@asynccontextmanager
async def served(book: Book, *, clock: ShiftedClock) -> AsyncIterator[Served]:
    """The service over a book, on a free port."""
    faults = Faults()
    app = create_service(book=book, catalogue=CATALOGUE, token=TOKEN, clock=clock, ids=RandomIds(), faults=faults)
    on = bind(host="127.0.0.1", port=0)
    connector = aiohttp.TCPConnector(limit=0)
    async with serving(app, on=on, drain=1), aiohttp.ClientSession(trust_env=False, connector=connector) as session:
        url = f"http://127.0.0.1:{on.getsockname()[1]}"
        yield Served(url=url, book=book, faults=faults, clock=clock, session=session)
