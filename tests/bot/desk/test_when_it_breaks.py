"""What is said and kept when the database or the process fails in the middle."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bot.desk.check_status import check_status
from bot.desk.find_customer import find_customer
from bot.desk.request_upgrade import request_upgrade
from bot.desk.submit import submit
from bot.desk.sweep import prune, sweep
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import Undetermined
from bot.domain.people import Caller
from storage.database import Database, Transaction
from storage.errors import CommitUnknown, StorageUnavailable
from tests.bot.desk.conftest import CONTOSO
from tests.support.asking import current, prepared, requested
from tests.support.counting_ids import CountingIds
from tests.support.desks import OWNER, DeskKit
from tests.support.engines import AUDIT_KEY


class Breaking(Database):
    """The real database, and something that happens around the end of its writing transactions."""

    before_commit: Callable[[], None] = staticmethod(lambda: None)
    after_commit: Callable[[], None] = staticmethod(lambda: None)

    @asynccontextmanager
    async def write(self, *, within: float | None = None) -> AsyncIterator[Transaction]:
        """As the real one."""
        async with super().write(within=within) as tx:
            yield tx
            self.before_commit()
        self.after_commit()


@pytest.fixture
async def breaking(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[Breaking]:
    """Another process's connections to the same database."""
    opened = Breaking(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await opened.open()
    yield opened
    await opened.close()


def _on(kit: DeskKit, database: Database) -> DeskKit:
    return replace(kit, desk=replace(kit.desk, database=database))


def _raising(error: Exception, *, times: int = 1000) -> Callable[[], None]:
    left = iter(range(times))

    def fail() -> None:
        if next(left, None) is not None:
            raise error

    return fail


async def test_a_connection_that_breaks_in_the_commit_is_looked_up_before_it_is_answered(
    kit: DeskKit, heidi: Caller, breaking: Breaking
) -> None:
    """The commit was kept: the person is told what is true."""
    seen = await prepared(kit, heidi, CONTOSO)
    breaking.after_commit = _raising(CommitUnknown("gone"))
    change = await request_upgrade(_on(kit, breaking).desk, caller=heidi, draft_id=seen.draft_id, note="")
    assert (await current(kit, change)).state is ChangeState.APPROVED


async def test_a_commit_that_was_not_kept_is_not_called_recorded(
    kit: DeskKit, heidi: Caller, breaking: Breaking
) -> None:
    """Nor is it called refused: the same draft again finds out, and is one change."""
    seen = await prepared(kit, heidi, CONTOSO)
    breaking.before_commit = _raising(CommitUnknown("gone"))
    with pytest.raises(Undetermined) as raised:
        await request_upgrade(_on(kit, breaking).desk, caller=heidi, draft_id=seen.draft_id, note="")
    assert raised.value.reason == "not_confirmed"
    await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="")


async def test_a_process_that_slept_after_its_mark_does_not_send(
    kit: DeskKit, heidi: Caller, breaking: Breaking, clock: ShiftedClock
) -> None:
    """It woke too late by the monotonic clock. Its lease is over by then: nobody sends, and a person is asked."""
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    breaking.after_commit = lambda: clock.advance(timedelta(minutes=5))
    await submit(_on(kit, breaking).desk, owner=OWNER, change=claimed)
    assert await kit.service.orders() == 0
    await sweep(kit.desk)
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    assert not (await check_status(kit.desk, change_id=change.id)).settled


async def test_a_short_sleep_after_the_mark_gives_the_change_back(
    kit: DeskKit, heidi: Caller, breaking: Breaking, clock: ShiftedClock
) -> None:
    """Too late to send, but the lease still holds: its sender knows that nothing left."""
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    naps = iter([timedelta(seconds=58)])
    breaking.after_commit = lambda: clock.advance(next(naps, timedelta(0)))
    await submit(_on(kit, breaking).desk, owner=OWNER, change=claimed)
    assert await kit.service.orders() == 0
    assert (await current(kit, change)).state is ChangeState.APPROVED
    clock.advance(timedelta(minutes=1))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


@pytest.mark.parametrize("when", ["before_commit", "after_commit"])
async def test_an_outcome_is_recorded_once_however_often_the_database_fails_at_it(
    kit: DeskKit, heidi: Caller, breaking: Breaking, when: str
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    writes = iter([None, StorageUnavailable("away") if when == "before_commit" else CommitUnknown("gone")])

    def fail() -> None:
        if (error := next(writes, None)) is not None:
            raise error

    setattr(breaking, when, fail)
    await submit(_on(kit, breaking).desk, owner=OWNER, change=claimed)
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.follow_ups) == (ChangeState.COMPLETED, 1)
    async with kit.desk.database.read() as tx:
        assert len(await tx.follow_ups.of(change.id)) == 1
    assert await kit.service.orders() == 1


async def test_an_outcome_that_cannot_be_recorded_at_all_becomes_unknown(
    kit: DeskKit, heidi: Caller, breaking: Breaking, clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the service's own records settle it later; nothing is sent twice."""
    monkeypatch.setattr("bot.desk.outcome._TRIES", (0.0, 0.01))
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    writes = iter([None])

    def fail() -> None:
        if next(writes, "fail") == "fail":
            raise StorageUnavailable("away")

    breaking.before_commit = fail
    await submit(_on(kit, breaking).desk, owner=OWNER, change=claimed)
    assert (await current(kit, change)).state is ChangeState.SUBMITTING
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).unknown == 1
    assert (await check_status(kit.desk, change_id=change.id)).change.state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


async def test_a_refusal_that_cannot_be_recorded_is_no_permission(kit: DeskKit, breaking: Breaking) -> None:
    breaking.before_commit = _raising(StorageUnavailable("away"))
    with pytest.raises(StorageUnavailable):
        await find_customer(_on(kit, breaking).desk, caller=kit.member("U0NOBODY"), text="Contoso GmbH")


async def test_no_name_domain_or_note_is_ever_logged(kit: DeskKit, heidi: Caller) -> None:
    """Rule 7, on the way from the command to an outcome that went wrong."""
    with structlog.testing.capture_logs() as logs:
        kit.service.faults.arm("cut", acts=True, method="POST", path=r"/upgrades$")
        change = await requested(kit, heidi, CONTOSO, note="geheime Notiz")
        await kit.work()
        with kit.service.faults.armed("error"):
            await check_status(kit.desk, change_id=change.id)
    told = str(logs)
    assert logs
    for private in ("Contoso", "contoso.de", "geheim", "Felix", "Zentrale", "a token for tests"):
        assert private not in told


async def test_old_handles_and_drafts_are_forgotten(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    await prepared(kit, heidi, CONTOSO)
    assert await prune(kit.desk) == 0
    clock.advance(timedelta(days=41))
    assert await prune(kit.desk) > 0
    assert await prune(kit.desk) == 0
