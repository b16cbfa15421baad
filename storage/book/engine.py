"""The engine of the book's database: SQLite (WAL, BEGIN IMMEDIATE) or PostgreSQL through psycopg."""

import sqlite3
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

LOCK_SECONDS: Final = 10
"""How long a statement waits for another's lock, and a caller for a connection, before it gives up."""

IMMEDIATE: Final = "book_immediate"
"""Execution option: this transaction writes, so SQLite takes its lock at the beginning."""

NO_BEGIN: Final = "book_no_begin"
"""Execution option: one statement alone, which is a transaction of its own."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}",
    "PRAGMA wal_autocheckpoint = 16384",
    "PRAGMA cache_size = -65536",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA temp_store = MEMORY",
)


def book_url(url: str | URL) -> URL:
    """The URL with the async driver that we use. ValueError for an engine that we do not know."""
    made = make_url(url)
    backend = made.get_backend_name()
    if backend == "sqlite":
        return made.set(drivername="sqlite+aiosqlite")
    if backend == "postgresql":
        return made.set(drivername="postgresql+psycopg")
    raise ValueError(f"the book lives in SQLite or PostgreSQL, not in {backend}")


def create_book_engine(url: str | URL) -> AsyncEngine:
    """An engine that has opened nothing yet. A file of SQLite is made when it is first used; its folder must exist."""
    made = book_url(url)
    if made.get_backend_name() == "sqlite":
        return _sqlite(made)
    return create_async_engine(
        made,
        pool_size=8,
        max_overflow=8,
        pool_timeout=LOCK_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": LOCK_SECONDS,
            "options": f"-c lock_timeout={LOCK_SECONDS}s -c statement_timeout=60s -c timezone=UTC",
        },
    )


def _sqlite(url: URL) -> AsyncEngine:
    if url.database in {None, "", ":memory:"}:
        raise ValueError("the book needs a file: in memory, each connection would see a book of its own")
    engine = create_async_engine(url, pool_size=4, max_overflow=4, pool_timeout=LOCK_SECONDS)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        del record
        raw: sqlite3.Connection = connection
        # The driver shall begin nothing by itself: the listener below says which kind of transaction it is.
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(NO_BEGIN, False):
            return
        immediate = options.get(IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
