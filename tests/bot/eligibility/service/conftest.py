from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from storage.book.book import Book
from tests.support.books import Served, empty_database, served


@pytest.fixture(params=["sqlite", "postgres"])
def book_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own; each test runs on both engines."""
    yield from empty_database(request, tmp_path)


@pytest.fixture
async def book(book_url: str) -> AsyncIterator[Book]:
    """An open, empty book."""
    async with Book.at(book_url) as opened:
        yield opened


@pytest.fixture
async def service(book: Book, clock: ShiftedClock) -> AsyncIterator[Served]:
    """The service over the (still empty) book."""
    async with served(book, clock=clock) as running:
        yield running
