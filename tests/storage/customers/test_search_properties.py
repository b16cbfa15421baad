"""What holds for every name and every text: nobody is hidden, and both engines answer the same."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.directory import mistyped
from bench.directory_names import customers
from bot.domain.clock import ShiftedClock
from bot.domain.customers import Customer
from storage.customers.folding import name_texts, readings
from storage.customers.matching import Word, best
from storage.customers.slips import begins_almost
from storage.customers.store import CustomerStore
from tests.support.counting_ids import CountingIds
from tests.support.engines import PostgresTemplate

LETTERS = st.text(alphabet="abcdeäöüéßñł &.-", min_size=2, max_size=20)


async def test_every_part_of_a_name_finds_it_unless_a_hundred_others_fit(
    database_url: str, clock: ShiftedClock, ids: CountingIds
) -> None:
    store, chance = CustomerStore(database_url, clock=clock, ids=ids), random.Random(1)  # noqa: S311 no secret
    there = list(customers(90))
    await store.add(there)
    for each in there:
        for _ in range(4):
            begin = chance.randrange(len(each.name) - 1)
            part = each.name[begin : begin + chance.randrange(2, 12)]
            if max((len(word) for reading in name_texts(part) for word in reading.split()), default=0) < 2:
                continue
            found = (await store.search(part, limit=100)).found
            assert each in [one.customer for one in found], (each.name, part)
    await store.close()


async def test_both_engines_answer_the_same_in_the_same_order(
    sqlite_url: str, postgres_template: PostgresTemplate, clock: ShiftedClock, tmp_path: Path
) -> None:
    chance, there = random.Random(2), list(customers(400))  # noqa: S311 no secret
    with postgres_template.copied() as url:
        stores = [CustomerStore(each, clock=clock, ids=CountingIds()) for each in (sqlite_url, url)]
        for store in stores:
            await store.add(there)
        for each in there[:60]:
            for typed in (each.name[:3], each.name[2:6], mistyped(chance, each.name), each.domain[:7], each.id[:6]):
                one, other = [await store.search(typed, limit=100) for store in stores]
                assert [hit.customer for hit in one.found] == [hit.customer for hit in other.found], typed
                assert one.fitting == other.fitting
        for store in stores:
            await store.close()


@given(name=LETTERS, at=st.integers(0, 18), length=st.integers(2, 20))
def test_each_part_of_a_name_fits_it(name: str, at: int, length: int) -> None:
    part = name[at : at + length]
    wanted = tuple(tuple(Word(word) for word in reading) for reading in readings(part))
    if wanted:
        customer = Customer(id="x", name=name, domain="")
        assert best(customer, wanted, part.casefold()) is not None


@given(word=st.text(alphabet="abcde", min_size=3, max_size=12), seed=st.integers(0, 10_000), more=st.text("xyz "))
def test_a_word_with_one_error_is_almost_its_beginning(word: str, seed: int, more: str) -> None:
    assert begins_almost(mistyped(random.Random(seed), word), word + more)  # noqa: S311 no secret
