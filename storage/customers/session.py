"""One transaction of the directory, and the statements that the engines word differently."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, CursorResult, Executable, any_, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import BigInteger, Text

from bot.domain.ids import Ids
from storage.customers import loading
from storage.settled import settled

_AT_ONCE: Final = 8192


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

    async def driven(self, sql: str, parameters: Any) -> CursorResult[Any]:
        """Run a text in the driver's own words; a list of tuples: for each."""
        running = self.connection.exec_driver_sql(sql, parameters)
        return await (running if self.postgres else settled(running))

    async def rows(self, statement: Executable, parameters: Any = None) -> Sequence[Any]:
        """All rows of a statement."""
        return (await self.execute(statement, parameters)).all()

    def among(self, column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
        """Whether a column is one of these, in one text for any number of them."""
        if self.postgres:
            kind = Text() if isinstance(column.type, Text) else BigInteger()
            return column == any_(bindparam(None, list(values), type_=postgresql.ARRAY(kind)))
        each = func.json_each(literal(json.dumps(list(values)), Text())).table_valued("value")
        return column.in_(select(each.c.value))

    async def load_customers(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert customers, as `tables.customers` has its columns."""
        for first in range(0, len(rows), _AT_ONCE):
            some = json.dumps(rows[first : first + _AT_ONCE], ensure_ascii=False)
            await self.driven(loading.CUSTOMERS[self.postgres], (some,))

    async def load_grams(self, segment: int, grams: str, docs: bytes) -> None:
        """Insert a segment's grams (`batch.Built`)."""
        await self.driven(loading.GRAMS[self.postgres], (segment, docs, grams))

    async def load_words(self, segment: int, words: str) -> None:
        """Insert those words that are not there, with their slips as this segment's."""
        await self.driven(loading.SLIPS[self.postgres], (segment, words))
        await self.driven(loading.WORDS[self.postgres], (words,))
