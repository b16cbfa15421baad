"""SQLite's driver, with one change of thread for each statement (docs/decisions/0046).

aiosqlite works in a thread per connection, and SQLAlchemy's cursor over it changes threads for each of its steps: make
the cursor, execute, fetch, close. Here a statement is run, fetched and closed in one go, what a transaction begins with
goes along with its first statement, and a rollback of nothing stays at home.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import await_only

T = TypeVar("T")

FULL: Final = "FULL"
"""The level of `PRAGMA synchronous` at which a commit survives a power cut."""

NORMAL: Final = "NORMAL"
"""The level at which the last commits may be missing after a power cut; none in the middle, and nothing is torn."""


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection as SQLAlchemy's pool holds it. What it is told to `put_off` runs before the next statement."""

    __slots__ = ("_before", "_level", "_unsure")

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._before: list[str] = []
        self._level = ""
        self._unsure = False

    def cursor(self, server_side: bool = False) -> Any:  # noqa: FBT001, FBT002 - SQLAlchemy's own signature
        """A cursor that runs statements in one go."""
        if server_side:
            raise NotImplementedError("rows are fetched as a whole")
        return Cursor(self)

    def put_off(self, statement: str) -> None:
        """Run this together with the next statement; not at all if none comes."""
        self._before.append(statement)

    def keep_with(self, level: str) -> None:
        """Have the next transaction committed at this level of `PRAGMA synchronous`. Outside of a transaction only."""
        if self._level != level:
            self._level = level
            self.put_off(f"PRAGMA synchronous = {level}")

    def at_once(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do this in the connection's thread, after what was put off."""
        before, self._before = self._before, []
        own: Any = self._connection

        def whole() -> T:
            raw: sqlite3.Connection = own._conn  # noqa: SLF001 - aiosqlite has no other way to run several steps at once
            for statement in before:
                raw.execute(statement)
            return work(raw)

        self._unsure = True
        try:
            done: T = await_only(own._execute(whole))  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - raised again, as SQLAlchemy's adapter words it
            self._unsure = False
            self._level = "" if before else self._level
            self._handle_exception(error)
        except BaseException:
            # Cancelled: the thread may still be about to do it, so the next rollback has to stand in line.
            self._level = ""
            raise
        self._unsure = False
        return done

    def commit(self) -> None:
        """Commit what was begun."""
        self._forget()
        super().commit()

    def rollback(self) -> None:
        """Roll back what was begun, if anything was."""
        self._forget()
        own: Any = self._connection
        if self._unsure or (own._connection is not None and own.in_transaction):  # noqa: SLF001 - as the base asks
            super().rollback()
            self._unsure = False

    def _forget(self) -> None:
        """What was put off and never run is not done, and the level that it would have set is not known."""
        if self._before:
            self._before.clear()
            self._level = ""


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """The outcome of one statement: there is no cursor open behind it."""

    __slots__ = ("_adapted", "_described", "_last", "_touched", "arraysize")

    def __init__(self, adapt_connection: Connection) -> None:
        self._adapted = adapt_connection
        self._rows: deque[Any] = deque()
        self._described: Any = None
        self._touched, self._last = -1, 0
        self.arraysize = 1

    @property
    def description(self) -> Any:
        """The columns; None where the statement returns none."""
        return self._described

    @property
    def rowcount(self) -> int:
        """How many rows were written; -1 where that does not apply."""
        return self._touched

    @property
    def lastrowid(self) -> int:
        """The last row written."""
        return self._last

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Run, fetch and close."""
        self._run(lambda raw: raw.execute(operation, () if parameters is None else parameters))
        return self

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        """Run for each of these, and close."""
        self._run(lambda raw: raw.executemany(operation, seq_of_parameters))
        return self

    def close(self) -> None:
        """Forget the rows."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Nothing is open."""

    def _run(self, execute: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def whole(raw: sqlite3.Connection) -> tuple[list[Any], Any, int, int]:
            cursor = execute(raw)
            try:
                rows = cursor.fetchall() if cursor.description else []
                return rows, cursor.description, cursor.rowcount, cursor.lastrowid or 0
            finally:
                cursor.close()

        rows, self._described, self._touched, self._last = self._adapted.at_once(whole)
        self._rows = deque(rows)


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine` takes as `module`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arguments: Any, **options: Any) -> Connection:
        """Open a connection and its thread."""
        opened = super().connect(*arguments, **options)
        return Connection(self, opened._connection)  # noqa: SLF001 - the adapter is what is replaced
