"""Engines: one writer and a few readers on SQLite, one pool on PostgreSQL."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import SchemaMismatch
from storage.faults import spoils_connection
from storage.sqlite_driver import FULL, NORMAL, Driver

_POOL_WAIT: Final = 5.0
_BUSY_MS: Final = 5000
_BUSY_WRITER_MS: Final = 100  # short: a wait inside SQLite cannot be cancelled; `Database` asks again
_READERS: Final = 4
_PG_OPTIONS: Final = (
    "-c timezone=UTC -c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s"
)
_PG_NETWORK: Final = MappingProxyType(
    {
        "connect_timeout": 5,
        # A server that vanishes without a word is noticed after half a minute, not after hours. A socket on the same
        # machine has no use for these and ignores them.
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }
)


_SINGLE: Final = "upgrade_desk_single"
_PASSING: Final = "upgrade_desk_passing"


@dataclass(frozen=True, slots=True)
class Engines:
    """Where transactions come from. `single` begins none; `passing` commits what a power cut may take (0046)."""

    writer: AsyncEngine
    readers: AsyncEngine
    single: AsyncEngine
    passing: AsyncEngine
    postgres: bool

    async def dispose(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.readers.dispose()


def database_url(url: str) -> URL:
    """The URL with its driver left out, so that each use names its own. ValueError for what we do not run on."""
    parsed = make_url(url)
    name = parsed.get_backend_name()
    if name == "postgres":
        name = "postgresql"
    if name not in {"sqlite", "postgresql"}:
        raise ValueError(f"{name} is no engine for this; use sqlite:///file or postgresql://...")
    if name == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("the database needs a file: several connections share it")
    return parsed.set(drivername=name)


def make_engines(url: str, *, pool_size: int) -> Engines:
    """Engines for the event loop; nothing is connected yet. SchemaMismatch where SQLite's file is missing."""
    parsed = database_url(url)
    if parsed.drivername == "sqlite":
        if not Path(parsed.database or "").is_file():
            raise SchemaMismatch("there is no database yet: run `upgrade-desk migrate`")
        target = parsed.set(drivername="sqlite+aiosqlite")
        writer, readers = _sqlite(target, writes=True), _sqlite(target, writes=False)
        single = readers.execution_options(**{_SINGLE: True})
        passing = writer.execution_options(**{_PASSING: True})
        return Engines(writer, readers, single, passing, postgres=False)
    target = parsed.set(drivername="postgresql+psycopg")
    engine = create_async_engine(
        target,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_WAIT,
        pool_recycle=1800,
        connect_args={"options": _PG_OPTIONS, "application_name": "upgrade-desk", **_PG_NETWORK},
    )
    snapshots = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(engine, snapshots, engine.execution_options(isolation_level="AUTOCOMMIT"), engine, postgres=True)


def _sqlite(url: URL, *, writes: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=1 if writes else _READERS,
        max_overflow=0,
        pool_timeout=_POOL_WAIT,
        connect_args={"cached_statements": 256},
        module=Driver(),
    )
    _prepare(engine.sync_engine, busy_ms=_BUSY_WRITER_MS if writes else _BUSY_MS, query_only=not writes)
    event.listen(engine.sync_engine, "begin", _write_begins if writes else _read_begins)
    event.listen(engine.sync_engine, "handle_error", _replace_spoilt)
    return engine


def _replace_spoilt(context: Any) -> None:
    """A connection that cannot write because its file could not be written to is replaced by the next who asks."""
    if spoils_connection(context.original_exception):
        context.is_disconnect = True


def _write_begins(connection: Any) -> None:
    passing = connection.get_execution_options().get(_PASSING, False)
    connection.connection.dbapi_connection.keep_with(NORMAL if passing else FULL)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _read_begins(connection: Any) -> None:
    # SQLite takes the snapshot with the first statement anyway.
    if not connection.get_execution_options().get(_SINGLE, False):
        connection.connection.dbapi_connection.put_off("BEGIN")


def begin_to_write(engine: Any) -> None:
    """Set a (sync) SQLite engine of one's own up: pragmas, and BEGIN IMMEDIATE instead of the driver's BEGIN."""

    def begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    _prepare(engine, busy_ms=_BUSY_MS, query_only=False)
    event.listen(engine, "begin", begun)


def _prepare(engine: Any, *, busy_ms: int, query_only: bool) -> None:
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _pragmas(busy_ms=busy_ms, query_only=query_only):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", connected)


def _pragmas(*, busy_ms: int, query_only: bool) -> list[str]:
    # FULL: a committed claim must survive a power cut, or it could be sent again.
    # recursive_triggers: without it REPLACE deletes behind the append-only trigger's back.
    common = [
        f"busy_timeout = {busy_ms}",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "synchronous = FULL",
        "trusted_schema = OFF",
        "cache_size = -4000",
        "temp_store = MEMORY",
    ]
    return [*common, "query_only = ON"] if query_only else ["journal_mode = WAL", *common]
