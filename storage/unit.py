"""What the repositories of one transaction share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import Ids
from storage.settled import settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One open transaction: its connection, its instant, and what comes in from outside.

    `shift` is how far the clock is ahead of the database's (`bot.domain.clock.Clock`).
    """

    connection: AsyncConnection
    now: datetime
    writes: bool
    postgres: bool
    ids: Ids
    audit_key: bytes
    shift: timedelta = timedelta(0)

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement; on SQLite to its end, whatever happens to the task meanwhile (see `storage.settled`).

        RuntimeError for one that writes where only reading is meant: PostgreSQL would do it without a transaction.
        """
        if statement.is_dml and not self.writes:
            raise RuntimeError("read-only: nothing can be written here")
        running = self.connection.execute(statement, parameters)
        return await (running if self.postgres else settled(running))

    def insert(self, table: Table) -> Any:
        """As `inserting`, for the engine of this transaction."""
        return inserting(table, postgres=self.postgres)


def inserting(table: Table, *, postgres: bool) -> Any:
    """An INSERT with the engine's ON CONFLICT, which both spell alike but SQLAlchemy types apart."""
    return postgresql.insert(table) if postgres else sqlite.insert(table)
