"""One transaction of the directory, and the statements that the engines word differently."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, CursorResult, Executable, Table, any_, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import BigInteger, LargeBinary, Text

from bot.domain.ids import Ids
from storage.settled import settled

_PG_TYPES = {"TEXT": "text[]", "BIGINT": "bigint[]", "INTEGER": "integer[]", "BLOB": "bytea[]", "BYTEA": "bytea[]"}


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

    async def load(self, table: Table, rows: Sequence[tuple[Any, ...]], *, ignore: bool = False) -> None:
        """Insert many rows, in the order of the table's columns; `ignore`: but those that are there."""
        if not rows:
            return
        names = [column.name for column in table.columns]
        if self.postgres:
            kinds = [_pg_kind(column.type) for column in table.columns]
            sources = ", ".join(f"%s::{kind}" for kind in kinds)
            end = " ON CONFLICT DO NOTHING" if ignore else ""
            sql = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({sources}){end}"  # noqa: S608 our own names
            await self.driven(sql, tuple([list(each) for each in zip(*rows, strict=True)]))
            return
        verb = "INSERT OR IGNORE" if ignore else "INSERT"
        sql = f"{verb} INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
        await self.driven(sql, list(rows))

    async def new_words(self, words: Sequence[str]) -> list[str]:
        """Insert these words; those that were not there."""
        if self.postgres:
            sql = "INSERT INTO word SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING RETURNING word"
            found = await self.driven(sql, (list(words),))
        else:
            sql = "INSERT INTO word SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING RETURNING word"
            found = await self.driven(sql, (json.dumps(list(words)),))
        return [row[0] for row in found.all()]


def _pg_kind(type_: Any) -> str:
    if isinstance(type_, LargeBinary):
        return "bytea[]"
    return "bigint[]" if type_.python_type is int else "text[]"
