"""Importing a book: check all of it, load it beside the one in use, take it into use at once."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.eligibility.importing.check import BookCheck
from bot.eligibility.importing.faults import BookFault, BookRefused
from bot.eligibility.importing.format import BookCustomer
from bot.eligibility.importing.rows import RowMaker, Rows
from bot.eligibility.importing.stream import BookStream
from storage.book.book import Book

ROWS_AT_ONCE: Final = 4_000
"""Rows of one short transaction: writers of the service wait for one of these at most (about 30 ms on SQLite)."""

_CHECKED_AT_ONCE: Final = 2_000
_PAUSE: Final = 0.002
_END: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was imported. `kept` customers (ids) were changed while the import ran and stayed as they are."""

    customers: int
    subscriptions: int
    users: int
    kept: tuple[str, ...]
    seconds: float


async def import_book(*, file: Path, book: Book, catalogue: Catalogue, clock: Clock) -> ImportReport:
    """Make the file the book, all or nothing; readers and writers of the service go on meanwhile.

    Raises `BookRefused` with every fault of the file, `storage.book.generations.ImportRunning` if another import runs.
    Orders and changes of seats stay what they are, and so do the customers that any touched while this ran.
    """
    begun = clock.monotonic()
    check = BookCheck(catalogue)
    stream = BookStream(file)
    await _drain(_checked(stream, check))
    check.faults.refuse_if_any()
    async with book.load() as tx:
        generation = await tx.generations.begin(clock.now())
    try:
        loader = _Loader(book=book, generation=generation, clock=clock)
        await loader.load(file, RowMaker(catalogue=catalogue, check=check), digest=stream.digest)
        async with book.load() as tx:
            swapped = await tx.generations.swap(generation)
    except BaseException:
        async with book.load() as tx:
            await tx.generations.abandon(generation)
        raise
    finally:
        await sweep(book)
    return ImportReport(
        customers=swapped.customers,
        subscriptions=check.counts["subscriptions"],
        users=check.counts["users"],
        kept=swapped.kept,
        seconds=clock.monotonic() - begun,
    )


async def sweep(book: Book) -> None:
    """Delete what is left of former books and of imports that were given up, a little at a time."""
    more = True
    while more:
        async with book.load() as tx:
            more = await tx.generations.sweep(limit=ROWS_AT_ONCE)
        await asyncio.sleep(0)


def _checked(stream: BookStream, check: BookCheck) -> Iterator[None]:
    for number, raw in enumerate(stream, start=1):
        check.take(raw)
        if number % _CHECKED_AT_ONCE == 0:
            yield


async def _drain(steps: Iterator[None]) -> None:
    """Run it piece by piece on a thread: the loop goes on, and a cancelled import ends with its piece."""
    while await asyncio.to_thread(next, steps, _END) is not _END:
        pass


class _Loader:
    """Loads one generation in short transactions."""

    def __init__(self, *, book: Book, generation: int, clock: Clock) -> None:
        self._book = book
        self._generation = generation
        self._clock = clock

    async def load(self, file: Path, maker: RowMaker, *, digest: str) -> None:
        """Load a checked file. `BookRefused` if its bytes are no longer those that were checked."""
        stream = BookStream(file)
        batches = _batches(stream, maker)
        try:
            while (rows := await asyncio.to_thread(next, batches, None)) is not None:
                async with self._book.load() as tx:
                    await tx.generations.load(self._generation, rows, now=self._clock.now())
                # A writer that waits for SQLite's lock sleeps between its tries: leave it a moment to get in.
                await asyncio.sleep(_PAUSE)
        except ValidationError as fault:
            raise _changed() from fault
        if stream.digest != digest:
            raise _changed()


def _changed() -> BookRefused:
    return BookRefused(faults=(BookFault(line=1, path="", sentence="the file was changed while it was imported"),))


def _batches(stream: BookStream, maker: RowMaker) -> Iterator[Rows]:
    rows, waiting = maker.empty(), 0
    for raw in stream:
        waiting += maker.add(rows, BookCustomer.model_validate(raw.value))
        if waiting >= ROWS_AT_ONCE:
            yield rows
            rows, waiting = maker.empty(), 0
    if waiting:
        yield rows
