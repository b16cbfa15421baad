"""The commit of the mark breaks: nothing is sent without it, and a change is not called unknown for nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.submit import submit
from bot.desk.sweep import sweep
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from storage.database import Database, Transaction
from storage.errors import CommitUnknown
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.counting_ids import CountingIds
from tests.support.desks import OWNER, DeskKit
from tests.support.engines import AUDIT_KEY


class Breaking(Database):
    """The real database, whose first writing transaction breaks at its commit: kept or not."""

    kept = True
    broke = False

    @asynccontextmanager
    async def write(self, *, within: float | None = None) -> AsyncIterator[Transaction]:
        async with super().write(within=within) as tx:
            yield tx
            if not self.broke and not self.kept:
                self.broke = True
                raise CommitUnknown("gone")
        if not self.broke:
            self.broke = True
            raise CommitUnknown("gone")


@pytest.fixture
async def breaking(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[Breaking]:
    opened = Breaking(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await opened.open()
    yield opened
    await opened.close()


@pytest.mark.parametrize("kept", [True, False])
async def test_a_mark_that_may_have_been_kept_sends_nothing_and_is_tried_again(
    kit: DeskKit,
    heidi: Caller,
    clock: ShiftedClock,
    breaking: Breaking,
    kept: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    """Its sender knows that nothing left, so nobody has to settle it by hand a day later."""
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    breaking.kept = kept
    await submit(replace(kit.desk, database=breaking), owner=OWNER, change=claimed)
    assert breaking.broke
    assert await kit.service.orders() == 0
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).unknown == 0
    clock.advance(timedelta(minutes=1))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1
