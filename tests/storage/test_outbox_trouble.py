"""What keeps the outbox back is told by code, tried again by one for all, and over for all at once."""

from datetime import timedelta
from itertools import count

from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.outgoing_records import First
from storage.records import OutboxItem, OutboxKind, StandingTrouble
from tests.support import made

LATER = timedelta(minutes=10)
_customers = count(1)


async def claimed(database: Database, item: OutboxItem) -> OutboxItem:
    async with database.write() as tx:
        (found,) = await tx.outbox.claim("sender-1", made.LEASE, First(item_id=item.id, team_id=item.team_id))
    return found


async def kept_back(database: Database, *codes: str, not_posted: bool = True) -> list[OutboxItem]:
    """A card for each code, tried once; the items as claimed, the oldest first."""
    items: list[OutboxItem] = []
    for code in codes:
        number = next(_customers)
        change = await made.stored(database, customer=f"c-{number}", subscription=f"s-{number}")
        async with database.write() as tx:
            item = made.item(tx, OutboxKind.CARD, change.id)
            await tx.outbox.add(item)
        items.append(await claimed(database, item))
        async with database.write() as tx:
            assert await tx.outbox.again(items[-1], at=tx.now + LATER, why=code, not_posted=not_posted)
    return items


async def standing(database: Database) -> list[StandingTrouble]:
    async with database.read() as tx:
        return await tx.outbox_trouble.standing()


async def due(database: Database, item: OutboxItem) -> bool:
    async with database.read() as tx:
        (found,) = await tx.outbox.of(item.change_id)
        return found.due_at <= tx.now


async def test_what_is_in_the_way_is_told_by_code_with_how_many_wait_and_since_when(
    database: Database, clock: ShiftedClock
) -> None:
    assert await standing(database) == []
    (first,) = await kept_back(database, "is_archived")
    clock.advance(timedelta(hours=1))
    await kept_back(database, "is_archived", "status 503")
    archived, broken = await standing(database)
    assert (archived.team_id, archived.code, archived.waiting) == (first.team_id, "is_archived", 2)
    assert (broken.code, broken.waiting) == ("status 503", 1)
    assert broken.since - archived.since >= timedelta(minutes=59)
    async with database.read() as tx:
        depth = await tx.outbox.depth()
    assert (depth.waiting, depth.oldest_at) == (3, archived.since)


async def test_one_asks_for_all_and_when_it_is_over_all_go_at_once(database: Database) -> None:
    first, second, other = await kept_back(database, "is_archived", "is_archived", "status 503")
    trouble = (await standing(database))[0]
    async with database.write() as tx:
        assert await tx.outbox_trouble.ask_again(trouble)
        assert not await tx.outbox_trouble.ask_again(trouble)  # it is due, and others need not be
    assert [await due(database, each) for each in (first, second, other)] == [True, False, False]
    asked = await claimed(database, first)
    assert asked.why == "is_archived"
    async with database.write() as tx:
        assert not await tx.outbox_trouble.ask_again(trouble)  # it is being tried
        assert await tx.outbox.sent(asked)
        assert await tx.outbox_trouble.mended(team_id=asked.team_id, code="is_archived") == 1
    assert [await due(database, each) for each in (second, other)] == [True, False]
    assert [each.code for each in await standing(database)] == ["is_archived", "status 503"]


async def test_only_what_may_have_been_posted_counts_as_an_attempt(database: Database) -> None:
    """Above one attempt it is looked for in Slack: after a refusal nobody need."""
    (refused,) = await kept_back(database, "token_revoked")
    (unsure,) = await kept_back(database, "TimeoutError", not_posted=False)
    async with database.write() as tx:
        for trouble in await tx.outbox_trouble.standing():
            await tx.outbox_trouble.ask_again(trouble)
    assert (await claimed(database, refused)).attempts == 1
    assert (await claimed(database, unsure)).attempts == 2


async def test_a_card_waits_since_it_was_asked_for_last(database: Database, clock: ShiftedClock) -> None:
    """One item for ever: its age is not that of the change."""
    (item,) = await kept_back(database, "is_archived")
    async with database.write() as tx:
        await tx.outbox_trouble.mended(team_id=item.team_id, code="is_archived")
    again = await claimed(database, item)
    async with database.write() as tx:
        assert await tx.outbox.sent(again)
    assert await standing(database) == []
    clock.advance(timedelta(days=30))
    async with database.write() as tx:
        await tx.outbox.add(made.item(tx, OutboxKind.CARD, item.change_id))
        depth, now = await tx.outbox.depth(), tx.now
    assert depth.oldest_at is not None
    assert now - depth.oldest_at < timedelta(minutes=1)


async def test_what_was_given_up_lately_is_counted_by_its_code(database: Database, clock: ShiftedClock) -> None:
    for code in ("user_not_found", "user_not_found", "invalid_blocks"):
        (item,) = await kept_back(database, "x")
        async with database.write() as tx:
            await tx.outbox_trouble.mended(team_id=item.team_id, code="x")
        again = await claimed(database, item)
        async with database.write() as tx:
            assert await tx.outbox.dead(again, why=code)
    async with database.read() as tx:
        found = await tx.outbox_trouble.given_up(since=tx.now - timedelta(days=7))
    assert found == {"user_not_found": 2, "invalid_blocks": 1}
    clock.advance(timedelta(days=8))
    async with database.read() as tx:
        assert not await tx.outbox_trouble.given_up(since=tx.now - timedelta(days=7))


async def test_who_waits_for_another_item_does_not_ask_in_its_place(database: Database, clock: ShiftedClock) -> None:
    """A step whose card was deleted by hand is older than the card's new drawing, and cannot go before it."""
    change = await made.stored(database, customer="c-steps", subscription="s-steps")
    items: list[OutboxItem] = []
    for kind in (OutboxKind.STEP, OutboxKind.CARD):
        async with database.write() as tx:
            fields = {}
            if kind is OutboxKind.STEP:
                fields["audit_number"] = (await tx.audit.append(made.entry(change_id=change.id))).number
            item = made.item(tx, kind, change.id, **fields)
            await tx.outbox.add(item)
        items.append(await claimed(database, item))
        async with database.write() as tx:
            assert await tx.outbox.again(items[-1], at=tx.now + LATER, why="is_archived", not_posted=True)
        clock.advance(timedelta(seconds=1))
    async with database.write() as tx:
        assert await tx.outbox_trouble.ask_again((await tx.outbox_trouble.standing())[0])
    async with database.read() as tx:
        assert [each.kind for each in await tx.outbox.of(change.id) if each.due_at <= tx.now] == [OutboxKind.CARD]


async def test_one_that_never_goes_does_not_ask_for_all_for_ever(database: Database, clock: ShiftedClock) -> None:
    """A message that Slack fails at each time is the oldest; when Slack is well again, another one finds out."""
    never, other = await kept_back(database, "internal_error", "internal_error", not_posted=False)
    for _ in range(8):
        clock.advance(LATER)
        tried = await claimed(database, never)
        async with database.write() as tx:
            assert await tx.outbox.again(tried, at=tx.now + LATER, why="internal_error")
    tried = await claimed(database, other)
    async with database.write() as tx:
        assert await tx.outbox.again(tried, at=tx.now + LATER, why="internal_error")
        assert await tx.outbox_trouble.ask_again((await tx.outbox_trouble.standing())[0])
    assert [await due(database, each) for each in (never, other)] == [False, True]
