"""Claims and leases: once and only once, one change per customer, nothing sent twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from storage.database import Database
from storage.errors import AttemptPending
from tests.support import made

S = ChangeState


async def test_fifty_claims_at_once_take_each_customer_once(database: Database) -> None:
    """Ten customers with three due changes each: ten claims succeed, one a customer."""
    for customer in range(10):
        for subscription in range(3):
            await made.stored(database, customer=f"customer-{customer}", subscription=f"subscription-{subscription}")

    async def claim(number: int) -> Change | None:
        async with database.write() as tx:
            return await tx.changes.claim_due(owner=f"worker-{number}", lease=made.LEASE)

    results = await asyncio.gather(*map(claim, range(50)))
    won = [result for result in results if result is not None]
    while (result := await claim(99)) is not None:  # whoever lost a race looks again
        won.append(result)
    assert len(won) == 10
    assert len({result.facts.customer_id for result in won}) == 10
    assert all(result.state is S.SUBMITTING and result.lease_owner and result.attempts == 0 for result in won)


async def test_what_has_been_due_for_longest_is_claimed_first(database: Database) -> None:
    async with database.write() as tx:
        for name, hours in (("b", 2), ("c", 1), ("a", 3), ("later", -1)):
            due = tx.now - timedelta(hours=hours)
            await tx.changes.add(made.change(tx, id=name, customer=name, due_at=due))
    assert [(await made.claimed(database)).id for _ in range(3)] == ["a", "b", "c"]
    async with database.write() as tx:
        assert await tx.changes.claim_due(owner="w", lease=made.LEASE) is None


@pytest.mark.parametrize("state", [S.SUBMITTING, S.ACCEPTED, S.UNKNOWN])
async def test_a_customer_with_an_order_under_way_waits(database: Database, state: ChangeState) -> None:
    """Conditions 3 and 4 are the customer's, so an unknown order holds the customer's next one back as well."""
    first = await made.stored(database)
    await made.claimed(database)
    second = await made.stored(database, subscription="subscription-2")
    async with database.write() as tx:
        if state is not S.SUBMITTING:
            await tx.changes.move(first.id, to=state)
        assert await tx.changes.claim_due(owner="w", lease=made.LEASE) is None
    async with database.write() as tx:
        await tx.changes.move(first.id, to=S.COMPLETED)
    assert (await made.claimed(database)).id == second.id


async def test_the_database_itself_refuses_a_second_order_of_a_customer(database: Database) -> None:
    await made.stored(database)
    await made.claimed(database)
    second = await made.stored(database, subscription="subscription-2")
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.write() as tx:
            await tx.changes.unit.connection.execute(
                text("UPDATE changes SET state = 'submitting' WHERE id = :id"), {"id": second.id}
            )


async def test_nothing_is_claimed_while_stopped_or_past_its_time(database: Database, clock: ShiftedClock) -> None:
    await made.stored(database)
    async with database.write() as tx:
        await tx.switches.stop("operator")
    async with database.write() as tx:
        assert await tx.changes.claim_due(owner="w", lease=made.LEASE) is None
        await tx.switches.resume("operator")
    clock.advance(timedelta(hours=24))
    async with database.write() as tx:
        assert await tx.changes.claim_due(owner="w", lease=made.LEASE) is None


async def test_a_lease_ends_by_the_shifted_clock(database: Database, clock: ShiftedClock) -> None:
    await made.stored(database)
    held = await made.claimed(database)
    async with database.write() as tx:
        assert await tx.changes.lapsed() == []
        assert held.lease_until is not None
        assert abs(held.lease_until - tx.now - made.LEASE) < timedelta(seconds=5)
    clock.advance(made.LEASE)
    async with database.write() as tx:
        assert [each.id for each in await tx.changes.lapsed()] == [held.id]
        assert await tx.changes.sending(held.id, lease_owner="worker-1") is None
        assert await tx.changes.move(held.id, to=S.COMPLETED, lease_owner="worker-1") is None
        assert await tx.changes.move(held.id, to=S.APPROVED, lapsed=True) is not None
    assert (await made.claimed(database, "worker-2")).lease_owner == "worker-2"


async def test_a_sender_that_wakes_up_late_cannot_send(database: Database, clock: ShiftedClock) -> None:
    """Its lease went to another one: neither the sent mark nor an outcome is taken from it."""
    await made.stored(database)
    held = await made.claimed(database, "paused")
    clock.advance(made.LEASE)
    async with database.write() as tx:
        await tx.changes.move(held.id, to=S.APPROVED, lapsed=True)
    await made.claimed(database, "other")
    async with database.write() as tx:
        assert await tx.changes.sending(held.id, lease_owner="paused") is None
        assert await tx.changes.move(held.id, to=S.FAILED, lease_owner="paused") is None
        assert await tx.changes.move(held.id, to=S.UNKNOWN, lapsed=True) is None


async def test_a_sent_attempt_is_never_repeated(database: Database, clock: ShiftedClock) -> None:
    """With a sent attempt that has no answer, no way leads back to where the change could be sent again."""
    await made.stored(database)
    held = await made.claimed(database)
    async with database.write() as tx:
        sending = await tx.changes.sending(held.id, lease_owner="worker-1")
        assert sending is not None
        assert sending.attempts == 1
        await tx.attempts.add(made.attempt(tx, held.id))
    clock.advance(made.LEASE)
    async with database.write() as tx:
        for state in (S.APPROVED, S.AWAITING_APPROVAL, S.REFUSED):
            assert await tx.changes.move(held.id, to=state) is None
        with pytest.raises(AttemptPending):
            await tx.attempts.add(made.attempt(tx, held.id))
        assert await tx.changes.move(held.id, to=S.UNKNOWN, lapsed=True) is not None


async def test_an_answer_that_proves_nothing_happened_opens_the_way_to_another_attempt(database: Database) -> None:
    await made.stored(database)
    held = await made.claimed(database)
    async with database.write() as tx:
        sent = made.attempt(tx, held.id)
        await tx.changes.sending(held.id, lease_owner="worker-1")
        await tx.attempts.add(sent)
    async with database.write() as tx:
        assert await tx.attempts.answer(sent.id, result="throttled")
        assert not await tx.attempts.answer(sent.id, result="again")
        assert await tx.changes.move(held.id, to=S.APPROVED, lease_owner="worker-1") is not None
    await made.claimed(database)
    async with database.write() as tx:
        await tx.attempts.add(made.attempt(tx, held.id))
        first, second = await tx.attempts.of(held.id)
    assert (first.result, second.result, second.answered_at) == ("throttled", None, None)
    assert first.answered_at is not None


async def test_a_request_id_is_used_once(database: Database) -> None:
    await made.stored(database)
    await made.stored(database, customer="another")
    held, other = await made.claimed(database), await made.claimed(database)
    async with database.write() as tx:
        await tx.attempts.add(made.attempt(tx, held.id, request_id="same"))
    with pytest.raises(AttemptPending):
        async with database.write() as tx:
            await tx.attempts.add(made.attempt(tx, other.id, request_id="same"))


async def test_the_sweep_and_the_sender_never_both_win(database: Database, clock: ShiftedClock) -> None:
    """A sweep that puts a lapsed change back, and a sender at the very end of its lease, at the same time."""
    for _ in range(10):
        await made.stored(database)
        held = await made.claimed(database)

        async def send(held: Change = held) -> bool:
            async with database.write() as tx:
                if await tx.changes.sending(held.id, lease_owner="worker-1") is None:
                    return False
                await tx.attempts.add(made.attempt(tx, held.id))
                return True

        async def sweep() -> bool:
            clock.advance(made.LEASE)
            async with database.write() as tx:
                for each in await tx.changes.lapsed():
                    if not [sent for sent in await tx.attempts.of(each.id) if sent.answered_at is None]:
                        return await tx.changes.move(each.id, to=S.APPROVED, lapsed=True) is not None
            return False

        sent, put_back = await asyncio.gather(send(), sweep())
        assert not (sent and put_back)
        async with database.write() as tx:
            await tx.changes.move(held.id, to=S.UNKNOWN if not put_back else S.WITHDRAWN)
        async with database.write() as tx:
            await tx.changes.move(held.id, to=S.FAILED)


async def test_what_was_looked_into_waits_for_its_next_time(database: Database, clock: ShiftedClock) -> None:
    await made.stored(database)
    held = await made.claimed(database)
    async with database.write() as tx:
        assert await tx.changes.touch(held.id, due_at=tx.now, checked_at=tx.now) is None
        unknown = await tx.changes.move(held.id, to=S.UNKNOWN)
        assert unknown is not None
        assert [each.id for each in await tx.changes.to_check(10)] == [held.id]
        touched = await tx.changes.touch(held.id, due_at=tx.now + made.LEASE, checked_at=tx.now)
        assert touched is not None
        assert (touched.checked_at, touched.changed_at) == (tx.now, unknown.changed_at)
        assert touched.row_version == unknown.row_version + 1
    async with database.read() as tx:
        assert await tx.changes.to_check(10) == []
    clock.advance(made.LEASE)
    async with database.read() as tx:
        assert [each.id for each in await tx.changes.to_check(10)] == [held.id]
