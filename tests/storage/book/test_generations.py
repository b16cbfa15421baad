import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.clock import ShiftedClock
from storage.book import tables
from storage.book.book import Book
from storage.book.generations import DEAD_AFTER, ImportLost, ImportRunning
from storage.book.records import AuditRecordRow
from tests.support.books import load, write_book
from tests.support.service import customer, subscription, user


async def rows_of_other_generations(book: Book) -> int:
    total = 0
    async with book._reading.connect() as connection:  # noqa: SLF001 nobody else sees what is not in use
        current = (await connection.execute(select(tables.state.c.generation))).scalar_one()
        for table in tables.GENERATIONAL:
            count = select(func.count()).select_from(table).where(table.c.generation != current)
            total += (await connection.execute(count)).scalar_one()
    return total


async def change_seats(book: Book, clock: ShiftedClock, *, customer_id: str, quantity: int) -> None:
    async with book.write() as tx:
        holding = await tx.customers.lock(customer_id)
        assert holding is not None
        await tx.subscriptions.change(holding.subscriptions[0], quantity=quantity)
        await tx.audit.append(
            AuditRecordRow(
                id="x",
                at=clock.now(),
                customer_id=customer_id,
                customer_name=holding.customer.name,
                resource_type="subscription",
                operation="update_subscription",
                succeeded=True,
                correlation_id="c",
                old_value="{}",
                new_value="{}",
            )
        )


async def test_a_new_book_replaces_the_old_one_and_nothing_of_it_is_left(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    old = [customer(f"Old {n}", subscription(), users=[user("A")]) for n in range(30)]
    new = [customer("New", subscription()), old[3]]
    await load(book, write_book(tmp_path, old), clock=clock)
    report = await load(book, write_book(tmp_path, new), clock=clock)
    assert (report.customers, report.subscriptions, report.users, report.kept) == (2, 2, 1, ())
    assert await book.holding(old[0]["id"]) is None
    assert await book.holding(new[0]["id"]) is not None
    assert await rows_of_other_generations(book) == 0


async def test_a_customer_that_was_changed_while_an_import_ran_stays_as_it_is(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    """No confirmed order is lost (decision 0021); the report names the customer."""
    touched, quiet = customer("Töuched", subscription(quantity=5), users=[user("A")]), customer("Quiet", subscription())
    gone = customer("Gone", subscription(quantity=7))
    await load(book, write_book(tmp_path, [touched, quiet, gone]), clock=clock)
    async with book.load() as tx:
        generation = await tx.generations.begin(clock.now())
    await change_seats(book, clock, customer_id=touched["id"], quantity=9)
    await change_seats(book, clock, customer_id=gone["id"], quantity=8)
    new_name = {"id": touched["id"], "name": "Renamed", "domain": "d", "country": "DE"}
    rights = {"delegated": "true", "granular": "true"}
    async with book.load() as tx:
        rows = {
            tables.customers: [{**new_name, **rights}],
            tables.names: [{"field": 0, "key": "renamed", "customer_id": touched["id"], "main_key": None}],
        }
        await tx.generations.load(generation, rows, now=clock.now())
        swapped = await tx.generations.swap(generation)
    assert set(swapped.kept) == {touched["id"], gone["id"]}
    assert swapped.customers == 2
    for each, seats in ((touched, 9), (gone, 8)):
        holding = await book.holding(each["id"])
        assert holding is not None
        assert (holding.customer.name, holding.subscriptions[0].quantity) == (each["companyName"], seats)
    assert await book.holding(quiet["id"]) is None
    async with book.read() as tx:
        page = await tx.customers.starting_with("", field=0, size=10, after=None)
        assert sorted(each.name for each in page.items) == ["Gone", "Töuched"]
        assert len((await tx.users.page(touched["id"], active=True, size=5, after=None)).items) == 1


async def test_writes_are_committed_and_reads_answered_while_an_import_runs(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    """An import makes nobody wait for its end (issue 2, 2)."""
    old = [customer(f"Old {n}", subscription(quantity=5)) for n in range(50)]
    await load(book, write_book(tmp_path, old, name="old.json"), clock=clock)
    new = old + [customer(f"New {n}", *(subscription() for _ in range(3)), users=[user("A")]) for n in range(6000)]
    file = write_book(tmp_path, new, name="new.json")
    importing = asyncio.create_task(load(book, file, clock=clock))
    done = 0
    while not importing.done() and done < len(old):
        each = old[done]
        await change_seats(book, clock, customer_id=each["id"], quantity=6)
        if importing.done():
            break
        done += 1
        holding = await book.holding(each["id"])
        assert holding is not None
        assert holding.subscriptions[0].quantity == 6
    report = await importing
    assert done >= 3
    assert {each["id"] for each in old[:done]} >= set(report.kept)
    for each in old[:done]:
        holding = await book.holding(each["id"])
        assert holding is not None
        # Changed before the import began: the file's state. While it ran: kept. After it: the new book's own.
        assert holding.subscriptions[0].quantity in ({6} if each["id"] in report.kept else {5, 6})
    assert report.customers == len(new)


async def test_two_imports_at_once_are_one_too_many(book: Book, clock: ShiftedClock) -> None:
    async with book.load() as tx:
        await tx.generations.begin(clock.now())
    with pytest.raises(ImportRunning):
        async with book.load() as tx:
            await tx.generations.begin(clock.now() + timedelta(seconds=30))


async def test_an_import_that_died_is_forgotten_and_can_load_nothing_any_more(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    async with book.load() as tx:
        dead = await tx.generations.begin(clock.now())
        name = {"field": 0, "key": "ghost", "customer_id": "x", "main_key": None}
        await tx.generations.load(dead, {tables.names: [name]}, now=clock.now())
    clock.advance(DEAD_AFTER + timedelta(seconds=1))
    await load(book, write_book(tmp_path, [customer("A")]), clock=clock)
    assert await rows_of_other_generations(book) == 0
    async with book.load() as tx:
        with pytest.raises(ImportLost):
            await tx.generations.load(dead, {}, now=clock.now())
        with pytest.raises(ImportLost):
            await tx.generations.swap(dead)


async def test_an_import_that_is_cancelled_leaves_the_old_book_and_no_rows(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    old = customer("Old", subscription())
    await load(book, write_book(tmp_path, [old], name="old.json"), clock=clock)
    file = write_book(tmp_path, [customer(f"New {n}", subscription()) for n in range(4000)], name="new.json")
    importing = asyncio.create_task(load(book, file, clock=clock))
    while not await rows_of_other_generations(book):
        assert not importing.done()
        await asyncio.sleep(0.001)
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert await book.holding(old["id"]) is not None
    assert await rows_of_other_generations(book) == 0
    report = await load(book, file, clock=clock)
    assert report.customers == 4000


async def test_a_file_that_changes_between_check_and_loading_is_refused(
    book: Book, tmp_path: Path, clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_book(tmp_path, [customer("Contoso", subscription())])
    begin = type(book).load

    def spoil(self: Book) -> object:
        file.write_bytes(file.read_bytes().replace(b"Contoso", b"Fabrika"))
        return begin(self)

    monkeypatch.setattr(type(book), "load", spoil)
    with pytest.raises(ValueError, match="changed while it was imported"):
        await load(book, file, clock=clock)
    assert json.loads(file.read_text(encoding="utf-8"))["customers"][0]["companyName"] == "Fabrika"
    async with book.look() as tx:
        assert (await tx.customers.starting_with("", field=0, size=5, after=None)).items == ()
