import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot.domain.clock import ShiftedClock
from storage.book import tables
from storage.book.answers import KEPT
from storage.book.book import Book
from storage.book.customers import DOMAIN, NAME
from storage.book.records import RememberedAnswer, SubscriptionRecord
from storage.book.schema import BookSchemaError
from tests.support.books import load, write_book
from tests.support.service import E1, E3, customer, subscription, user


async def test_a_second_process_that_opens_the_book_finds_the_same_paging_key(book: Book, book_url: str) -> None:
    async with Book.at(book_url) as other:
        assert other.paging_key == book.paging_key


async def test_many_processes_that_open_an_empty_book_make_it_once(book_url: str) -> None:
    books = [Book.at(book_url) for _ in range(6)]
    await asyncio.gather(*(each.open() for each in books))
    assert len({each.paging_key for each in books}) == 1
    for each in books:
        await each.close()


async def test_a_book_of_another_version_is_refused(book: Book, book_url: str) -> None:
    async with book._writing.begin() as connection:  # noqa: SLF001 no other way to age a book
        await connection.execute(update(tables.state).values(schema_version=99))
    with pytest.raises(BookSchemaError, match="version 99"):
        await Book.at(book_url).open()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://here"])
def test_a_database_that_cannot_hold_a_book_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="book"):
        Book.at(url)


async def test_names_are_found_by_their_beginning_once_each_and_page_by_page(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    names = [*(f"Müller {number:02}" for number in range(7)), "Mueller AG", "Muller Ltd", "Maier", "Zeta"]
    await load(book, write_book(tmp_path, [customer(name) for name in names]), clock=clock)

    async def every(start: str, size: int) -> list[str]:
        found: list[str] = []
        after: tuple[str, ...] | None = None
        while True:
            async with book.look() as tx:
                page = await tx.customers.starting_with(start, field=NAME, size=size, after=after)
            assert len(page.items) <= size
            found += [each.name for each in page.items]
            after = page.next_after
            if after is None:
                return found

    for size in (1, 2, 3, 50):
        assert sorted(await every("müll", size)) == sorted(names[:9])
        assert sorted(await every("m", size)) == sorted(names[:10])
        assert sorted(await every("Mueller", size)) == sorted(names[:8])
        assert sorted(await every("Muller", size)) == sorted([*names[:7], "Muller Ltd"])
        assert sorted(await every("", size)) == sorted(names)
        assert await every("nobody", size) == []


async def test_domains_are_found_by_their_beginning(book: Book, tmp_path: Path, clock: ShiftedClock) -> None:
    made = [customer("A", domain="contoso.de"), customer("B", domain="Contoso.com"), customer("C", domain="other.de")]
    await load(book, write_book(tmp_path, made), clock=clock)
    async with book.look() as tx:
        page = await tx.customers.starting_with("CONTOSO.", field=DOMAIN, size=10, after=None)
    assert [each.name for each in page.items] == ["B", "A"]


async def test_a_name_of_3000_characters_is_kept_and_found(book: Book, tmp_path: Path, clock: ShiftedClock) -> None:
    name = "Ümläut😀" * 428
    await load(book, write_book(tmp_path, [customer(name)]), clock=clock)
    async with book.look() as tx:
        page = await tx.customers.starting_with(name, field=NAME, size=10, after=None)
    assert [each.name for each in page.items] == [name]


async def test_holdings_that_are_read_together_are_each_their_own(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    made = [customer(f"C{n}", *(subscription(quantity=n + 1) for _ in range(n % 4))) for n in range(80)]
    await load(book, write_book(tmp_path, made), clock=clock)
    found = await asyncio.gather(*(book.holding(each["id"]) for each in made), book.holding("nobody"))
    assert found.pop() is None
    for expected, holding in zip(made, found, strict=True):
        assert holding is not None
        assert holding.customer.name == expected["companyName"]
        assert [each.id for each in holding.subscriptions] == [each["id"] for each in expected["subscriptions"]]


async def test_a_cancelled_reader_takes_nobody_with_it(book: Book, tmp_path: Path, clock: ShiftedClock) -> None:
    made = [customer(f"C{n}") for n in range(40)]
    await load(book, write_book(tmp_path, made), clock=clock)
    for turn in range(20):
        tasks = [asyncio.create_task(book.holding(each["id"])) for each in made]
        await asyncio.sleep(0.0005 * turn)
        for task in tasks[turn % 3 :: 3]:
            task.cancel()
        results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), timeout=10)
        for expected, result in zip(made, results, strict=True):
            if not isinstance(result, asyncio.CancelledError):
                assert result is not None
                assert not isinstance(result, BaseException)
                assert result.customer.id == expected["id"]


async def test_of_two_changes_of_one_version_one_wins(book: Book, tmp_path: Path, clock: ShiftedClock) -> None:
    made = customer("A", subscription(quantity=5))
    await load(book, write_book(tmp_path, [made]), clock=clock)

    async def add_a_seat() -> SubscriptionRecord | None:
        async with book.write() as tx:
            holding = await tx.customers.lock(made["id"])
            assert holding is not None
            before = holding.subscriptions[0]
            return await tx.subscriptions.change(before, quantity=before.quantity + 1)

    done = await asyncio.gather(*(add_a_seat() for _ in range(20)))
    assert all(done)
    holding = await book.holding(made["id"])
    assert holding is not None
    assert (holding.subscriptions[0].quantity, holding.subscriptions[0].version) == (25, 21)
    async with book.write() as tx:
        stale = done[0]
        assert stale is not None
        assert await tx.subscriptions.change(stale, quantity=1) is None or stale.version == 21


async def test_licences_move_and_a_target_that_is_there_already_is_no_trouble(
    book: Book, tmp_path: Path, clock: ShiftedClock
) -> None:
    people = [user(f"P{n}", licenses=[E1, E3] if n == 3 else [E1]) for n in range(1200)]
    made = customer("A", subscription(E1, 1500), subscription(E3, 10), users=people)
    await load(book, write_book(tmp_path, [made]), clock=clock)
    async with book.write() as tx:
        holding = await tx.customers.lock(made["id"])
        assert holding is not None
        e1, e3 = (each.offer_id for each in holding.subscriptions)
        holders = await tx.users.holders(made["id"], e1)
        assert [each.user.id for each in holders] == sorted(each["id"] for each in people)
        await tx.users.move(made["id"], from_offer=e1, to_offer=e3, user_ids=[each.user.id for each in holders])
    async with book.read() as tx:
        assert await tx.users.counts(made["id"]) == {e3: 1200}


async def test_an_answer_is_forgotten_when_it_is_old(book: Book, clock: ShiftedClock) -> None:
    answer = RememberedAnswer(
        request_id="r", fingerprint="f", status=200, headers=(("ETag", '"x"'),), body=b"\x00\xff", at=clock.now()
    )
    async with book.write() as tx:
        await tx.answers.remember(answer)
        await tx.answers.forget_old(clock.now() + KEPT - timedelta(minutes=1))
        assert await tx.answers.get("r") == answer
        await tx.answers.forget_old(clock.now() + KEPT + timedelta(minutes=1))
        assert await tx.answers.get("r") is None


async def test_a_write_that_fails_leaves_nothing(book: Book, clock: ShiftedClock) -> None:
    answer = RememberedAnswer(request_id="r", fingerprint="f", status=200, headers=(), body=b"", at=clock.now())

    async def fail() -> None:
        async with book.write() as tx:
            await tx.answers.remember(answer)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        await fail()
    async with book.look() as tx:
        assert await tx.answers.get("r") is None


async def test_a_search_reads_a_range_of_the_index_and_not_the_table(tmp_path: Path, clock: ShiftedClock) -> None:
    async with Book.at(f"sqlite:///{tmp_path / 'b.db'}") as book:
        await load(book, write_book(tmp_path, [customer(f"C{n}") for n in range(5)]), clock=clock)
        async with book._reading.connect() as connection:  # noqa: SLF001 the plan is what is tested
            plan = await connection.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT key FROM book_name WHERE generation = 1 AND field = 0 "
                    "AND key >= 'c' AND key < 'd' ORDER BY key, customer_id LIMIT 5"
                )
            )
            told = " ".join(row[3] for row in plan)
    assert "SEARCH book_name" in told
    assert "TEMP B-TREE" not in told
