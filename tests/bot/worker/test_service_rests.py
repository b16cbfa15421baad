"""A service that does not answer holds up nothing else: nothing is claimed, readers are told at once, it goes on."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.find_customer import find_customer
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import ServiceTrouble
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from bot.eligibility.breaker import Health, ServiceResting
from bot.worker.clockwork import Clockwork
from bot.worker.submission import Submission
from storage.database import Database
from tests.support.asking import current, requested
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, make_desk
from tests.support.service import BASIC, customer, running_service, subscription

CONTOSO = customer("Contoso GmbH", subscription(BASIC, 24), domain="contoso.de")


@pytest.fixture
async def kit(tmp_path: Path, database: Database, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[DeskKit]:
    async with running_service(tmp_path, clock=clock, ids=ids, customers=[CONTOSO]) as service:
        yield make_desk(database=database, service=service, clock=clock, ids=ids)


@pytest.fixture
def heidi(kit: DeskKit) -> Caller:
    return kit.member("U0HEIDI", PartnerRole.SALES_AGENT)


async def _break(kit: DeskKit, heidi: Caller) -> None:
    while kit.desk.service.breaker.health is Health.ANSWERING:
        with pytest.raises(ServiceTrouble):
            await find_customer(kit.desk, caller=heidi, text="Contoso GmbH")


async def test_a_change_that_is_due_waits_untouched_and_is_sent_when_the_service_is_back(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Never counted as a failure of the change: no state, no attempt, no entry, no pause."""
    change = await requested(kit, heidi, CONTOSO)
    before, submission = await current(kit, change), Submission(desk=kit.desk, owner="worker-1")
    with kit.service.faults.armed("unavailable"):
        await _break(kit, heidi)
        entries = len(await kit.trail())
        assert not await submission.step()
        assert submission.busy == 0
    assert await current(kit, change) == before
    assert len(await kit.trail()) == entries
    clock.advance(timedelta(seconds=6))
    assert kit.desk.service.breaker.health is Health.PROBING
    assert await submission.step()
    assert await submission.drain(seconds=30) == 0
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert kit.desk.service.breaker.health is Health.ANSWERING
    assert await kit.service.orders() == 1


async def test_readers_are_told_at_once(kit: DeskKit, heidi: Caller) -> None:
    with kit.service.faults.armed("cut"):
        await _break(kit, heidi)
        asked, began = len(kit.service.faults.met), time.perf_counter()
        for _ in range(20):
            with pytest.raises(ServiceResting):
                await find_customer(kit.desk, caller=heidi, text="Contoso GmbH")
        assert time.perf_counter() - began < 20 * 0.5
        assert len(kit.service.faults.met) == asked


async def test_what_nobody_looked_into_stays_due(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=True, method="POST")
    await kit.work()
    clock.advance(timedelta(minutes=2))
    unknown = await current(kit, change)
    assert unknown.state is ChangeState.UNKNOWN
    clockwork = Clockwork(desk=kit.desk)
    with kit.service.faults.armed("unavailable"):
        await _break(kit, heidi)
        await clockwork.step()
    assert await current(kit, change) == unknown
    clock.advance(timedelta(seconds=6))
    await clockwork.step()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
