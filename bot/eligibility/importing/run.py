"""Importing a book: check all of it, load it beside the one in use, take it into use at once."""

import asyncio
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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

_CHECKED_AT_ONCE: Final = 1_000
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
    pieces: list[_Piece] = []
    await _drain(_checked(BookStream(file), check, pieces))
    check.faults.refuse_if_any()
    async with book.load() as tx:
        generation = await tx.generations.begin(clock.now())
    try:
        # In the order of their ids the rows go to the end of each table: a third of the time of a random order.
        batches = _batches(file, sorted(pieces), RowMaker(catalogue=catalogue, check=check))
        await _load(batches, book=book, generation=generation, clock=clock)
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


_Piece = tuple[str, int, int, int]
"""A checked customer: its id, and the offset, length and checksum of its bytes in the file."""


def _checked(stream: BookStream, check: BookCheck, pieces: list[_Piece]) -> Iterator[None]:
    for number, raw in enumerate(stream, start=1):
        customer = check.take(raw)
        if customer is not None:
            pieces.append((customer.id, raw.offset, raw.length, raw.checksum))
        if number % _CHECKED_AT_ONCE == 0:
            yield


async def _drain(steps: Iterator[None]) -> None:
    """Run it piece by piece on a thread: the loop goes on, and a cancelled import ends with its piece."""
    while await asyncio.to_thread(next, steps, _END) is not _END:
        pass


def _batches(file: Path, pieces: list[_Piece], maker: RowMaker) -> Iterator[Rows]:
    """The rows of the customers in this order. `BookRefused` if their bytes are no longer those that were checked."""
    rows, waiting = maker.empty(), 0
    with file.open("rb") as opened:
        for _, offset, length, checksum in pieces:
            opened.seek(offset)
            raw = opened.read(length)
            if zlib.crc32(raw) != checksum:
                raise _changed()
            waiting += maker.add(rows, BookCustomer.model_validate(json.loads(raw)))
            if waiting >= ROWS_AT_ONCE:
                yield rows
                rows, waiting = maker.empty(), 0
    if waiting:
        yield rows


async def _load(batches: Iterator[Rows], *, book: Book, generation: int, clock: Clock) -> None:
    try:
        while (rows := await asyncio.to_thread(next, batches, None)) is not None:
            async with book.load() as tx:
                await tx.generations.load(generation, rows, now=clock.now())
            # A writer that waits for SQLite's lock sleeps between its tries: leave it a moment to get in.
            await asyncio.sleep(_PAUSE)
    except (ValueError, OSError) as fault:
        raise _changed() from fault


def _changed() -> BookRefused:
    return BookRefused(faults=(BookFault(line=1, path="", sentence="the file was changed while it was imported"),))
