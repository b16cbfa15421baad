"""What the repositories of one transaction share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import Ids
from storage.settled import settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One open transaction: its connection, its instant, and what comes in from outside."""

    connection: AsyncConnection
    now: datetime
    writes: bool
    postgres: bool
    ids: Ids
    audit_key: bytes

    async def execute(
        self, statement: Executable, parameters: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement; on SQLite to its end, whatever happens to the task meanwhile (see `storage.settled`).

        RuntimeError for one that writes where only reading is meant: PostgreSQL would do it without a transaction.
        """
        if statement.is_dml and not self.writes:
            raise RuntimeError("read-only: nothing can be written here")
        running = self.connection.execute(statement, parameters)
        return await (running if self.postgres else settled(running))

    def insert(self, table: Table) -> Any:
        """An INSERT with the engine's ON CONFLICT, which both spell alike but SQLAlchemy types apart."""
        return postgresql.insert(table) if self.postgres else sqlite.insert(table)
