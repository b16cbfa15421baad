"""What an agent waits for while typing, and how the filling ends (issue 5, section 2), on the real service."""

import asyncio

import pytest

from bot.desk.directory_search import customer_by_key, suggest_customers
from bot.desk.results import CustomerOpened
from bot.domain.errors import HandleUnknown, Refused
from bot.domain.people import Caller
from bot.eligibility.service.faults import FaultKind
from bot.worker.filling import Filling
from tests.bot.desk.conftest import BOOK, CONTOSO
from tests.support.desks import DeskKit
from tests.support.listing import Listing, ListKit, listed


async def filled(kit: DeskKit) -> None:
    filling = Filling(desk=kit.desk, owner="w")
    while await filling.step():
        continue
    assert (await kit.desk.database.customers.standing()).customers == len(BOOK)


async def test_what_is_suggested_has_a_key_that_opens_the_customer_as_the_service_has_it(
    kit: DeskKit, heidi: Caller
) -> None:
    await filled(kit)
    found = await suggest_customers(kit.desk, caller=heidi, text="contso")
    assert found.complete
    (match,) = [each for each in found.matches if each.customer.id == CONTOSO["id"]]
    opened = await customer_by_key(kit.desk, caller=heidi, key=match.key)
    assert isinstance(opened, CustomerOpened)
    assert opened.customer.id == CONTOSO["id"]


@pytest.mark.parametrize("key", ["", "x" * 22, "\x00", "'; DROP TABLE customer; --"])
async def test_a_key_of_nobody_opens_nobody(kit: DeskKit, heidi: Caller, key: str) -> None:
    await filled(kit)
    with pytest.raises(HandleUnknown):
        await customer_by_key(kit.desk, caller=heidi, key=key)


async def test_who_may_not_look_is_shown_nobody(kit: DeskKit) -> None:
    await filled(kit)
    nobody = kit.member("U0NOBODY")
    with pytest.raises(Refused):
        await suggest_customers(kit.desk, caller=nobody, text="contoso")


@pytest.mark.parametrize("text", ["contoso", "nobody has this name"])
async def test_a_service_that_hangs_holds_up_no_suggestion(kit: DeskKit, heidi: Caller, text: str) -> None:
    """The service would take a minute for each request; half of it is for a machine that is busy."""
    await filled(kit)
    kit.service.faults.arm(FaultKind.HANG, times=50, seconds=60)
    async with asyncio.timeout(30):
        found = await suggest_customers(kit.desk, caller=heidi, text=text)
    assert bool(found.matches) is (text == "contoso")


@pytest.fixture
def listing(kit: DeskKit) -> ListKit:
    """The same desk on a long list."""
    pages = Listing(kit.desk.clock)  # type: ignore[arg-type] # the fixture's
    pages.put(*(listed(number) for number in range(60)))
    object.__setattr__(kit.desk, "service", pages)
    return ListKit(kit.desk, pages, pages.clock)


async def test_filling_that_is_stopped_keeps_what_it_read_and_lets_another_go_on_at_once(listing: ListKit) -> None:
    filling = Filling(desk=listing.desk, owner="stopped")
    listing.listing.before = lambda page: filling.stop() if page == 2 else None
    assert not await asyncio.wait_for(filling.step(), 30)
    kept = len(await listing.names())
    assert kept >= 10
    assert not await filling.step()
    listing.listing.before = lambda _page: None
    other = Filling(desk=listing.desk, owner="other")
    while await other.step():
        continue
    assert len(await listing.names()) == 60


async def test_filling_that_is_cancelled_leaves_no_task_behind(listing: ListKit) -> None:
    began = asyncio.Event()
    listing.listing.before = lambda page: began.set() if page == 1 else None
    before = asyncio.all_tasks()
    task = asyncio.create_task(Filling(desk=listing.desk, owner="w").step())
    await asyncio.wait_for(began.wait(), 30)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert asyncio.all_tasks() <= before
