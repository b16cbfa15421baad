"""Customers in and out of the directory, one transaction at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.customers import Customer
from storage.customers import tables
from storage.customers.records import Kept, Standing
from storage.customers.session import Session

_C = tables.customers.c
_ROW: Final = select(_C.num, _C.id, _C.key, _C.name, _C.domain)
BY_NUM: Final = _ROW.where(_C.num.in_(bindparam("nums", expanding=True)))
_BY_ID: Final = _ROW.where(_C.id.in_(bindparam("ids", expanding=True)))
_BY_KEY: Final = _ROW.where(_C.key == bindparam("key"))


def kept(row: Any) -> Kept:
    """A row as it is given out."""
    return Kept(key=row.key, customer=Customer(id=row.id, name=row.name, domain=row.domain))


@dataclass(frozen=True, slots=True)
class Keeping:
    """The customers' own rows."""

    session: Session

    async def by_key(self, key: str) -> Kept | None:
        """The customer that a key stands for."""
        rows = await self.session.rows(_BY_KEY, {"key": key})
        return kept(rows[0]) if rows else None

    async def standing(self) -> Standing:
        """How old it is, and how many there are."""
        passed = select(tables.state.c.passed_at).scalar_subquery()
        row = (await self.session.rows(select(passed.label("at"), func.count(_C.num).label("many"))))[0]
        return Standing(as_of=row.at, customers=row.many)

    async def add(self, customers: Sequence[Customer]) -> dict[str, Kept]:
        """Take these in, or as they are now; by tenant id."""
        wanted = {each.id: each for each in customers}
        known = {row.id: row for row in await self.session.rows(_BY_ID, {"ids": list(wanted)})}
        begin = (await self.session.rows(select(func.coalesce(func.max(_C.num), -1))))[0][0] + 1
        for at, each in enumerate(wanted.values()):
            row = known.get(each.id)
            if row is None:
                values = {"num": begin + at, "id": each.id, "key": self.session.ids.opaque(), "name": each.name}
                await self.session.execute(insert(tables.customers).values(domain=each.domain, **values))
            elif (row.name, row.domain) != (each.name, each.domain):
                change = update(tables.customers).where(_C.id == each.id)
                await self.session.execute(change.values(name=each.name, domain=each.domain))
        rows = await self.session.rows(_BY_ID, {"ids": list(wanted)})
        return {row.id: kept(row) for row in rows}
