"""Imports: the next generation is loaded beside the current one and taken into use at once (docs/decisions/0021)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, literal, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.book import tables
from storage.book.instants import from_text, to_text

DEAD_AFTER: Final = timedelta(minutes=2)
"""An import that loaded nothing for so long has died; the next one may begin."""

_STATE = tables.state.c
_IMPORT = tables.imports.c


class ImportRunning(RuntimeError):
    """Another import is under way; `since` it was last seen alive."""

    def __init__(self, *, alive_at: datetime) -> None:
        super().__init__(f"another import is under way (last seen at {alive_at:%H:%M:%S} UTC)")
        self.alive_at = alive_at


class ImportLost(RuntimeError):
    """This import was taken for dead and another one began: nothing of it is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """What came into use. `kept` customers were changed while the import ran and stayed as they are."""

    customers: int
    kept: tuple[str, ...]


class Generations:
    """Imports on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, now: datetime) -> int:
        """The number of a new generation. Raises `ImportRunning`; an import that died is forgotten."""
        await lock_book(self._connection, shared=False)
        for row in (await self._connection.execute(select(tables.imports))).all():
            alive_at = from_text(row.alive_at)
            if abs(now - alive_at) < DEAD_AFTER:
                raise ImportRunning(alive_at=alive_at)
            await self.abandon(row.generation)
        last = (await self._connection.execute(select(_STATE.last_generation))).scalar_one()
        newest = (await self._connection.execute(select(func.max(tables.audit.c.number)))).scalar_one()
        await self._connection.execute(update(tables.state).values(last_generation=last + 1))
        await self._connection.execute(
            insert(tables.imports).values(generation=last + 1, audit_before=newest or 0, alive_at=to_text(now))
        )
        return int(last) + 1

    async def load(self, generation: int, rows: Mapping[Table, Sequence[Mapping[str, Any]]], *, now: datetime) -> None:
        """Add rows (without their generation). Raises `ImportLost` if this import was taken for dead."""
        alive = await self._connection.execute(
            update(tables.imports).where(_IMPORT.generation == generation).values(alive_at=to_text(now))
        )
        if alive.rowcount != 1:
            raise ImportLost
        for table, some in rows.items():
            if some:
                await self._connection.execute(insert(table).values(generation=literal(generation)), list(some))

    async def swap(self, generation: int) -> Swapped:
        """Take a generation into use. Customers changed since `begin` keep their state: no confirmed write is lost."""
        await lock_book(self._connection, shared=False)
        begun = (await self._connection.execute(select(tables.imports).where(_IMPORT.generation == generation))).first()
        if begun is None:
            raise ImportLost
        current = (await self._connection.execute(select(_STATE.generation))).scalar_one()
        touched = select(tables.audit.c.customer_id).where(tables.audit.c.number > begun.audit_before).distinct()
        kept = tuple((await self._connection.execute(touched.order_by(tables.audit.c.customer_id))).scalars())
        for table in tables.GENERATIONAL if kept else ():
            await self._keep(table, touched, current=current, generation=generation)
        count = select(func.count()).select_from(tables.customers).where(tables.customers.c.generation == generation)
        customers = int((await self._connection.execute(count)).scalar_one())
        await self._connection.execute(update(tables.state).values(generation=generation, customers=customers))
        await self._connection.execute(delete(tables.imports).where(_IMPORT.generation == generation))
        return Swapped(customers=customers, kept=kept)

    async def abandon(self, generation: int) -> None:
        """Give an import up; its rows are swept later."""
        await self._connection.execute(delete(tables.imports).where(_IMPORT.generation == generation))

    async def sweep(self, *, limit: int) -> bool:
        """Delete up to `limit` rows of generations that nobody reads or loads. False: there were none left."""
        used = set((await self._connection.execute(select(_IMPORT.generation))).scalars())
        used.add((await self._connection.execute(select(_STATE.generation))).scalar_one())
        for table in tables.GENERATIONAL:
            column = table.c.generation
            oldest = (await self._connection.execute(select(func.min(column)))).scalar_one()
            while oldest is not None and oldest in used:
                later = select(func.min(column)).where(column > oldest)
                oldest = (await self._connection.execute(later)).scalar_one()
            if oldest is not None:
                await self._delete_some(table, oldest, limit)
                return True
        return False

    async def _delete_some(self, table: Table, generation: int, limit: int) -> None:
        if self._connection.dialect.name == "postgresql":
            some = f"SELECT ctid FROM {table.name} WHERE generation = :generation LIMIT :limit"  # noqa: S608 our own name
            await self._connection.execute(
                text(f"DELETE FROM {table.name} WHERE ctid = ANY(ARRAY({some}))"),  # noqa: S608 our own name
                {"generation": generation, "limit": limit},
            )
            return
        # SQLite keeps the rows in the key's order: a range from the beginning is the cheapest to cut off.
        keys = [each for each in table.primary_key.columns if each.name != "generation"]
        here = table.c.generation == generation
        border = (
            await self._connection.execute(select(*keys).where(here).order_by(*keys).limit(1).offset(limit))
        ).first()
        cut = delete(table).where(here)
        if border is not None:
            cut = cut.where(tuple_(*keys) < tuple_(*(literal(each) for each in border)))
        await self._connection.execute(cut)

    async def _keep(self, table: Table, touched: Any, *, current: int, generation: int) -> None:
        customer = table.c.id if table is tables.customers else table.c.customer_id
        await self._connection.execute(delete(table).where(table.c.generation == generation, customer.in_(touched)))
        others = [each for each in table.columns if each.name != "generation"]
        copied = select(literal(generation), *others).where(table.c.generation == current, customer.in_(touched))
        names = ["generation", *(each.name for each in others)]
        await self._connection.execute(insert(table).from_select(names, copied))


async def lock_book(connection: AsyncConnection, *, shared: bool) -> None:
    """Hold the current generation until the transaction ends: shared to write into it, alone to replace it.

    An advisory lock is fair (a row's FOR SHARE lets newcomers pass who waits FOR UPDATE). SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        kind = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        await connection.execute(text(f"SELECT {kind}(hashtext('upgrade_desk_book ' || current_schema()))"))
