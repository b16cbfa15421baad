from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.book.book import Book
from tests.support.books import empty_database


@pytest.fixture(params=["sqlite", "postgres"])
def book_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own; each test runs on both engines."""
    yield from empty_database(request, tmp_path)


@pytest.fixture
async def book(book_url: str) -> AsyncIterator[Book]:
    """An open, empty book."""
    async with Book.at(book_url) as opened:
        yield opened
