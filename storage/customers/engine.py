"""Where the directory lives: a file of its own beside SQLite's, a schema of its own in PostgreSQL's database.

A filling writes for minutes, and SQLite has one writer to a file: nobody who presses a button shall wait for it.
"""

from pathlib import Path
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import Format
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engines import database_url
from storage.sqlite_driver import Driver

READERS: Final = 4
_POOL_WAIT: Final = 2.0
_PRAGMAS: Final = (
    "page_size = 8192",
    "journal_mode = WAL",
    # A power cut may take the last commits, as a whole: they are read from the service again.
    "synchronous = NORMAL",
    "busy_timeout = 5000",
    "cache_size = -16000",
    # Not mapped: a file of 600 MB would count as this process's memory; the system caches it all the same.
    "mmap_size = 0",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)
_OWN_SCHEMA: Final = "SELECT set_config('search_path', quote_ident(current_schema() || '_customers'), false)"
# Everything is looked up by its key; fresh tables without statistics would tempt the planner to read them whole.
_PG_OPTIONS: Final = (
    "-c timezone=UTC -c statement_timeout=60s -c lock_timeout=10s -c synchronous_commit=off "
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
)
_PG_NETWORK: Final = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class _BinaryCursor(AsyncCursor[Any]):
    """Bitmaps come as they are, not as twice as many hexadecimal digits."""

    def __init__(self, connection: AsyncConnection[Any], **options: Any) -> None:
        super().__init__(connection, **options)
        self.format = Format.BINARY


def directory_file(url: str) -> Path | None:
    """The directory's file beside SQLite's; None on PostgreSQL."""
    parsed = database_url(url)
    if parsed.drivername != "sqlite":
        return None
    file = Path(parsed.database or "")
    return file.with_name(f"{file.stem}-customers{file.suffix}")


def make_engine(url: str) -> AsyncEngine:
    """An engine with nothing opened yet."""
    parsed = database_url(url)
    if (file := directory_file(url)) is not None:
        return _sqlite(parsed.set(drivername="sqlite+aiosqlite", database=str(file)))
    engine = create_async_engine(
        parsed.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=READERS,
        max_overflow=0,
        pool_timeout=_POOL_WAIT,
        pool_recycle=1800,
        connect_args={
            "options": _PG_OPTIONS,
            "application_name": "upgrade-desk",
            "cursor_factory": _BinaryCursor,
            **_PG_NETWORK,
        },
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(_OWN_SCHEMA)
        cursor.close()
        connection.commit()

    return engine


def _sqlite(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=READERS,
        max_overflow=0,
        pool_timeout=_POOL_WAIT,
        connect_args={"cached_statements": 256},
        module=Driver(),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.connection.dbapi_connection.put_off("BEGIN")

    return engine
