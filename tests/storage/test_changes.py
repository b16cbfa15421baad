"""Changes: what goes in comes out, births that clash, moves of which one wins."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.domain.changes import BIRTH, TRANSITIONS, Change, ChangeState, Outcome, sources_of
from bot.domain.clock import ShiftedClock
from bot.domain.errors import OpenChangeExists
from bot.domain.facts import Move
from storage.database import Database
from storage.records import ChangeUpdate
from tests.support import made

S = ChangeState
_days = count(1)


async def test_a_change_comes_back_as_it_was_put_in(database: Database) -> None:
    """Free text, umlauts, emoji, exact instants (defects 1)."""
    put = await made.stored(database)
    async with database.read() as tx:
        assert await tx.changes.get(put.id) == put
        assert await tx.changes.by_draft(put.draft_id) == put
        assert await tx.changes.open_for("customer-1", "subscription-1") == put
        assert await tx.changes.get("made up") is None


@pytest.mark.parametrize("note", ["a\x00b", "half \ud83d of a pair", "\u202egnp.exe", "x" * 3000])
async def test_any_text_that_was_typed_can_be_stored(database: Database, note: str) -> None:
    put = await made.stored(database, note=note)
    async with database.read() as tx:
        found = await tx.changes.get(put.id)
    assert found is not None
    assert found.note == note.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")


async def test_a_second_open_change_is_told_who_has_it(database: Database) -> None:
    first = await made.stored(database)
    with pytest.raises(OpenChangeExists) as told:
        await made.stored(database)
    assert (told.value.change_id, told.value.by, told.value.params) == (first.id, made.ASKER, {"number": first.number})


async def test_the_same_draft_again_is_the_same_change(database: Database) -> None:
    first = await made.stored(database, draft_id="one")
    again = await made.stored(database, draft_id="one")
    assert again == first


async def test_a_number_that_is_taken_becomes_another_one(database: Database) -> None:
    first = await made.stored(database, number="8F2K3M", customer="a")
    second = await made.stored(database, number="8F2K3M", customer="b")
    assert first.number == "8F2K3M"
    assert second.number not in {"8F2K3M", ""}
    async with database.read() as tx:
        assert await tx.changes.get(second.id) == second


async def test_a_change_is_born_only_in_a_state_of_birth(database: Database) -> None:
    for state in set(S) - BIRTH:
        with pytest.raises(ValueError, match="born"):
            await made.stored(database, state=state)


async def test_of_two_births_for_one_subscription_one_lives(database: Database) -> None:
    results = await asyncio.gather(*(made.stored(database) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Change) for result in results) == 1
    assert sum(isinstance(result, OpenChangeExists) for result in results) == 9


async def test_a_draft_submitted_ten_times_at_once_is_one_change(database: Database) -> None:
    results = await asyncio.gather(*(made.stored(database, draft_id="one") for _ in range(10)))
    assert len({result.id for result in results}) == 1


@pytest.mark.parametrize("to", sorted(set(S) - {S.SUBMITTING}))
async def test_a_move_is_made_from_the_states_that_lead_there_and_no_other(database: Database, to: ChangeState) -> None:
    """The one table of transitions is what the conditional UPDATE is built from."""
    for number, state in enumerate(S):
        put = await in_state(database, state, customer=f"customer-{number}")
        async with database.write() as tx:
            moved = await tx.changes.move(put.id, to=to)
        assert (moved is not None) == (to in TRANSITIONS[state]) == (state in sources_of(to)), (state, to)
        if moved is not None:
            assert (moved.state, moved.row_version) == (to, put.row_version + 1)
            assert moved.lease_owner is None


async def test_nothing_is_moved_into_submitting(database: Database) -> None:
    put = await made.stored(database)
    async with database.write() as tx:
        with pytest.raises(ValueError, match="claimed"):
            await tx.changes.move(put.id, to=S.SUBMITTING)


async def test_of_two_decisions_at_once_one_wins(database: Database) -> None:
    """Defects 2 and 10."""
    put = await made.stored(database, state=S.AWAITING_APPROVAL)

    async def decide(to: ChangeState) -> Change | None:
        async with database.write() as tx:
            return await tx.changes.move(put.id, to=to, not_expired=True)

    states = [S.APPROVED, S.WITHDRAWN, S.REJECTED] * 5
    results = [result for result in await asyncio.gather(*map(decide, states)) if result is not None]
    # approved -> withdrawn or rejected is legal too: the path, not only its end, has to be one of the table's.
    assert 1 <= len(results) <= 2
    assert len({result.row_version for result in results}) == len(results)


async def test_a_move_holds_to_its_conditions(database: Database, clock: ShiftedClock) -> None:
    put = await made.stored(database, state=S.AWAITING_APPROVAL)
    async with database.write() as tx:
        assert await tx.changes.move(put.id, to=S.APPROVED, facts_version=2) is None
        assert await tx.changes.move(put.id, to=S.APPROVED, lease_owner="nobody") is None
        assert await tx.changes.move(put.id, to=S.APPROVED, lapsed=True) is None
    clock.advance(timedelta(hours=24))
    async with database.write() as tx:
        assert await tx.changes.move(put.id, to=S.APPROVED, not_expired=True) is None
        assert [each.id for each in await tx.changes.expired()] == [put.id]
        assert await tx.changes.move(put.id, to=S.EXPIRED) is not None
        assert await tx.changes.expired() == []


async def test_a_move_sets_what_it_is_told_and_leaves_the_rest(database: Database) -> None:
    put = await made.stored(database)
    await made.claimed(database)
    outcome = Outcome(quantity=24, follow_ups=2, moves=(Move(field="quantity", before=24, after=25),), error_text="ü")
    async with database.write() as tx:
        new = made.facts(quantity=25)
        update = ChangeUpdate(facts=new, facts_version=2, outcome=outcome, due_at=tx.now + made.LEASE)
        moved = await tx.changes.move(put.id, to=S.AWAITING_APPROVAL, lease_owner="worker-1", set=update)
        due = tx.now + made.LEASE
    async with database.read() as tx:
        assert await tx.changes.get(put.id) == moved
    assert moved is not None
    assert (moved.facts, moved.facts_version, moved.outcome, moved.due_at) == (new, 2, outcome, due)
    assert (moved.note, moved.expires_at) == (put.note, put.expires_at)


async def test_nothing_of_a_transaction_that_fails_is_kept(database: Database) -> None:
    put = await made.stored(database)

    async def fails() -> None:
        async with database.write() as tx:
            await tx.changes.move(put.id, to=S.WITHDRAWN)
            await tx.changes.add(made.change(tx, customer="another"))
            await tx.audit.append(made.entry())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    async with database.read() as tx:
        assert await tx.changes.get(put.id) == put
        assert len((await tx.changes.recent(made.TEAM)).items) == 1
        assert (await tx.audit.head(made.TEAM)).number == 0


async def test_lists_page_through_everything_once(database: Database) -> None:
    async with database.write() as tx:
        for number in range(7):  # all of one instant: the id decides
            state = S.AWAITING_APPROVAL if number % 2 else S.APPROVED
            await tx.changes.add(made.change(tx, customer=f"customer-{number}", state=state))
        await tx.changes.add(made.change(tx, customer="elsewhere", team_id="T0OTHER"))
    for name, wanted in (("recent", 7), ("open", 7), ("waiting", 3)):
        seen: list[str] = []
        after: str | None = None
        for _ in range(10):
            async with database.read() as tx:
                page = await getattr(tx.changes, name)(made.TEAM, after=after, limit=2)
            seen += [each.id for each in page.items]
            after = page.after
            if after is None:
                break
        assert len(seen) == len(set(seen)) == wanted, name
    async with database.read() as tx:
        assert len((await tx.changes.mine(made.ASKER)).items) == 8
        assert await tx.changes.count_by(made.ASKER, tx.now - timedelta(hours=1)) == 8
        assert await tx.changes.count_by(made.ASKER, tx.now + timedelta(hours=1)) == 0


async def in_state(database: Database, state: ChangeState, **fields: Any) -> Change:
    """A change brought into a state by legal moves."""
    if state in BIRTH:
        return await made.stored(database, state=state, **fields)
    if state in {S.REJECTED, S.WITHDRAWN, S.EXPIRED}:
        born = await made.stored(database, **fields)
        async with database.write() as tx:
            found = await tx.changes.move(born.id, to=state)
    else:
        async with database.write() as tx:
            past = tx.now - timedelta(days=next(_days))  # before all others, so that it is the one that is claimed
            born = await tx.changes.add(made.change(tx, due_at=past, **fields))
        found = await made.claimed(database)
        assert found.id == born.id
        if state is not S.SUBMITTING:
            async with database.write() as tx:
                found = await tx.changes.move(born.id, to=state)
    assert found is not None
    assert found.state is state
    return found
