"""Who has gone leaves nothing of the name behind, on both engines."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import delete

from bot.domain.clock import ShiftedClock
from bot.domain.customers import Customer
from storage.customers import tables
from storage.customers.keeping import Keeping
from storage.customers.slips import slips
from storage.customers.store import CustomerStore
from storage.customers.sweeping import Sweeping
from tests.support.counting_ids import CountingIds


def made(number: int, name: str) -> Customer:
    return Customer(id=f"00000000-0000-4000-8000-{number:012x}", name=name, domain=f"firma-{number}.example")


@pytest.fixture
async def store(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[CustomerStore]:
    opened = CustomerStore(database_url, clock=clock, ids=ids)
    await opened.add([made(1, "Müller Quarzwerk GmbH"), made(2, "Müller Bau GmbH"), made(3, "Quarzwerkstatt Ost")])
    yield opened
    await opened.close()


async def everything(store: CustomerStore) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Grams, words and slips that are kept."""
    async with store.session() as session:
        grams = {row[0] for row in (await session.driven("SELECT gram FROM gram", ())).all()}
        words = {row[0] for row in (await session.driven("SELECT word FROM word", ())).all()}
        rows: Sequence[Any] = (await session.driven("SELECT rest, letter FROM slip", ())).all()
    left = {(row[0], row[1]) for row in rows}
    return grams, words, left


async def gone(store: CustomerStore, number: int) -> None:
    async with store.session(writes=True) as session:
        row = (await Keeping(session).by_ids([made(number, "").id]))[made(number, "").id]
        await session.execute(delete(tables.customers).where(tables.customers.c.num == row.num))
        await Sweeping(session).forget([row])


async def test_the_slips_that_the_engine_makes_are_those_that_are_looked_for(store: CustomerStore) -> None:
    _, words, left = await everything(store)
    assert left == {pair for word in words for pair in slips(word)}


async def test_words_that_nobody_else_has_go_and_those_of_others_stay(store: CustomerStore) -> None:
    await gone(store, 2)
    grams, words, left = await everything(store)
    assert "bau" not in words
    assert {"muller", "mueller", "quarzwe", "gmbh"} <= words
    assert "bau" not in grams
    assert left == {pair for word in words for pair in slips(word)}
    assert [each.customer.name for each in (await store.search("muler", limit=9)).found] == ["Müller Quarzwerk GmbH"]


async def test_a_beginning_that_another_word_has_too_stays(store: CustomerStore) -> None:
    """Seven letters are kept: "Quarzwerk" and "Quarzwerkstatt" begin alike."""
    await gone(store, 1)
    assert "quarzwe" in (await everything(store))[1]
    await gone(store, 3)
    grams, words, _ = await everything(store)
    assert "quarzwe" not in words
    assert "uar" not in grams


async def test_of_a_former_name_nothing_stays(store: CustomerStore) -> None:
    before = await store.by_ids([made(2, "").id])
    await store.add([made(2, "Fabrikam GmbH")])
    grams, words, _ = await everything(store)
    assert "bau" not in words | grams
    assert {"muller", "gmbh", "fabrika"} <= words
    assert (await store.by_ids([made(2, "").id]))[made(2, "").id].key == before[made(2, "").id].key


async def test_when_all_have_gone_nothing_is_left(store: CustomerStore) -> None:
    for number in (1, 2, 3):
        await gone(store, number)
    assert await everything(store) == (set(), set(), set())
