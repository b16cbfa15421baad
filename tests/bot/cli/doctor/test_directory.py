"""`doctor` says how old and how large the directory of customers is, and makes nothing, on both engines."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.cli.doctor.finding import State
from bot.domain.clock import ShiftedClock
from bot.domain.customers import Customer
from bot.domain.ids import RandomIds
from storage.customers import tables
from storage.customers.store import CustomerStore
from tests.support.doctored import sound_world


@pytest.fixture(autouse=True)
def _no_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


async def filled(url: str, *, age: timedelta | None) -> None:
    store = CustomerStore(url, clock=ShiftedClock(), ids=RandomIds())
    await store.add([Customer(id=f"{at}", name=f"Kunde {at}", domain=f"{at}.example") for at in range(3)])
    if age is not None:
        async with store.session(writes=True) as session:
            await session.execute(update(tables.state).values(passed_at=session.now - age))
    await store.close()


@pytest.mark.parametrize(
    ("age", "state", "says"),
    [
        (None, State.OK, "The directory has 3 customers and fills; it was never read to its end yet."),
        (timedelta(minutes=20), State.OK, " UTC (20 min ago)."),
        (timedelta(hours=9), State.FAULT, " UTC (9 h ago). It should be younger."),
    ],
)
async def test_its_age_and_size_are_told(
    tmp_path: Path, database_url: str, age: timedelta | None, state: State, says: str
) -> None:
    await filled(database_url, age=age)
    async with sound_world(tmp_path, database_url) as world:
        (found,) = [each for each in await world.examine() if each.group == "directory"]
    assert found.state is state
    assert found.says.startswith("The directory has 3 customers")
    assert found.says.endswith(says)
    assert bool(found.fix) is (state is State.FAULT)


async def test_what_was_never_made_is_not_made(tmp_path: Path, database_url: str) -> None:
    async with sound_world(tmp_path, database_url) as world:
        for _ in range(2):
            (found,) = [each for each in await world.examine() if each.group == "directory"]
            assert found.says == "No customers were read yet; a worker does so when it starts."
