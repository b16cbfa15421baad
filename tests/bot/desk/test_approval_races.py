"""Many press at once: one decision, and every loser is told who made it and when (defects 2 and 10)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from itertools import cycle

import pytest

from bot.desk.approval_results import Decided
from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.desk.reject import reject
from bot.desk.withdraw import withdraw
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import AlreadyDecided
from bot.domain.people import Caller
from bot.domain.policy import ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.errors import StorageUnavailable
from tests.bot.desk.conftest import CONTOSO
from tests.support.approving import helpdesk, waiting
from tests.support.asking import current
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, on_another_machine
from tests.support.engines import AUDIT_KEY

S = ChangeState
PRESSES = 1_000
DECISIONS = frozenset({AuditName.CHANGE_APPROVE, AuditName.CHANGE_REJECT, AuditName.CHANGE_WITHDRAW})


@pytest.fixture
def kit(kit: DeskKit) -> DeskKit:
    """With patience: what is tested is who wins, not how fast this machine is."""
    kit.desk = replace(kit.desk, config=replace(kit.desk.config, write_deadline=60.0))
    return kit


def approvers(kit: DeskKit, count: int) -> list[Caller]:
    return [kit.member(f"U0APPROVER{number}", PartnerRole.ADMIN_AGENT) for number in range(count)]


async def patient(press: Callable[[], Awaitable[Decided]]) -> Decided:
    """Press again while the database is too busy to take it, as people do; nothing was recorded then."""
    while True:
        try:
            return await press()
        except StorageUnavailable:
            continue


async def test_of_a_thousand_presses_at_once_one_decides_and_all_others_hear_who_and_when(
    database_url: str, kit: DeskKit, clock: ShiftedClock, ids: CountingIds
) -> None:
    """On two machines, half of them approving and half rejecting."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    people = approvers(kit, PRESSES // 2)
    sheet = await prepare_approval(kit.desk, caller=people[0], change_id=change.id)
    reviews = {people[0].actor: sheet.review_id}
    async with kit.desk.database.write() as tx:
        first = await tx.reviews.get(sheet.review_id)
        assert first is not None
        for person in people[1:]:
            reviews[person.actor] = kit.desk.ids.opaque()
            await tx.reviews.add(replace(first, id=reviews[person.actor], actor=person.actor))
    other_database = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await other_database.open()
    try:
        other = on_another_machine(kit, other_database)
        results = await asyncio.gather(
            *(
                patient(partial(approve, desk, caller=person, review_id=reviews[person.actor]))
                for person, desk in zip(people, cycle((kit.desk, other.desk)), strict=False)
            ),
            *(
                patient(partial(reject, desk, caller=person, change_id=change.id, reason="no"))
                for person, desk in zip(people, cycle((kit.desk, other.desk)), strict=False)
            ),
            return_exceptions=True,
        )
    finally:
        await other_database.close()
    winners = [each for each in results if isinstance(each, Decided)]
    losers = [each for each in results if isinstance(each, AlreadyDecided)]
    assert [each for each in results if not isinstance(each, Decided | AlreadyDecided)] == []
    assert (len(winners), len(losers)) == (1, PRESSES - 1)
    after = await current(kit, change)
    assert after.state in {S.APPROVED, S.REJECTED}
    done = [row for row in await kit.trail() if row.entry.name in DECISIONS]
    (winner,) = [row for row in done if row.entry.verdict is AuditVerdict.DONE]
    async with kit.desk.database.read() as tx:
        (decision,) = await tx.approvals.of(change.id)
    assert decision.actor == winner.entry.actor
    assert {(each.by, each.at, each.params["state"]) for each in losers} == {
        (winner.entry.actor, decision.at, after.state)
    }
    assert len(done) == PRESSES, "each refusal has its entry too"


async def test_of_many_approvers_at_once_exactly_as_many_count_as_are_needed(kit: DeskKit) -> None:
    kit.policy = Policy(approval=ApprovalRule(approvers=2))
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    people = approvers(kit, 12)
    sheets = [await prepare_approval(kit.desk, caller=person, change_id=change.id) for person in people]
    presses = [(person, sheet) for person, sheet in zip(people, sheets, strict=True) for _ in range(2)]
    results = await asyncio.gather(
        *(approve(kit.desk, caller=person, review_id=sheet.review_id) for person, sheet in presses),
        return_exceptions=True,
    )
    counted = [each for each in results if isinstance(each, Decided) and not each.again]
    assert sorted(each.counted for each in counted) == [1, 2]
    assert all(isinstance(each, Decided | AlreadyDecided) for each in results)
    async with kit.desk.database.read() as tx:
        given = await tx.approvals.given(change.id, 1)
    assert len({each.actor for each in given}) == len(given) == 2
    await kit.work()
    assert await kit.service.orders() == 1


async def test_withdrawing_and_approving_at_once_end_in_one_of_the_two(kit: DeskKit, heidi: Caller) -> None:
    """Whoever withdraws may also meet it approved already, and still takes it back: nothing was sent."""
    asker = helpdesk(kit)
    change = await waiting(kit, asker, CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    results = await asyncio.gather(
        approve(kit.desk, caller=heidi, review_id=sheet.review_id),
        withdraw(kit.desk, caller=asker, change_id=change.id),
        return_exceptions=True,
    )
    assert isinstance(results[1], Decided)
    assert (await current(kit, change)).state is S.WITHDRAWN
    assert await kit.work() == 0
    if isinstance(results[0], AlreadyDecided):
        assert (results[0].by, results[0].params["state"]) == (asker.actor, "withdrawn")
