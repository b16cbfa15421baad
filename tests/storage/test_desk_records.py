"""Drafts, handles, follow-ups, grants, the switch, deliveries."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.changes import ChangeKind, FollowUp
from bot.domain.clock import ShiftedClock
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.follow_up_records import NewList
from storage.records import Draft, Grant, Handle
from tests.support import made


async def test_a_draft_comes_back_as_it_was_kept(database: Database) -> None:
    async with database.write() as tx:
        draft = Draft(
            id="draft-1",
            team_id=made.TEAM,
            actor=made.ASKER,
            kind=ChangeKind.UPGRADE,
            facts=made.facts(accounts_reset=None),
            listed=made.facts(quantity=23),
            locale="de-DE",
            created_at=tx.now,
            customer_id="customer-1",
            subscription_id="subscription-1",
            target_offer_id=None,
            prefill_note="„so“",
        )
        await tx.drafts.add(draft)
    async with database.read() as tx:
        assert await tx.drafts.get("draft-1") == draft
        assert await tx.drafts.get("made up") is None


async def test_handles_come_back_as_they_were_kept(database: Database, clock: ShiftedClock) -> None:
    async with database.write() as tx:
        handles = [
            Handle(
                id=f"handle-{number}",
                team_id=made.TEAM,
                user_id=None if number else made.ASKER.user_id,
                purpose="upgrade",
                data={"customer_id": "ü\x00\ud83d", "page": number, "none": None},
                created_at=tx.now,
            )
            for number in range(25)
        ]
        await tx.handles.add(handles)
        await tx.handles.add([])
    async with database.read() as tx:
        assert [await tx.handles.get(handle.id) for handle in handles] == handles
        assert await tx.handles.get("made up") is None
    clock.advance(timedelta(days=2))
    async with database.write() as tx:
        before = tx.now - timedelta(days=1)
        assert await tx.handles.prune(before=before - timedelta(days=2)) == 0
        assert await tx.handles.prune(before=before, limit=20) == 20
        assert await tx.handles.prune(before=before, limit=20) == 5
        assert await tx.drafts.prune(before=before) == 0


async def test_follow_ups_keep_their_order(database: Database) -> None:
    change = await made.stored(database)
    items = [
        FollowUp(user_id=f"user-{9 - number}", name="Ä", principal_name="a@b.example", services=("exchange", "teams"))
        for number in range(9)
    ]
    async with database.write() as tx:
        keys = tuple(f"key-{number}" for number in range(9))
        begun = NewList(
            change_id=change.id,
            team_id=change.team_id,
            holder=change.asker,
            accounts=tuple(items),
            keys=keys,
            remind_at=tx.now,
            delete_at=tx.now,
        )
        await tx.follow_ups.add(begun)
        await tx.follow_ups.add(replace(begun, change_id="other", accounts=(), keys=()))
    async with database.read() as tx:
        kept = await tx.follow_ups.of(change.id)
        assert [each.about for each in kept] == items
        assert [each.key for each in kept] == list(keys)
        assert await tx.follow_ups.list_of("other") is None
        assert await tx.follow_ups.of("made up") == []


async def test_grants_belong_to_a_person_of_a_workspace(database: Database) -> None:
    """Defects 6: the same user id in another workspace is somebody else."""
    sales, helpdesk = PartnerRole.SALES_AGENT, PartnerRole.HELPDESK_AGENT
    async with database.write() as tx:
        assert await tx.grants.grant("T1", "U1", sales, "root")
        assert await tx.grants.grant("T1", "U1", helpdesk, "root")
        assert not await tx.grants.grant("T1", "U1", sales, "somebody else")
        at = tx.now
    async with database.read() as tx:
        assert await tx.grants.of(Actor(team_id="T1", user_id="U1")) == [helpdesk, sales]
        assert await tx.grants.of(Actor(team_id="T2", user_id="U1")) == []
        assert await tx.grants.all() == [
            Grant(team_id="T1", user_id="U1", role=role, by="root", at=at) for role in (helpdesk, sales)
        ]
    async with database.write() as tx:
        assert await tx.grants.revoke("T1", "U1", sales)
        assert not await tx.grants.revoke("T1", "U1", sales)
        assert await tx.grants.of(Actor(team_id="T1", user_id="U1")) == [helpdesk]


async def test_the_switch_remembers_who_threw_it_first(database: Database) -> None:
    async with database.write() as tx:
        assert await tx.switches.stop("first")
        assert not await tx.switches.stop("second")
        stopped = await tx.switches.stopped()
        assert stopped is not None
        assert (stopped.by, stopped.at) == ("first", tx.now)
        assert await tx.switches.resume("third")
        assert not await tx.switches.resume("third")
        assert await tx.switches.stopped() is None


async def test_a_delivery_has_its_effect_once_also_when_the_first_one_failed(database: Database) -> None:
    """Defects 15: the retry of a failed first delivery is processed."""

    async def deliver(*, fails: bool) -> bool:
        async with database.write() as tx:
            claimed = await tx.deliveries.claim("envelope")
            await asyncio.sleep(0.01)
            if fails:
                raise RuntimeError
            return claimed

    results = await asyncio.gather(deliver(fails=True), deliver(fails=False), return_exceptions=True)
    assert results[1] is True
    assert await asyncio.gather(*(deliver(fails=False) for _ in range(5))) == [False] * 5
    async with database.write() as tx:
        assert await tx.deliveries.prune(before=tx.now + timedelta(days=1)) == 1
        assert await tx.deliveries.claim("envelope")
