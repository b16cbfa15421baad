import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.directory_fill import fill_directory
from bot.desk.directory_search import search_customers
from bot.domain.clock import ShiftedClock
from storage.database import Database
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, make_desk
from tests.support.service import customer, running_service

MANY = [customer(f"Kunde {number:03} GmbH", domain=f"kunde{number}.example") for number in range(60)]


@pytest.fixture
async def kit(database: Database, tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[DeskKit]:
    async with running_service(tmp_path, clock=clock, ids=ids, customers=MANY) as running:
        yield make_desk(database=database, service=running, clock=clock, ids=ids)


async def test_a_pass_takes_everybody_in_and_says_how_old_it_is(kit: DeskKit, clock: ShiftedClock) -> None:
    before = clock.now()
    assert not await fill_directory(kit.desk, owner="w", stop=asyncio.Event())
    found = await search_customers(kit.desk, text="kunde", limit=100)
    assert len(found.matches) == 60
    assert found.complete
    assert found.as_of is not None
    assert abs(found.as_of - before) < timedelta(seconds=30)
    standing = await kit.desk.database.customers.standing()
    assert standing.customers == 60
