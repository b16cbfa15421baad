"""The directory of customers: opened when it is first used, made where it is missing or of another version."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.clock import Clock
from bot.domain.customers import Customer
from bot.domain.ids import Ids
from storage.customers import tables
from storage.customers.engine import directory_file, make_engine
from storage.customers.keeping import Keeping
from storage.customers.records import Hits, Kept, Standing
from storage.customers.search import Search
from storage.customers.session import Session
from storage.faults import as_storage_errors
from storage.settled import settled

_INSTANT = text("SELECT clock_timestamp()")
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('upgrade_desk_customers ' || current_setting('search_path')))"


class CustomerStore:
    """A copy of the service's list of customers. Everything raises StorageUnavailable where it does not answer."""

    def __init__(self, url: str, *, clock: Clock, ids: Ids) -> None:
        self._url, self._clock, self._ids = url, clock, ids
        self._engine: AsyncEngine | None = None
        self._opening = asyncio.Lock()

    async def search(self, typed: str, *, limit: int) -> Hits:
        """Who fits what was typed, best first, `limit` at most; and how old the directory is."""
        async with self.session() as session:
            as_of = await Keeping(session).as_of()
            return replace(await Search(session).find(typed, limit=limit), as_of=as_of)

    async def by_key(self, key: str) -> Kept | None:
        """The customer that a key stands for."""
        async with self.session() as session:
            return await Keeping(session).by_key(key)

    async def by_ids(self, ids: Sequence[str]) -> dict[str, Any]:
        """Rows by tenant id."""
        if not ids:
            return {}
        async with self.session() as session:
            return await Keeping(session).by_ids(ids)

    async def standing(self) -> Standing:
        """How old it is, and how many there are."""
        async with self.session() as session:
            return await Keeping(session).standing()

    async def as_it_is(self) -> Standing | None:
        """As `standing`, but nothing is made: None where there is no directory of this version."""
        with as_storage_errors():
            file = directory_file(self._url)
            if file is not None and not await asyncio.to_thread(file.exists):
                return None
            engine = make_engine(self._url)
            try:
                async with self._begun(engine, writes=False) as session:
                    there = await session.connection.run_sync(_there)
                    return await Keeping(session).standing() if there else None
            finally:
                await engine.dispose()

    async def add(self, customers: Sequence[Customer]) -> dict[str, Kept]:
        """Take these in, or as they are now, at once; by tenant id."""
        async with self.session(writes=True) as session:
            return await Keeping(session).add(customers)

    async def close(self) -> None:
        """Close every connection."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    @contextlib.asynccontextmanager
    async def session(self, *, writes: bool = False) -> AsyncIterator[Session]:
        """One transaction: a snapshot to read in, or one that writes, alone, and commits at its end."""
        with as_storage_errors():
            engine = self._engine or await self._opened()
            async with self._begun(engine, writes=writes) as session:
                yield session

    async def _opened(self) -> AsyncEngine:
        async with self._opening:
            if self._engine is None:
                if (file := directory_file(self._url)) is not None:
                    await asyncio.to_thread(_make_room, file)
                engine = make_engine(self._url)
                try:
                    async with self._begun(engine, writes=True) as session:
                        await session.connection.run_sync(_make)
                except BaseException:
                    await engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    @contextlib.asynccontextmanager
    async def _begun(self, engine: AsyncEngine, *, writes: bool) -> AsyncIterator[Session]:
        postgres = engine.dialect.name == "postgresql"
        if postgres:
            level = "READ COMMITTED" if writes else "REPEATABLE READ"
            chosen = engine.execution_options(isolation_level=level)
        else:
            chosen = engine.execution_options(writes=writes)
        connection = await chosen.connect().start()
        try:
            await settled(connection.begin().start())
            now = self._clock.now()
            if postgres and writes:
                await connection.execute(text(_LOCK))
                now = (await connection.execute(_INSTANT)).scalars().one() + self._clock.shift
            yield Session(connection=connection, now=now, postgres=postgres, ids=self._ids)
            if writes:
                await settled(connection.commit())
        finally:
            await settled(connection.close())


def _make_room(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)


def _there(connection: Connection) -> bool:
    """Whether the tables are there, of this version."""
    has = inspect(connection).has_table(tables.state.name)
    return has and connection.execute(select(tables.state.c.version)).scalar_one_or_none() == tables.VERSION


def _make(connection: Connection) -> None:
    """Make the tables, or make them anew where they are another version's."""
    if connection.dialect.name == "postgresql":
        schema = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    if _there(connection):
        return
    if inspect(connection).has_table(tables.state.name):
        tables.metadata.reflect(connection)
        tables.metadata.drop_all(connection)
    tables.metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(tables.ROOMY))
    first = {"id": 1, "version": tables.VERSION, "next_segment": 0, "pass_number": 0, "doubted": 0}
    connection.execute(insert(tables.state).values(first))
