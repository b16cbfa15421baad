"""The book as the service and the importer hold it: transactions with a repository per aggregate."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.book import tables
from storage.book.answers import Answers
from storage.book.audit import Audit
from storage.book.customers import Customers
from storage.book.engine import IMMEDIATE, NO_BEGIN, create_book_engine
from storage.book.generations import Generations, lock_book
from storage.book.holdings import Holdings
from storage.book.records import HoldingRecord
from storage.book.schema import make_schema
from storage.book.subscriptions import Subscriptions
from storage.book.users import Users


class BookTransaction:
    """What one transaction offers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.customers = Customers(connection)
        self.subscriptions = Subscriptions(connection)
        self.users = Users(connection)
        self.audit = Audit(connection)
        self.answers = Answers(connection)
        self.generations = Generations(connection)


class Book:
    """The book's database. `await open()` before use (it makes missing tables), `await close()` after."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._is_postgres = engine.dialect.name == "postgresql"
        self._single = engine.execution_options(
            **({"isolation_level": "AUTOCOMMIT"} if self._is_postgres else {NO_BEGIN: True})
        )
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ") if self._is_postgres else engine
        self._writing = engine.execution_options(**{IMMEDIATE: True})
        self._paging_key: bytes | None = None
        self._holdings = Holdings(self._fetch_holdings)

    @classmethod
    def at(cls, url: str | URL) -> Self:
        """The book of a database URL (`ELIGIBILITY_DATABASE_URL`). Opens nothing yet."""
        return cls(create_book_engine(url))

    async def open(self) -> None:
        """Make or check the tables. Raises `storage.book.schema.BookSchemaError` for another version's."""
        try:
            async with self._writing.begin() as connection:
                await connection.run_sync(make_schema)
                key = (await connection.execute(select(tables.state.c.paging_key))).scalar_one()
        except BaseException:
            await self.close()
            raise
        self._paging_key = bytes.fromhex(key)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def paging_key(self) -> bytes:
        """The secret with which continuation tokens are signed: the same for every process on this database."""
        if self._paging_key is None:
            raise RuntimeError("the book is not open")
        return self._paging_key

    async def holding(self, customer_id: str) -> HoldingRecord | None:
        """The customer with all its subscriptions, as they are now. Reads that come together share a statement."""
        return await self._holdings.get(customer_id)

    async def _fetch_holdings(self, customer_ids: Sequence[str]) -> dict[str, HoldingRecord]:
        async with self.look() as tx:
            return await tx.customers.holdings(customer_ids)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[BookTransaction]:
        """One statement, without a transaction around it: each statement sees one state, two may see different ones."""
        async with self._single.connect() as connection:
            yield BookTransaction(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[BookTransaction]:
        """Several statements that see one state."""
        async with self._reading.connect() as connection, connection.begin():
            yield BookTransaction(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[BookTransaction]:
        """A transaction that changes something: commits at the end, rolls back on an exception. Keep it short.

        No import takes another generation into use before it ends.
        """
        async with self._writing.begin() as connection:
            await lock_book(connection, shared=True)
            yield BookTransaction(connection)

    @asynccontextmanager
    async def load(self) -> AsyncIterator[BookTransaction]:
        """A transaction of an import: it writes, and takes no lock that readers or writers wait for on PostgreSQL."""
        async with self._writing.begin() as connection:
            yield BookTransaction(connection)
