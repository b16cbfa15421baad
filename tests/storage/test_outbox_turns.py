"""Turns: what all workers together may send, steps told together, and an order in which nothing starves."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.outgoing_records import Lane, Queue, Waiting
from storage.records import OutboxKind
from tests.storage.test_outbox import claim, posted, put, sent
from tests.support import made

CARD, STEP, NOTICE = OutboxKind.CARD, OutboxKind.STEP, OutboxKind.NOTICE


@pytest.fixture
async def change_id(database: Database) -> str:
    return (await made.stored(database)).id


async def taken(database: Database, lane: Lane) -> bool:
    """Take a turn if there is one now, as a worker does."""
    async with database.write() as tx:
        await tx.turns.lock([lane])
        if (await tx.turns.waits([lane]))[lane.name] > 0:
            return False
        return await tx.turns.take(lane) == 0.0


@pytest.mark.parametrize("burst", [1, 3])
async def test_twenty_workers_at_once_get_as_many_turns_as_one(
    database: Database, clock: ShiftedClock, burst: int
) -> None:
    lane = Lane(name="post T C", every=60.0, burst=burst)
    for turns in (burst, 1):
        assert sum(await asyncio.gather(*(taken(database, lane) for _ in range(20)))) == turns
        clock.advance(timedelta(seconds=60))
    clock.advance(timedelta(seconds=60 * burst))
    assert sum(await asyncio.gather(*(taken(database, lane) for _ in range(20)))) == burst


async def test_fifty_updates_a_minute_and_five_at_once_are_never_more_than_fifty(
    database: Database, clock: ShiftedClock
) -> None:
    lane, at = Lane(name="update T", every=60 / 46, burst=5), list[datetime]()
    while len(at) < 110:
        async with database.write() as tx:
            wait = (await tx.turns.waits([lane]))[lane.name]
            if not wait:
                await tx.turns.take(lane)
                at.append(tx.now)
        clock.advance(timedelta(seconds=wait))
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in zip(at, at[50:], strict=False))
    assert at[-1] - at[0] < timedelta(minutes=2.5)


async def test_what_slack_asked_to_wait_for_is_waited_for_by_everybody(database: Database, clock: ShiftedClock) -> None:
    """And saved turns are gone after it."""
    lane, other = Lane(name="a", every=5.0, burst=5), Lane(name="b", every=1.0)
    async with database.write() as tx:
        await tx.turns.hold(lane, seconds=30)
        await tx.turns.hold(lane, seconds=5)  # a shorter one takes nothing back
    clock.advance(timedelta(seconds=28))
    assert not await taken(database, lane)
    assert await taken(database, other)
    clock.advance(timedelta(seconds=2))
    assert await taken(database, lane)
    assert not await taken(database, lane)


async def test_lanes_that_are_idle_are_forgotten(database: Database, clock: ShiftedClock) -> None:
    assert await taken(database, Lane(name="a", every=1.0))
    clock.advance(timedelta(hours=2))
    assert await taken(database, Lane(name="b", every=1.0))
    async with database.write() as tx:
        assert await tx.turns.prune() == 1
        assert await tx.turns.prune() == 0
    assert not await taken(database, Lane(name="b", every=60.0))


async def test_what_has_waited_long_goes_before_what_is_more_urgent(database: Database, clock: ShiftedClock) -> None:
    """A step of priority is worth an hour: nothing starves, and an hour's backlog does not hold up a decision."""
    old, young = [(await made.stored(database, customer=f"customer-{number}")).id for number in range(2)]
    await put(database, CARD, old, priority=3)
    clock.advance(timedelta(hours=2, minutes=50))
    await put(database, CARD, young, priority=0)
    async with database.read() as tx:
        first = await tx.outbox.first(Waiting(team_id=made.TEAM, queue=Queue.AUDIT))
        assert first is not None
    (claimed,) = await claim(database, limit=1)
    assert (claimed.id, claimed.change_id) == (first.item_id, young)
    assert await sent(database, claimed)
    late = (await made.stored(database, customer="customer-3")).id
    clock.advance(timedelta(minutes=20))
    await put(database, CARD, late, priority=0)
    assert [item.change_id for item in await claim(database)] == [old, late]


async def test_a_queue_is_what_slack_counts(database: Database) -> None:
    """A card is posted where it belongs, updated where it stands, and told to people in their own conversation."""
    lone = await made.stored(database, customer="customer-1")
    waits = await made.stored(database, customer="customer-2", approvals_needed=1)
    for change in (lone, waits):
        await put(database, CARD, change.id)
        await put(database, STEP, change.id, audit_number=1)
        await put(database, NOTICE, change.id, state=change.state)
    async with database.read() as tx:
        assert {each.queue for each in await tx.outbox.queues()} == {Queue.AUDIT, Queue.APPROVALS, Queue.DIRECT}
    for item in await claim(database):
        assert await sent(database, item)
        if item.kind is CARD:
            await posted(database, item.change_id)
    await put(database, CARD, lone.id)
    async with database.read() as tx:
        assert {each.queue for each in await tx.outbox.queues()} == {Queue.UPDATE, Queue.AUDIT, Queue.APPROVALS}
        card = next(item for item in await tx.outbox.of(lone.id) if item.kind is CARD)
    assert card.queue is Queue.UPDATE
    (card,) = [item for item in await claim(database) if item.kind is CARD]
    async with database.write() as tx:  # somebody deleted it
        standing = await tx.cards.get(lone.id)
        assert standing is not None
        await tx.cards.gone(standing)
        assert await tx.outbox.again(card, at=tx.now, not_posted=True)
    (card,) = [item for item in await claim(database) if item.kind is CARD]
    assert (card.queue, card.attempts) == (Queue.AUDIT, 1)


async def test_steps_wait_for_the_card_and_go_in_order(database: Database, change_id: str) -> None:
    for number in (12, 3, 7):
        await put(database, STEP, change_id, audit_number=number)
    await put(database, STEP, change_id, audit_number=7)
    assert await claim(database) == []
    assert await posted(database, change_id)
    items = await claim(database)  # what waits goes together
    assert [(item.kind, item.audit_number) for item in items] == [(STEP, 3), (STEP, 7), (STEP, 12)]
    await put(database, STEP, change_id, audit_number=20)
    for item in items:
        assert await claim(database) == []  # the next one only after all of these
        assert await sent(database, item)
    assert [item.audit_number for item in await claim(database)] == [20]
    assert await claim(database) == []
    await put(database, STEP, change_id, audit_number=7)
    assert await claim(database) == []  # sent is sent


async def test_a_step_that_is_tried_again_later_holds_the_ones_after_it(
    database: Database, change_id: str, clock: ShiftedClock
) -> None:
    await posted(database, change_id)
    for number in (1, 2):
        await put(database, STEP, change_id, audit_number=number)
    first, second = await claim(database)
    async with database.write() as tx:
        assert await tx.outbox.again(first, at=tx.now + timedelta(minutes=5))
        assert await tx.outbox.again(second, at=tx.now)
    assert await claim(database) == []
    clock.advance(timedelta(minutes=5))
    first, second = await claim(database)
    assert [(item.audit_number, item.attempts) for item in (first, second)] == [(1, 2), (2, 2)]
    async with database.write() as tx:
        assert await tx.outbox.again(second, at=tx.now)
    async with database.write() as tx:
        await tx.outbox.dead(first, why="gone")
    (second,) = await claim(database)
    assert second.audit_number == 2
