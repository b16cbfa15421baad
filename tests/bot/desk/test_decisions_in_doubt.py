"""A connection that breaks in the commit of a decision: looked up before it is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.desk.reject import reject
from bot.desk.stopping_by_hand import resume_all, stop_all
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import Undetermined
from bot.domain.people import Caller
from storage.database import Database, Transaction
from storage.errors import CommitUnknown
from tests.bot.desk.conftest import CONTOSO
from tests.support.approving import helpdesk, waiting
from tests.support.asking import current
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit
from tests.support.engines import AUDIT_KEY

S = ChangeState


class Breaking(Database):
    """The real database, whose connection breaks while it commits: before it was kept, or after."""

    kept = True

    @asynccontextmanager
    async def write(self, *, within: float | None = None) -> AsyncIterator[Transaction]:
        """As the real one."""
        async with super().write(within=within) as tx:
            yield tx
            if not self.kept:
                raise CommitUnknown("gone")
        raise CommitUnknown("gone")


@pytest.fixture
async def breaking(database_url: str, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[Breaking]:
    """Another process's connections to the same database."""
    opened = Breaking(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await opened.open()
    yield opened
    await opened.close()


async def test_a_decision_that_was_kept_is_called_recorded(kit: DeskKit, heidi: Caller, breaking: Breaking) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    decided = await approve(replace(kit.desk, database=breaking), caller=heidi, review_id=sheet.review_id)
    assert (decided.change.state, decided.counted, decided.needed) == (S.APPROVED, 1, 1)


async def test_a_decision_that_was_not_kept_is_called_neither_and_may_be_made_again(
    kit: DeskKit, heidi: Caller, breaking: Breaking
) -> None:
    breaking.kept = False
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    broken = replace(kit.desk, database=breaking)
    with pytest.raises(Undetermined) as doubt:
        await approve(broken, caller=heidi, review_id=sheet.review_id)
    assert doubt.value.reason == "not_confirmed"
    with pytest.raises(Undetermined):
        await reject(broken, caller=heidi, change_id=change.id, reason="no")
    assert (await current(kit, change)).state is S.AWAITING_APPROVAL
    assert (await approve(kit.desk, caller=heidi, review_id=sheet.review_id)).change.state is S.APPROVED


async def test_a_stop_in_doubt_is_looked_up(kit: DeskKit, heidi: Caller, breaking: Breaking) -> None:
    """Never called unrecorded while it stands."""
    broken = replace(kit.desk, database=breaking)
    stopped = await stop_all(broken, caller=heidi)
    assert (stopped.moved, stopped.by) == (True, heidi.actor)
    breaking.kept = False
    with pytest.raises(Undetermined) as doubt:
        await resume_all(broken, caller=heidi)
    assert doubt.value.reason == "not_confirmed"
    async with kit.desk.database.read() as tx:
        assert await tx.switches.stopped() is not None
