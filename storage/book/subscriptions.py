"""Changes of subscriptions, inside a writing transaction that holds the customer (`Customers.lock`)."""

import json
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.customers import CURRENT
from storage.book.records import SubscriptionRecord

_S = tables.subscriptions.c


class Subscriptions:
    """Writes of subscriptions on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def change(
        self,
        before: SubscriptionRecord,
        *,
        quantity: int | None = None,
        status: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> SubscriptionRecord | None:
        """The subscription with these values and the next version; None if it is no longer as `before` says."""
        after = SubscriptionRecord(
            customer_id=before.customer_id,
            id=before.id,
            position=before.position,
            offer_id=before.offer_id,
            quantity=before.quantity if quantity is None else quantity,
            status=before.status if status is None else status,
            sold_by=before.sold_by,
            version=before.version + 1,
            details=before.details if details is None else details,
        )
        done = await self._connection.execute(
            update(tables.subscriptions)
            .where(
                _S.generation == CURRENT,
                _S.customer_id == before.customer_id,
                _S.id == before.id,
                _S.version == before.version,
            )
            .values(quantity=after.quantity, status=after.status, version=after.version, details=to_json(after.details))
        )
        return after if done.rowcount == 1 else None

    async def add(self, record: SubscriptionRecord) -> SubscriptionRecord:
        """A new subscription, last in its customer's order, whatever `position` says."""
        last = (
            select(func.max(_S.position))
            .where(_S.generation == CURRENT, _S.customer_id == record.customer_id)
            .scalar_subquery()
        )
        position = (await self._connection.execute(select(func.coalesce(last, -1) + 1))).scalar_one()
        await self._connection.execute(
            insert(tables.subscriptions).values(
                generation=CURRENT,
                customer_id=record.customer_id,
                id=record.id,
                position=position,
                offer_id=record.offer_id,
                quantity=record.quantity,
                status=record.status,
                sold_by=record.sold_by,
                version=record.version,
                details=to_json(record.details),
            )
        )
        return record


def to_json(value: object) -> str:
    """JSON as it is stored: compact, with every character as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
