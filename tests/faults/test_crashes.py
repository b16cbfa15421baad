"""The short form of `make faults`: the most telling points, on both engines (issue 4, 2)."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from tests.faults.carrying import run_point
from tests.faults.conftest import Worlds
from tests.faults.points import Action, named
from tests.faults.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHORT: Final = (
    ("request: committed, not acked", Action.KILL),
    ("sent mark: committed", Action.KILL),
    ("call: carried out, no answer yet", Action.KILL),
    ("card: posted, not recorded", Action.KILL),
    ("429: recorded", Action.KILL),
    ("withdraw: committed, not acked", Action.KILL),
    ("claim: committed", Action.STOP),
    ("step: as the request leaves", Action.STOP),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgres"])
async def world(request: pytest.FixtureRequest, worlds: Worlds) -> AsyncIterator[World]:
    """One for all points of an engine."""
    async with worlds(request.param, customers=len(SHORT)) as made:
        yield made


@pytest.mark.parametrize(("name", "action"), SHORT, ids=[f"{action} {name}" for name, action in SHORT])
async def test_whatever_process_dies_or_sleeps_it_is_ordered_once_and_told_once(
    world: World, name: str, action: Action
) -> None:
    """One order or a way out, the trail whole, each message once, the card like the row."""
    result = await run_point(world, named(name), action)
    assert not result.faults, "\n".join(result.faults)
