"""Customers: one, one with all its subscriptions, and the beginning of names and domains."""

import json
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.folding import LAST, prefixes
from storage.book.records import CustomerRecord, HoldingRecord, Page, SubscriptionRecord

NAME: Final = 0
DOMAIN: Final = 1

CURRENT: Final = select(tables.state.c.generation).where(tables.state.c.id == 1).scalar_subquery()
"""The generation that readers see; part of each statement, so that each sees one book."""

_C = tables.customers.c
_S = tables.subscriptions.c
_N = tables.names.c

_CUSTOMER = select(_C.id, _C.name, _C.domain, _C.country, _C.delegated, _C.granular)
_ONE = _CUSTOMER.where(_C.generation == CURRENT, _C.id == bindparam("id"))
_HOLDINGS = (
    select(
        *(_C.id, _C.name, _C.domain, _C.country, _C.delegated, _C.granular),
        *(_S.id, _S.position, _S.offer_id, _S.quantity, _S.status, _S.sold_by, _S.version, _S.details),
    )
    .outerjoin_from(
        tables.customers, tables.subscriptions, and_(_S.generation == _C.generation, _S.customer_id == _C.id)
    )
    .where(_C.generation == CURRENT, _C.id.in_(bindparam("ids", expanding=True)))
    .order_by(_C.id, _S.position)
)


class Customers:
    """Reads of customers on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, customer_id: str) -> CustomerRecord | None:
        """The customer of a tenant id (lower case)."""
        row = (await self._connection.execute(_ONE, {"id": customer_id})).first()
        return None if row is None else _customer(row)

    async def holding(self, customer_id: str) -> HoldingRecord | None:
        """The customer with all its subscriptions, in one statement."""
        return (await self.holdings([customer_id])).get(customer_id)

    async def holdings(self, customer_ids: Sequence[str]) -> dict[str, HoldingRecord]:
        """Those of these customers that there are, by id, each with all its subscriptions; in one statement."""
        rows = (await self._connection.execute(_HOLDINGS, {"ids": list(customer_ids)})).all()
        found: dict[str, HoldingRecord] = {}
        for customer_id, own in groupby(rows, key=itemgetter(0)):
            first, *others = own
            customer = _customer(first)
            held = tuple(_subscription(customer_id, row[6:]) for row in (first, *others) if row[6] is not None)
            found[customer_id] = HoldingRecord(customer=customer, subscriptions=held)
        return found

    async def lock(self, customer_id: str) -> HoldingRecord | None:
        """As `holding`, and nobody else changes this customer before the transaction ends."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(_ONE.with_for_update(), {"id": customer_id})
        return await self.holding(customer_id)

    async def starting_with(
        self, text: str, *, field: int, size: int, after: tuple[str, ...] | None
    ) -> Page[CustomerRecord]:
        """Customers whose name or domain begins with `text`, folded; in the order of what was matched.

        `after` is the page before's `next_after`. One statement.
        """
        starts = prefixes(text)
        parts = [_matches(start, starts, field) for start in starts]
        if after is not None:
            key, customer_id = after
            here = tuple_(_N.key, _N.customer_id) > tuple_(literal(key), literal(customer_id))
            # The range is cut as well as the pair compared: SQLite takes the first for its index, PostgreSQL either.
            parts = [part.where(_N.key >= key, here) for part in parts]
        limited = [part.order_by(_N.key, _N.customer_id).limit(size + 1).subquery() for part in parts]
        hits = union_all(*(select(each) for each in limited)).subquery() if len(limited) > 1 else limited[0]
        found = (
            _CUSTOMER.add_columns(hits.c.key)
            .join_from(hits, tables.customers, and_(_C.generation == CURRENT, _C.id == hits.c.customer_id))
            .order_by(hits.c.key, _C.id)
            .limit(size + 1)
        )
        rows = (await self._connection.execute(found)).all()
        more = len(rows) > size
        shown = rows[:size]
        return Page(
            items=tuple(_customer(row) for row in shown),
            next_after=(shown[-1].key, shown[-1].id) if more and shown else None,
        )


def _matches(start: str, starts: tuple[str, ...], field: int) -> Select[Any]:
    """Keys in one range; a second spelling only where its first one is in none of the ranges (else it came already)."""
    already = or_(*(_within(_N.main_key, each) for each in starts))
    return select(_N.key, _N.customer_id).where(
        _N.generation == CURRENT,
        _N.field == field,
        _within(_N.key, start),
        or_(_N.main_key.is_(None), ~already),
    )


def _within(column: Any, start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < start + LAST)


def _rights(text: str) -> bool | tuple[str, ...]:
    found = json.loads(text)
    return found if isinstance(found, bool) else tuple(found)


def _customer(row: Any) -> CustomerRecord:
    return CustomerRecord(
        id=row[0],
        name=row[1],
        domain=row[2],
        country=row[3],
        delegated=_rights(row[4]),
        granular=_rights(row[5]),
    )


def _subscription(customer_id: str, row: Any) -> SubscriptionRecord:
    return SubscriptionRecord(
        customer_id=customer_id,
        id=row[0],
        position=row[1],
        offer_id=row[2],
        quantity=row[3],
        status=row[4],
        sold_by=row[5],
        version=row[6],
        details=json.loads(row[7]),
    )
