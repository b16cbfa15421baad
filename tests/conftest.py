"""Fixtures for every test: time and ids that are counted, and a database of one's own on either engine, fast."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from storage import migrate
from storage.database import Database
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY, PostgresTemplate, copied_sqlite, started_postgres


@pytest.fixture
def clock() -> ShiftedClock:
    """A clock to move forward."""
    return ShiftedClock()


@pytest.fixture
def ids() -> CountingIds:
    """Ids that count."""
    return CountingIds()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this worker's own, as a URL of its empty database."""
    with started_postgres(tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> PostgresTemplate:
    """A migrated database to copy from."""
    return PostgresTemplate.migrated(postgres_url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own; each test runs on both engines."""
    if request.param == "sqlite":
        yield copied_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    template: PostgresTemplate = request.getfixturevalue("postgres_template")
    with template.copied() as url:
        yield url


@pytest.fixture
async def database(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[Database]:
    """The bot's database, open."""
    opened = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database of this test's own, for what need not run on both."""
    return copied_sqlite(sqlite_template, tmp_path)
