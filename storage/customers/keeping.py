"""Customers in and out of the directory, one transaction at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.domain.customers import Customer
from storage.customers import tables
from storage.customers.batch import Batch, Segment
from storage.customers.grams import SEGMENT, bitmap
from storage.customers.records import Kept, Standing
from storage.customers.session import Session
from storage.customers.sweeping import Sweeping
from storage.types import storable

_C = tables.customers.c
ROW: Final = select(_C.num, _C.id, _C.key, _C.name, _C.domain)
_AS_OF: Final = select(tables.state.c.passed_at)
_BY_KEY: Final = ROW.where(_C.key == bindparam("key"))


def kept(row: Any) -> Kept:
    """A row as it is given out."""
    return Kept(key=row.key, customer=Customer(id=row.id, name=row.name, domain=row.domain))


@dataclass(frozen=True, slots=True)
class Keeping:
    """The customers' own rows, and what is looked up in."""

    session: Session

    async def by_key(self, key: str) -> Kept | None:
        """The customer that a key stands for."""
        rows = await self.session.rows(_BY_KEY, {"key": storable(key)})
        return kept(rows[0]) if rows else None

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Any]:
        """Rows by tenant id."""
        clause = self.session.among(_C.id, [storable(each) for each in ids])
        return {row.id: row for row in await self.session.rows(ROW.where(clause))}

    async def as_of(self) -> datetime | None:
        """When the last pass that came to its end began."""
        return (await self.session.rows(_AS_OF))[0][0]  # type: ignore[no-any-return] # the column's own type

    async def standing(self) -> Standing:
        """How old it is, and how many there are."""
        passed = select(tables.state.c.passed_at).scalar_subquery()
        row = (await self.session.rows(select(passed.label("at"), func.count(_C.num).label("many"))))[0]
        return Standing(as_of=row.at, customers=row.many)

    async def add(self, customers: Sequence[Customer]) -> dict[str, Kept]:
        """Take these in, or as they are now; by tenant id."""
        wanted = [clean(each) for each in customers]
        known = await self.by_ids([each.id for each in wanted])
        batch = Batch()
        batch.add(each for each in wanted if each.id not in known or kept(known[each.id]).customer != each)
        number = await self.write(await asyncio.to_thread(batch.segment))
        await self._met(number, len(batch))
        return {row_id: kept(row) for row_id, row in (await self.by_ids([each.id for each in wanted])).items()}

    async def _met(self, number: int | None, many: int) -> None:
        """A pass that is under way would miss them otherwise, where it is past their page."""
        if number is not None:
            await self.session.execute(insert(tables.seen).values(segment=number, docs=bitmap((1 << many) - 1)))

    async def write(self, segment: Segment, *, moves: bool = False) -> int | None:
        """A segment, with the keys of those customers who have one already. Its number; None where it is empty.

        `moves`: they come as they are out of segments that are deleted then; else of their former names nothing stays.
        """
        if not segment.customers:
            return None
        session, ids = self.session, [each.id for each in segment.customers]
        before = await session.rows(ROW.where(session.among(_C.id, ids)))
        keys = {row.id: row.key for row in before}
        if keys:
            await session.execute(delete(tables.customers).where(session.among(_C.id, list(keys))))
        taken = update(tables.state).values(next_segment=tables.state.c.next_segment + 1)
        number = (await session.rows(taken.returning(tables.state.c.next_segment)))[0][0] - 1
        first = number * SEGMENT
        rows = [
            (first + at, each.id, keys.get(each.id) or session.ids.opaque(), each.name, each.domain)
            for at, each in enumerate(segment.customers)
        ]
        await session.load_customers(rows)
        await session.load_grams(number, segment.built.grams, segment.built.docs)
        await session.load_words(number, segment.built.words)
        await session.execute(insert(tables.segments).values(segment=number))
        if before and not moves:
            await Sweeping(session).forget(before)
        return int(number)


def clean(customer: Customer) -> Customer:
    """As both engines can store it."""
    return Customer(id=storable(customer.id), name=storable(customer.name), domain=storable(customer.domain))
