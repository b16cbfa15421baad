"""The outbox: everything goes out, in order, once, and what is drawn last is the last state."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.records import Card, OutboxItem, OutboxKind
from tests.support import made

CARD, STEP, NOTICE = OutboxKind.CARD, OutboxKind.STEP, OutboxKind.NOTICE


async def put(database: Database, kind: OutboxKind, change_id: str, **fields: object) -> None:
    async with database.write() as tx:
        await tx.outbox.add(made.item(tx, kind, change_id, **fields))


async def claim(database: Database, owner: str = "sender-1", limit: int = 10) -> list[OutboxItem]:
    """Of each queue what is first, until nothing is, or `limit` was claimed."""
    claimed: list[OutboxItem] = []
    async with database.write() as tx:
        for queue in await tx.outbox.queues():
            while len(claimed) < limit and (first := await tx.outbox.first(queue)) is not None:
                items = await tx.outbox.claim(owner, made.LEASE, first)
                if not items:
                    break
                claimed += items
    return claimed


async def sent(database: Database, item: OutboxItem) -> bool:
    async with database.write() as tx:
        return await tx.outbox.sent(item)


async def posted(database: Database, change_id: str, version: int = 1, ts: str = "1.0") -> bool:
    async with database.write() as tx:
        return await tx.cards.put(Card(change_id=change_id, channel_id="C1", ts=ts, row_version=version))


@pytest.fixture
async def change_id(database: Database) -> str:
    return (await made.stored(database)).id


async def test_a_card_added_again_while_it_waits_goes_out_once(database: Database, change_id: str) -> None:
    for priority in (5, 1, 5):
        await put(database, CARD, change_id, priority=priority)
    (item,) = await claim(database)
    assert (item.kind, item.priority, item.attempts, item.lease_owner) == (CARD, 1, 1, "sender-1")
    assert await claim(database) == []
    assert await sent(database, item)
    assert await claim(database) == []


async def test_a_card_added_while_it_is_being_sent_goes_out_again(database: Database, change_id: str) -> None:
    """The row may have moved after the sender read it: the last state is always drawn (defects 22)."""
    await put(database, CARD, change_id)
    (first,) = await claim(database)
    await put(database, CARD, change_id)
    assert await claim(database) == []  # not by two at once
    assert await sent(database, first)
    (second,) = await claim(database)
    assert (second.id, second.attempts) == (first.id, 1)
    assert await sent(database, second)
    assert await claim(database) == []


async def test_a_card_added_after_it_was_sent_or_given_up_goes_out_anew(database: Database, change_id: str) -> None:
    await put(database, CARD, change_id)
    (item,) = await claim(database)
    await sent(database, item)
    await put(database, CARD, change_id)
    (item,) = await claim(database)
    async with database.write() as tx:
        assert await tx.outbox.dead(item, why="channel_archived")
        assert (await tx.outbox.depth()).dead == 1
    assert await claim(database) == []
    await put(database, CARD, change_id)
    assert len(await claim(database)) == 1
    async with database.read() as tx:
        assert (await tx.outbox.depth()).dead == 0


async def test_adding_and_sending_at_once_never_loses_the_last_state(database: Database, change_id: str) -> None:
    """A model of the sender: it draws what it reads after its claim. In the end it has drawn the last version."""
    drawn: list[int] = []
    done = asyncio.Event()

    async def writer() -> None:
        for _ in range(30):
            async with database.write() as tx:
                now = tx.now
                await tx.changes.touch(change_id, due_at=now, checked_at=now)
                await tx.outbox.add(made.item(tx, CARD, change_id))
            await asyncio.sleep(0.001)
        done.set()

    async def sender(name: str) -> None:
        while not done.is_set() or (await depth(database)):
            for item in await claim(database, name):
                async with database.read() as tx:
                    change = await tx.changes.get(change_id)
                assert change is not None
                await asyncio.sleep(0.002)
                drawn.append(change.row_version)
                await sent(database, item)
            await asyncio.sleep(0)

    held = await made.claimed(database)
    async with database.write() as tx:
        await tx.changes.move(held.id, to=ChangeState.UNKNOWN)
    await asyncio.gather(writer(), sender("a"), sender("b"))
    async with database.read() as tx:
        change = await tx.changes.get(change_id)
    assert change is not None
    assert drawn[-1] == change.row_version == 33


async def depth(database: Database) -> int:
    async with database.read() as tx:
        return (await tx.outbox.depth()).waiting


async def test_a_notice_goes_once_per_state_and_in_order(database: Database, change_id: str) -> None:
    unknown, completed = ChangeState.UNKNOWN, ChangeState.COMPLETED
    for state in (unknown, completed, unknown):
        await put(database, NOTICE, change_id, state=state)
    for state in (unknown, completed):
        (item,) = await claim(database)
        assert item.state is state
        assert await sent(database, item)
    await put(database, NOTICE, change_id, state=unknown)
    assert await claim(database) == []


async def test_people_who_wait_go_first(database: Database) -> None:
    ids = [(await made.stored(database, customer=f"customer-{number}")).id for number in range(3)]
    for change_id, priority in zip(ids, (5, 0, 3), strict=True):
        await put(database, CARD, change_id, priority=priority)
    assert [each.priority for each in await claim(database, limit=2)] == [0, 3]
    assert [each.priority for each in await claim(database, limit=2)] == [5]


async def test_what_a_dead_sender_had_is_taken_over(database: Database, change_id: str, clock: ShiftedClock) -> None:
    await put(database, CARD, change_id)
    (dead,) = await claim(database, "dead")
    assert await claim(database, "other") == []
    clock.advance(made.LEASE)
    (taken,) = await claim(database, "other")
    assert (taken.id, taken.attempts, taken.lease_owner) == (dead.id, 2, "other")
    assert not await sent(database, dead)  # it wakes up: the item is not its own any more
    async with database.write() as tx:
        assert not await tx.outbox.again(dead, at=tx.now)
        assert not await tx.outbox.dead(dead, why="x")
    assert await sent(database, taken)
    assert not await sent(database, taken)


async def test_a_lease_that_ended_is_not_settled_by_its_owners_earlier_claim(
    database: Database, change_id: str, clock: ShiftedClock
) -> None:
    await put(database, CARD, change_id)
    (first,) = await claim(database)
    clock.advance(made.LEASE)
    (second,) = await claim(database)
    assert not await sent(database, first)
    assert await sent(database, second)


async def test_ten_senders_at_once_claim_each_item_once(database: Database) -> None:
    for number in range(20):
        change = await made.stored(database, customer=f"customer-{number}")
        await put(database, CARD, change.id)
    claims = await asyncio.gather(*(claim(database, f"sender-{number}", 5) for number in range(10)))
    ids = [item.id for items in claims for item in items]
    assert len(ids) == len(set(ids))
    ids += [item.id for item in await claim(database, limit=20)]
    assert len(set(ids)) == len(ids) == 20


async def test_items_that_say_too_little_are_refused(database: Database, change_id: str) -> None:
    with pytest.raises(ValueError, match="number"):
        await put(database, STEP, change_id)
    with pytest.raises(ValueError, match="state"):
        await put(database, NOTICE, change_id)


async def test_an_older_drawing_never_replaces_a_newer_one(database: Database, change_id: str) -> None:
    assert await posted(database, change_id, version=3)
    assert not await posted(database, change_id, version=2)
    assert await posted(database, change_id, version=3)
    assert await posted(database, change_id, version=2, ts="2.0")  # another message: the first one was deleted
    async with database.read() as tx:
        card = await tx.cards.get(change_id)
        assert await tx.cards.get("made up") is None
    assert card == Card(change_id=change_id, channel_id="C1", ts="2.0", row_version=2)


async def test_what_was_sent_long_ago_is_forgotten_and_what_waits_is_not(
    database: Database, change_id: str, clock: ShiftedClock
) -> None:
    await posted(database, change_id)
    for number in (1, 2, 3):
        await put(database, STEP, change_id, audit_number=number)
    for item in (await claim(database))[:2]:
        await sent(database, item)
    clock.advance(timedelta(days=40))
    async with database.write() as tx:
        limit: datetime = tx.now - timedelta(days=30)
        assert await tx.outbox.prune(before=limit, limit=1) == 1
        assert await tx.outbox.prune(before=limit) == 1
        assert await tx.outbox.prune(before=limit) == 0
        assert [item.audit_number for item in await tx.outbox.of(change_id)] == [3]
