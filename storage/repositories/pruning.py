"""Removing what is too old, in bounded batches: a long DELETE would hold every other writer up."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, delete, select

from storage.unit import Unit

BATCH: Final = 1000


async def prune(
    unit: Unit,
    table: Table,
    *,
    age: Column[Any],
    before: datetime,
    limit: int,
    where: ColumnElement[bool] | None = None,
) -> int:
    """Delete at most `limit` rows older than `before`, oldest first; the number says whether to come again."""
    key = next(iter(table.primary_key.columns))
    old = select(key).where(age < before).order_by(age).limit(limit)
    if where is not None:
        old = old.where(where)
    if unit.postgres:
        old = old.with_for_update(skip_locked=True)
    return (await unit.execute(delete(table).where(key.in_(old)))).rowcount
