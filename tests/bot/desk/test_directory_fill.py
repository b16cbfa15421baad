"""Filling the directory (issue 5, section 2): page by page, resumed, once, from a service that misbehaves."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.desk import Desk, DeskConfig
from bot.desk.directory_fill import LEASE, fill_directory
from bot.desk.directory_search import search_customers
from bot.domain.clock import ShiftedClock
from bot.domain.customers import Customer
from bot.domain.errors import ServiceRejected, ServiceTrouble, ServiceUnreachable
from storage.customers.store import CustomerStore
from storage.database import Database
from tests.support.counting_ids import CountingIds
from tests.support.listing import Listing, ListKit, OtherPages, listed


@pytest.fixture
def kit(database: Database, clock: ShiftedClock, ids: CountingIds) -> ListKit:
    listing = Listing(clock)
    listing.put(*(listed(number) for number in range(45)))
    config = DeskConfig(approvals_channel="C0A", audit_channel="C0B", language="en", service_is_embedded=True)
    unused: dict[str, object] = {"directory": None, "catalogue": None, "policies": None}
    desk = Desk(database=database, service=listing, clock=clock, ids=ids, config=config, **unused)  # type: ignore[arg-type]
    return ListKit(desk, listing, clock)


async def test_a_pass_takes_everybody_in_and_says_how_old_it_is(kit: ListKit) -> None:
    before = kit.clock.now()
    assert not await kit.turn()
    found = await search_customers(kit.desk, text="kunde")
    assert len(found.matches) == 45
    assert found.complete
    assert found.as_of is not None
    assert abs(found.as_of - before) < timedelta(seconds=30)
    assert not await kit.turn()
    assert len(kit.listing.read) == 5


async def test_a_directory_that_fills_is_searched_and_says_that_it_is_not_complete(kit: ListKit) -> None:
    assert await kit.turn(seconds=0.0001)
    some = await kit.names()
    found = await search_customers(kit.desk, text="kunde")
    assert {each.customer.name for each in found.matches} >= some
    assert not found.complete
    assert found.as_of is None


async def test_another_worker_goes_on_where_a_dead_one_was(kit: ListKit) -> None:
    """After its lease; not before, and without reading again what was kept."""
    assert await kit.turn("dead", seconds=0.0001)
    kept = len(await kit.names())
    read = len(kit.listing.read)
    assert not await kit.turn("other")
    assert len(kit.listing.read) == read
    kit.clock.advance(LEASE + timedelta(seconds=1))
    assert not await kit.turn("other")
    assert len(await kit.names()) == 45
    assert kept == 0 or None not in kit.listing.read[read:]


async def test_a_worker_killed_in_mid_pass_costs_nothing_that_was_kept(kit: ListKit) -> None:
    task = asyncio.create_task(kit.turn("killed"))
    began = asyncio.Event()
    kit.listing.before = lambda page: began.set() if page == 2 else None
    await asyncio.wait_for(began.wait(), 20)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    kit.clock.advance(LEASE + timedelta(seconds=1))
    assert not await kit.turn("other")
    assert len(await kit.names()) == 45


async def test_two_workers_at_once_fill_it_once(kit: ListKit, ids: CountingIds) -> None:
    url = kit.desk.database._url  # noqa: SLF001 - the same database as another process sees it
    other = CustomerStore(url, clock=kit.clock, ids=ids)
    database = Database(url, clock=kit.clock, ids=ids, audit_key=b"x" * 32)
    await database.open()
    await other.close()
    second = replace(kit.desk, database=database)
    await asyncio.gather(kit.turn("one"), fill_directory(second, owner="two", stop=asyncio.Event()))
    await database.close()
    assert len(await kit.names()) == 45
    assert len(kit.listing.read) == 5


async def test_who_has_gone_vanishes_after_a_whole_pass_and_the_key_of_the_others_stays(kit: ListKit) -> None:
    await kit.whole()
    keys = {each.customer.id: each.key for each in (await search_customers(kit.desk, text="kunde")).matches}
    del kit.listing.there[listed(7).id]
    await kit.whole()
    found = {each.customer.id: each.key for each in (await search_customers(kit.desk, text="kunde")).matches}
    assert found == {each: key for each, key in keys.items() if each != listed(7).id}


async def test_nobody_vanishes_through_a_pass_that_broke(kit: ListKit) -> None:
    await kit.whole()
    kit.listing.there = {each: one for each, one in kit.listing.there.items() if one.name < "Kunde 0030"}
    kit.listing.read.clear()

    def broken(page: int) -> None:
        if page == 2:
            raise ServiceUnreachable

    kit.listing.before = broken
    kit.clock.advance(kit.desk.config.directory_every + LEASE)
    with pytest.raises(ServiceTrouble):
        await kit.turn()
    assert len(await kit.names()) == 45


async def test_a_list_that_is_suddenly_empty_is_believed_the_second_time(kit: ListKit) -> None:
    """Where more than half of many are missing; a few are asked for one by one."""
    kit.listing.put(*(listed(number) for number in range(300)))
    await kit.whole()
    kit.listing.there.clear()
    await kit.whole()
    assert len(await kit.names()) == 300
    await kit.whole()
    assert await kit.names() == set()


async def test_who_is_renamed_between_two_pages_is_not_lost(kit: ListKit) -> None:
    """A name that moves to a page that was read already is met by nobody, and asked for at the end."""
    await kit.whole()

    def renamed(page: int) -> None:
        if page == 2:
            kit.listing.put(listed(40, "Aachener Kunde"))

    kit.listing.read.clear()
    kit.listing.before = renamed
    await kit.whole()
    names = await kit.names()
    assert len(names) == 45
    assert "Aachener Kunde" in names
    assert "Kunde 0040 GmbH" not in names


async def test_a_page_that_comes_twice_changes_nothing(kit: ListKit) -> None:
    again = kit.listing.customer_page

    async def twice(token: str | None, *, correlation_id: str) -> tuple[tuple[Customer, ...], str | None]:
        page, following = await again(token, correlation_id=correlation_id)
        return (*page, *page), following

    object.__setattr__(kit.desk, "service", OtherPages(kit.listing, twice))
    assert not await kit.turn()
    assert len(await kit.names()) == 45


async def test_a_page_to_go_on_with_that_is_not_known_any_more_begins_the_pass_anew(kit: ListKit) -> None:
    assert await kit.turn(seconds=0.0001)
    kit.listing.epoch = "b"
    with pytest.raises(ServiceRejected):
        await kit.turn()
    assert not await kit.turn()
    assert len(await kit.names()) == 45


async def test_a_list_that_goes_round_ends_with_an_error_and_nobody_vanishes(kit: ListKit) -> None:
    await kit.whole()
    read = kit.listing.customer_page

    async def round_(token: str | None, *, correlation_id: str) -> tuple[tuple[Customer, ...], str | None]:
        page, following = await read(token, correlation_id=correlation_id)
        return page, following or "a:"

    object.__setattr__(kit.desk, "service", OtherPages(kit.listing, round_))
    kit.clock.advance(kit.desk.config.directory_every + LEASE)
    with pytest.raises(ServiceTrouble):
        await kit.turn()
    assert len(await kit.names()) == 45


async def test_somebody_added_a_minute_ago_is_found_by_the_service_and_has_a_key(kit: ListKit) -> None:
    await kit.whole()
    kit.listing.put(listed(99, "Brandneu AG"))
    found = (await search_customers(kit.desk, text="Brandneu")).matches
    assert [each.customer.name for each in found] == ["Brandneu AG"]
    known = await kit.desk.database.customers.by_key(found[0].key)
    assert known is not None
    assert known.customer == listed(99, "Brandneu AG")


async def test_many_passes_that_each_meet_somebody_new_leave_few_segments(kit: ListKit) -> None:
    for number in range(100, 112):
        kit.listing.put(listed(number))
        await kit.whole()
    async with kit.desk.database.customers.session() as session:
        segments = (await session.driven("SELECT count(*) FROM segment", ())).scalar_one()
    assert segments <= 5
    assert len((await search_customers(kit.desk, text="kunde")).matches) == 57
    assert [each.customer.name for each in (await search_customers(kit.desk, text="kunde 0111")).matches][:1] == [
        "Kunde 0111 GmbH"
    ]
