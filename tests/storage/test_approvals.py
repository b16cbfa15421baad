"""What is asked of approvers, who decided what, and what they saw: on both engines."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.changes import ChangeState, Outcome
from bot.domain.clock import ShiftedClock
from bot.domain.facts import Move
from bot.domain.people import Actor
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from storage.approval_records import ApprovalRequest, Decision, DecisionKind, Review
from storage.database import Database, Transaction
from tests.support import made

S = ChangeState
WAITING = frozenset({S.AWAITING_APPROVAL})
ANNA = Actor(team_id=made.TEAM, user_id="U0ANNA")
BEN = Actor(team_id=made.TEAM, user_id="U0BEN")


def decision(tx: Transaction, change_id: str, actor: Actor = ANNA, **fields: Any) -> Decision:
    """An approval made now."""
    values: dict[str, Any] = {
        "change_id": change_id,
        "facts_version": 1,
        "kind": DecisionKind.APPROVE,
        "actor": actor,
        "roles": (PartnerRole.ADMIN_AGENT, PartnerRole.SALES_AGENT),
        "self_made": False,
        "at": tx.now,
    }
    return Decision(**values | fields)


def question(tx: Transaction, change_id: str, **fields: Any) -> ApprovalRequest:
    """A question asked now, with a reminder after four hours."""
    values: dict[str, Any] = {
        "change_id": change_id,
        "reasons": (SecondPersonReason.ROLE, SecondPersonReason.SEATS),
        "asked_at": tx.now,
        "remind_at": tx.now + timedelta(hours=4),
        "escalate_at": tx.now + timedelta(hours=8),
    }
    return ApprovalRequest(**values | fields)


async def test_a_decision_comes_back_as_it_was_put_in(database: Database) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        first = decision(tx, change.id)
        second = decision(tx, change.id, BEN, kind=DecisionKind.REJECT, facts_version=2, self_made=True, roles=())
        assert await tx.approvals.decide(first)
        assert await tx.approvals.decide(second)
    async with database.read() as tx:
        assert await tx.approvals.of(change.id) == (first, second)
        assert await tx.approvals.given(change.id, 1) == (first,)
        assert await tx.approvals.given(change.id, 2) == ()


async def test_each_person_counts_once_for_each_version_of_the_facts(database: Database) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    elsewhere = Actor(team_id="T0OTHER", user_id=ANNA.user_id)
    async with database.write() as tx:
        assert await tx.approvals.decide(decision(tx, change.id))
        assert not await tx.approvals.decide(decision(tx, change.id))
        assert await tx.approvals.decide(decision(tx, change.id, facts_version=2))
        assert await tx.approvals.decide(decision(tx, change.id, kind=DecisionKind.REJECT))
        assert await tx.approvals.decide(decision(tx, change.id, elsewhere)), "the same id there is somebody else"
        assert len(await tx.approvals.given(change.id, 1)) == 2


async def test_a_change_is_held_only_in_its_states_and_in_its_time(database: Database, clock: ShiftedClock) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        assert await tx.approvals.hold("made up", states=WAITING) is None
        assert await tx.approvals.hold(change.id, states={S.APPROVED, S.UNKNOWN}) is None
        held = await tx.approvals.hold(change.id, states=WAITING)
    assert held is not None
    assert (held.row_version, held.changed_at, held.state) == (2, change.changed_at, change.state)
    clock.advance(timedelta(hours=24))
    async with database.write() as tx:
        assert await tx.approvals.hold(change.id, states=WAITING) is None
        assert await tx.approvals.hold(change.id, states=WAITING, not_expired=False) is not None


async def test_of_many_who_hold_at_once_each_meets_what_the_one_before_left(database: Database) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)

    async def press(number: int) -> int | None:
        async with database.write() as tx:
            if await tx.approvals.hold(change.id, states=WAITING) is None:
                return None
            await tx.approvals.decide(decision(tx, change.id, Actor(team_id=made.TEAM, user_id=f"U{number}")))
            counted = len(await tx.approvals.given(change.id, 1))
            if counted == 3:
                assert await tx.changes.move(change.id, to=S.APPROVED, facts_version=1) is not None
            return counted

    counts = await asyncio.gather(*(press(number) for number in range(30)))
    assert sorted(each for each in counts if each is not None) == [1, 2, 3]


async def test_newer_facts_are_the_next_version(database: Database) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    moves = (Move(field="quantity", before=24, after=30),)
    async with database.write() as tx:
        held = await tx.approvals.hold(change.id, states=WAITING)
        assert held is not None
        newer = made.facts(quantity=30)
        after = await tx.approvals.restate(change.id, facts=newer, facts_version=1, outcome=Outcome(moves=moves))
    assert (after.facts, after.facts_version, after.state) == (newer, 2, S.AWAITING_APPROVAL)
    assert after.outcome == Outcome(moves=moves)
    assert after.row_version == held.row_version + 1


async def test_a_question_has_one_reminder_and_one_escalation_each_in_its_time(
    database: Database, clock: ShiftedClock
) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        asked = question(tx, change.id)
        await tx.approvals.ask(asked)
        assert await tx.approvals.request(change.id) == asked
        assert await tx.approvals.to_look_for() == [change.id]
        assert await tx.approvals.to_remind() == []
    clock.advance(timedelta(hours=4))
    async with database.write() as tx:
        assert await tx.approvals.to_remind() == [change.id]
        assert await tx.approvals.reminded(change.id)
        assert not await tx.approvals.reminded(change.id)
        assert (await tx.approvals.to_remind(), await tx.approvals.to_escalate()) == ([], [])
    clock.advance(timedelta(hours=4))
    async with database.write() as tx:
        assert await tx.approvals.to_escalate() == [change.id]
        assert await tx.approvals.escalated(change.id)
        assert not await tx.approvals.escalated(change.id)
        assert await tx.approvals.to_escalate() == []
        assert await tx.approvals.looked(change.id, found=False)
        assert not await tx.approvals.looked(change.id, found=True)
        request = await tx.approvals.request(change.id)
    assert request is not None
    assert (request.found, request.looked_at) == (False, request.escalated_at)


async def test_what_was_never_reminded_of_is_not_escalated(database: Database, clock: ShiftedClock) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        await tx.approvals.ask(question(tx, change.id))
    clock.advance(timedelta(days=1))
    async with database.read() as tx:
        assert await tx.approvals.to_escalate() == []


async def test_a_closed_question_is_left_alone_until_it_is_asked_anew(database: Database, clock: ShiftedClock) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        await tx.approvals.ask(question(tx, change.id))
        await tx.approvals.close(change.id)
        await tx.approvals.close(change.id)
    clock.advance(timedelta(days=1))
    async with database.write() as tx:
        assert (await tx.approvals.to_look_for(), await tx.approvals.to_remind()) == ([], [])
        assert not await tx.approvals.reminded(change.id)
        await tx.approvals.ask(question(tx, change.id))
        assert await tx.approvals.to_look_for() == [change.id]


async def test_a_review_comes_back_as_it_was_put_in_and_is_pruned(database: Database, clock: ShiftedClock) -> None:
    change = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        review = Review(
            id="r1", change_id=change.id, facts_version=3, actor=ANNA, facts=made.facts(quantity=7), created_at=tx.now
        )
        await tx.reviews.add(review)
    clock.advance(timedelta(days=1))
    async with database.write() as tx:
        assert await tx.reviews.get("r1") == review
        assert await tx.reviews.prune(before=review.created_at) == 0
        assert await tx.reviews.prune(before=tx.now) == 1
        assert await tx.reviews.get("r1") is None


async def test_the_daily_count_ends_with_the_change_itself(database: Database, clock: ShiftedClock) -> None:
    changes = []
    for number in range(3):
        changes.append(await made.stored(database, customer=f"c{number}"))
        clock.advance(timedelta(hours=1))
    async with database.read() as tx:
        since = changes[0].created_at
        assert [await tx.changes.count_until(each, since) for each in changes] == [1, 2, 3]
        assert await tx.changes.count_until(changes[2], changes[1].created_at) == 2


async def test_the_changes_of_a_customer_are_its_own(database: Database) -> None:
    mine = [await made.stored(database, customer="c1", subscription=f"s{number}") for number in range(3)]
    await made.stored(database, customer="c2")
    async with database.read() as tx:
        first = await tx.changes.of_customer(made.TEAM, "c1", limit=2)
        rest = await tx.changes.of_customer(made.TEAM, "c1", limit=2, after=first.after)
        assert (await tx.changes.of_customer("T0OTHER", "c1")).items == ()
    assert [each.id for each in (*first.items, *rest.items)] == [each.id for each in reversed(mine)]


@pytest.mark.parametrize("team", [made.TEAM, "T0OTHER"])
async def test_a_decision_needs_its_change(database: Database, team: str) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.write() as tx:
            await tx.approvals.decide(decision(tx, "made up", Actor(team_id=team, user_id="U")))
