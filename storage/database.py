"""The bot's database: transactions that last as long as their statements, on SQLite and on PostgreSQL."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.clock import Clock
from bot.domain.errors import TooLate
from bot.domain.ids import Ids
from storage.customers.store import CustomerStore
from storage.engines import Engines, make_engines
from storage.errors import CommitUnknown
from storage.faults import as_storage_errors, is_busy, is_disconnect
from storage.keeping import Keeper
from storage.records import Handle, Switch
from storage.settled import settled
from storage.transaction import Transaction
from storage.unit import Unit
from storage.version import require_head

__all__ = ["Database", "Transaction"]

T = TypeVar("T")

_KEY_BYTES: Final = 16
_BUSY_SECONDS: Final = 5.0
_BUSY_PAUSE: Final = 0.005
_INSTANT: Final = text("SELECT clock_timestamp()")
_INSTANT_PASSING: Final = text("SELECT clock_timestamp(), set_config('synchronous_commit', 'off', true)")


class Database:
    """The bot's own database.

    `url` is `sqlite:///file` (one machine) or `postgresql://...`; drivers are chosen here. `audit_key` (16 bytes or
    more) chains the audit trail and is not in the database. Build it anywhere; nothing is opened before `open`.
    `customers` is the directory of customers, in a file or schema of its own, which opens when it is first used.
    """

    def __init__(self, url: str, *, clock: Clock, ids: Ids, audit_key: bytes, pool_size: int = 10) -> None:
        if len(audit_key) < _KEY_BYTES:
            raise ValueError(f"the audit key needs {_KEY_BYTES} bytes or more")
        self._url, self._clock, self._ids, self._audit_key = url, clock, ids, audit_key
        self._pool_size = pool_size
        self._engines: Engines | None = None
        self._keeper = Keeper(self._write_handles)
        self.customers = CustomerStore(url, clock=clock, ids=ids)

    async def open(self) -> None:
        """Connect, and check that the database is at this code's version; changes nothing in it.

        Raises SchemaMismatch, whose message says what to run, and StorageUnavailable.
        """
        engines = make_engines(self._url, pool_size=self._pool_size)
        try:
            with as_storage_errors():
                async with engines.readers.connect() as connection:
                    await connection.run_sync(require_head)
        except BaseException:
            await engines.dispose()
            raise
        self._engines = engines

    async def close(self) -> None:
        """Close every connection; transactions that still run fail."""
        if self._engines is not None:
            await self._keeper.close()
            await self.customers.close()
            engines, self._engines = self._engines, None
            await engines.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A snapshot: everything read in it is of one moment. Writing in it fails. Raises StorageUnavailable."""
        async with self._reading(self._open_engines.readers) as tx:
            yield tx

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Transaction]:
        """For one statement that reads: no transaction is begun for it. Two in it may see different moments."""
        async with self._reading(self._open_engines.single) as tx:
            yield tx

    async def ask(self, question: Callable[[Transaction], Awaitable[T]]) -> T:
        """The answer to one statement that reads, and nothing more said to the database; `question` may run twice.

        For what needs no instant: `now` is this process's own. A connection that died while it was idle is replaced
        once. Raises StorageUnavailable.
        """
        replaced = False
        with as_storage_errors():
            while True:
                connection = await self._open_engines.single.connect().start()
                try:
                    return await question(self._transaction(connection, self._clock.now(), writes=False))
                except DBAPIError as error:
                    if replaced or not is_disconnect(error):
                        raise
                    replaced = True
                finally:
                    await settled(connection.close())

    @asynccontextmanager
    async def _reading(self, engine: AsyncEngine) -> AsyncIterator[Transaction]:
        with as_storage_errors():
            connection, now = await self._begin(engine)
            try:
                yield self._transaction(connection, now, writes=False)
            finally:
                await settled(connection.close())

    @asynccontextmanager
    async def write(self, *, within: float | None = None, lasting: bool = True) -> AsyncIterator[Transaction]:
        """Commits at the end, rolls back on an exception. Never wait for the network in it.

        `within`: seconds from now until the commit begins; when they pass, nothing is kept and TooLate is raised. A
        commit that has begun is waited for, also when the task is cancelled. Raises StorageUnavailable (nothing was
        kept) or CommitUnknown. `lasting=False`: a power cut may take it, as a whole (docs/decisions/0046); never for
        what decides anything.
        """
        engines = self._open_engines
        with as_storage_errors():
            try:
                async with asyncio.timeout(within) as limit:
                    connection, now = await self._begin(
                        engines.writer if lasting else engines.passing, writes=True, lasting=lasting
                    )
                    try:
                        yield self._transaction(connection, now, writes=True)
                        if limit.expired():
                            raise TimeoutError
                        limit.reschedule(None)
                        await _commit(connection)
                    finally:
                        await settled(connection.close())
            except TimeoutError as error:
                if limit.expired():
                    raise TooLate from error
                raise

    async def keep(self, made: Sequence[Handle]) -> Switch | None:
        """Commit handles, as of now, together with those of others who ask at once. Returns the stop switch as of then.

        Raises StorageUnavailable. A power cut may take them: their buttons then say that the list is to be opened anew.
        """
        return await self._keeper.keep(made)

    async def _write_handles(self, made: Sequence[Handle]) -> Switch | None:
        async with self.write(lasting=False) as tx:
            await tx.handles.add([replace(each, created_at=tx.now) for each in made])
            return await tx.switches.stopped()

    @property
    def _open_engines(self) -> Engines:
        if self._engines is None:
            raise RuntimeError("the database is not open")
        return self._engines

    async def _begin(
        self, engine: AsyncEngine, *, writes: bool = False, lasting: bool = True
    ) -> tuple[AsyncConnection, datetime]:
        """Open a transaction and read its instant.

        A connection that died while it was idle is replaced once. A SQLite that another process writes to is asked
        again and again, in short waits between which the task can be cancelled.
        """
        replaced, patience = False, time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return await self._begin_once(engine, writes=writes, lasting=lasting)
            except DBAPIError as error:
                if is_busy(error) and time.monotonic() < patience:
                    await asyncio.sleep(_BUSY_PAUSE)
                elif is_disconnect(error) and not replaced:
                    replaced = True
                else:
                    raise

    async def _begin_once(
        self, engine: AsyncEngine, *, writes: bool, lasting: bool
    ) -> tuple[AsyncConnection, datetime]:
        connection = await engine.connect().start()
        try:
            if engine.dialect.name == "sqlite":
                if writes:  # a reader's begins with its first statement
                    await settled(connection.begin().start())
                return connection, self._clock.now()
            now = (await connection.execute(_INSTANT if lasting else _INSTANT_PASSING)).scalars().one()
            return connection, now + self._clock.shift
        except BaseException:
            await settled(connection.close())
            raise

    def _transaction(self, connection: AsyncConnection, now: datetime, *, writes: bool) -> Transaction:
        unit = Unit(
            connection=connection,
            now=now,
            writes=writes,
            postgres=connection.dialect.name == "postgresql",
            ids=self._ids,
            audit_key=self._audit_key,
            shift=self._clock.shift,
        )
        return Transaction.of(unit)


async def _commit(connection: AsyncConnection) -> None:
    """Commit to the end whatever happens to the task: half-known outcomes are worse than a late cancellation."""
    try:
        await settled(connection.commit())
    except DBAPIError as error:
        if is_disconnect(error):
            raise CommitUnknown("the connection broke while committing") from error
        raise
