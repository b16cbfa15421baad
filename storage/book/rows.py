"""Rows of a statement, on SQLite in one change of thread.

SQLAlchemy's cursor over aiosqlite changes threads for each of its steps (cursor, execute, fetch, close); the driver has
a call for all of them. It is used for single statements that are built once, where these steps are most of the time.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite import aiosqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book.engine import NO_BEGIN


async def rows_of(connection: AsyncConnection, statement: Select[Any], bound: Mapping[str, Any]) -> Sequence[Any]:
    """All rows. `statement` must be one that is kept, not one built for this call: its text is remembered."""
    own = connection.sync_connection
    if own is None or not own.get_execution_options().get(NO_BEGIN, False):
        found: Sequence[Any] = (await connection.execute(statement, bound)).all()
        return found
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    sql, names, fixed = _text(statement)
    values = {**fixed, **bound}
    try:
        rows: Sequence[Any] = await driver.execute_fetchall(sql, [values[name] for name in names])
    except sqlite3.Error as fault:
        # As every other statement's: without the values, which are names of customers.
        raise OperationalError(sql, None, fault, hide_parameters=True) from fault
    return rows


@cache
def _text(statement: Select[Any]) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """SQL for SQLite, the parameters' names in their order, and the values that the statement has by itself."""
    compiled = statement.compile(dialect=aiosqlite.dialect())
    return str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params)
