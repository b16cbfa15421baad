"""Customers: one, one with all its subscriptions, and the beginning of names and domains."""

import json
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.folding import LAST, prefixes
from storage.book.records import CustomerRecord, HoldingRecord, Page, SubscriptionRecord
from storage.book.rows import rows_of

NAME: Final = 0
DOMAIN: Final = 1

CURRENT: Final = select(tables.state.c.generation).where(tables.state.c.id == 1).scalar_subquery()
"""The generation that readers see; part of each statement, so that each sees one book."""

_C = tables.customers.c
_S = tables.subscriptions.c
_N = tables.names.c

_CUSTOMER = select(_C.id, _C.name, _C.domain, _C.country, _C.delegated, _C.granular)
_ONE = _CUSTOMER.where(_C.generation == CURRENT, _C.id == bindparam("id"))
_ALL = (
    select(
        *(_C.id, _C.name, _C.domain, _C.country, _C.delegated, _C.granular),
        *(_S.id, _S.position, _S.offer_id, _S.quantity, _S.status, _S.sold_by, _S.version, _S.details),
    )
    .outerjoin_from(
        tables.customers, tables.subscriptions, and_(_S.generation == _C.generation, _S.customer_id == _C.id)
    )
    .where(_C.generation == CURRENT)
    .order_by(_C.id, _S.position)
)
_HOLDINGS = _ALL.where(_C.id.in_(bindparam("ids", expanding=True)))
_HOLDINGS_JSON = _ALL.where(_C.id.in_(select(func.json_each(bindparam("ids")).table_valued("value").c.value)))
"""For SQLite: one text for any number of ids."""


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
        sqlite = self._connection.dialect.name == "sqlite"
        statement, ids = (_HOLDINGS_JSON, json.dumps(customer_ids)) if sqlite else (_HOLDINGS, list(customer_ids))
        rows = await rows_of(self._connection, statement, {"ids": ids})
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
        bound: dict[str, Any] = {"field": field, "size": size + 1}
        for number, start in enumerate(starts):
            bound |= {f"from{number}": start, f"to{number}": start + LAST}
        if after is not None:
            bound |= {"after_key": after[0], "after_id": after[1]}
        rows = await rows_of(self._connection, _search(len(starts), after is not None), bound)
        more = len(rows) > size
        shown = rows[:size]
        return Page(
            items=tuple(_customer(row) for row in shown),
            next_after=(shown[-1][6], shown[-1][0]) if more and shown else None,
        )


@cache
def _search(starts: int, onward: bool) -> Select[Any]:  # noqa: FBT001 one statement for each
    """The statement for so many starts, from the beginning or onward: built once, because building costs most of it."""
    parts = [_matches(number, starts) for number in range(starts)]
    if onward:
        here = tuple_(_N.key, _N.customer_id) > tuple_(bindparam("after_key"), bindparam("after_id"))
        # The range is cut as well as the pair compared: SQLite takes the first for its index, PostgreSQL either.
        parts = [part.where(_N.key >= bindparam("after_key"), here) for part in parts]
    limited = [part.order_by(_N.key, _N.customer_id).limit(bindparam("size")).subquery() for part in parts]
    hits = union_all(*(select(each) for each in limited)).subquery() if starts > 1 else limited[0]
    return (
        _CUSTOMER.add_columns(hits.c.key)
        .join_from(hits, tables.customers, and_(_C.generation == CURRENT, _C.id == hits.c.customer_id))
        .order_by(hits.c.key, _C.id)
        .limit(bindparam("size"))
    )


def _matches(number: int, starts: int) -> Select[Any]:
    """Keys in one range; a second spelling only where its first one is in none of the ranges (else it came already)."""
    already = or_(*(_within(_N.main_key, each) for each in range(starts)))
    return select(_N.key, _N.customer_id).where(
        _N.generation == CURRENT,
        _N.field == bindparam("field"),
        _within(_N.key, number),
        or_(_N.main_key.is_(None), ~already),
    )


def _within(column: Any, number: int) -> ColumnElement[bool]:
    return and_(column >= bindparam(f"from{number}"), column < bindparam(f"to{number}"))


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
