"""The service's audit records: what was changed, by which call."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.folding import fold
from storage.book.instants import from_text, to_text
from storage.book.records import AuditRecordRow, Page

_A = tables.audit.c


class Audit:
    """Audit records on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, row: AuditRecordRow) -> None:
        """Add a record, in the transaction of what it tells."""
        await self._connection.execute(
            insert(tables.audit).values(
                id=row.id,
                at=to_text(row.at),
                customer_id=row.customer_id,
                customer_name=row.customer_name,
                name_key=fold(row.customer_name)[0],
                resource_type=row.resource_type,
                operation=row.operation,
                succeeded=row.succeeded,
                correlation_id=row.correlation_id,
                old_value=row.old_value,
                new_value=row.new_value,
                extra=json.dumps(row.extra, ensure_ascii=False),
            )
        )

    async def page(
        self,
        *,
        since: datetime,
        until: datetime,
        size: int,
        after: tuple[str, ...] | None,
        customer_id: str | None = None,
        name_part: str | None = None,
        resource_type: str | None = None,
    ) -> Page[AuditRecordRow]:
        """Records from `since` to before `until`, the newest first. `name_part`: folded, anywhere in the name."""
        chosen: Sequence[ColumnElement[bool]] = [
            _A.at >= to_text(since),
            _A.at < to_text(until),
            *([_A.customer_id == customer_id] if customer_id is not None else []),
            *([_A.resource_type == resource_type] if resource_type is not None else []),
            *([_A.name_key.contains(fold(name_part)[0], autoescape=True)] if name_part is not None else []),
        ]
        query = select(tables.audit).where(*chosen).order_by(_A.number.desc()).limit(size + 1)
        if after is not None:
            query = query.where(_A.number < int(after[0]))
        rows = (await self._connection.execute(query)).all()
        shown = rows[:size]
        return Page(
            items=tuple(_record(row) for row in shown),
            next_after=(str(shown[-1].number),) if len(rows) > size else None,
        )


def _record(row: Any) -> AuditRecordRow:
    return AuditRecordRow(
        id=row.id,
        at=from_text(row.at),
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        resource_type=row.resource_type,
        operation=row.operation,
        succeeded=bool(row.succeeded),
        correlation_id=row.correlation_id,
        old_value=row.old_value,
        new_value=row.new_value,
        extra=tuple((key, value) for key, value in json.loads(row.extra)),
        number=row.number,
    )
