"""One transaction of the directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import Ids
from storage.settled import settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Its connection, its instant, its engine."""

    connection: AsyncConnection
    now: datetime
    postgres: bool
    ids: Ids

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement; on SQLite to its end, whatever happens to the task meanwhile."""
        running = self.connection.execute(statement, parameters)
        return await (running if self.postgres else settled(running))

    async def rows(self, statement: Executable, parameters: Any = None) -> Sequence[Any]:
        """All rows of a statement."""
        return (await self.execute(statement, parameters)).all()
