import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.request_upgrade import request_upgrade
from bot.desk.stopping import resume_orders, stop_orders
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import (
    BadInput,
    HandleTooOld,
    HandleUnknown,
    OpenChangeExists,
    Refused,
    TooLate,
)
from bot.domain.people import Caller
from bot.domain.policy import Operation, Policy
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.records import OutboxKind
from tests.bot.desk.conftest import CONTOSO, FABRIKAM, NORDWIND
from tests.support.asking import current, prepared, requested
from tests.support.counting_ids import CountingIds
from tests.support.desks import TEAM, DeskKit, on_another_machine
from tests.support.engines import AUDIT_KEY
from tests.support.made import entry


async def test_a_request_is_recorded_with_entry_card_and_step(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO, note="Ticket 4711: „bitte“ <!channel>")
    assert (change.state, change.asker, change.rehearsal) == (ChangeState.APPROVED, heidi.actor, False)
    assert change.note == "Ticket 4711: „bitte“ <!channel>"
    assert kit.woken == 1
    row = (await kit.trail())[-1]
    assert (row.entry.name, row.entry.verdict, row.entry.after) == (
        AuditName.CHANGE_REQUEST,
        AuditVerdict.DONE,
        ChangeState.APPROVED,
    )
    assert row.entry.free_text == change.note
    assert row.entry.evidence.roles == {PartnerRole.SALES_AGENT}
    async with kit.desk.database.read() as tx:
        waiting = await tx.outbox.of(change.id)
    assert {(each.kind, each.audit_number) for each in waiting} == {
        (OutboxKind.CARD, None),
        (OutboxKind.STEP, row.number),
    }


async def test_the_same_draft_again_is_the_same_change(kit: DeskKit, heidi: Caller) -> None:
    """A second press, and Slack's retry."""
    seen = await prepared(kit, heidi, CONTOSO)
    first = await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="one")
    await kit.work()
    again = await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="two")
    assert (again.id, again.note, again.state) == (first.id, "one", ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


async def test_twenty_submits_at_once_from_two_machines_are_one_order(
    kit: DeskKit, heidi: Caller, database_url: str, clock: ShiftedClock, ids: CountingIds
) -> None:
    seen = await prepared(kit, heidi, CONTOSO)
    second = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await second.open()
    try:
        other = on_another_machine(kit, second)
        patience = clock.monotonic() + 30
        answers = await asyncio.gather(
            *(
                request_upgrade(each.desk, caller=heidi, draft_id=seen.draft_id, note="", deadline=patience)
                for each in [kit, other] * 10
            )
        )
        assert len({each.id for each in answers}) == 1
        await asyncio.gather(kit.work(owner="one"), other.work(owner="two"))
    finally:
        await second.close()
    assert await kit.service.orders() == 1
    assert [row.entry.name for row in await kit.trail()].count(AuditName.CHANGE_REQUEST) == 1


async def test_ten_people_at_once_for_one_subscription_are_one_change(kit: DeskKit, clock: ShiftedClock) -> None:
    """The losers are told who has it; each of them left an entry."""
    people = [kit.member(f"U0PERSON{number}", PartnerRole.ADMIN_AGENT) for number in range(10)]
    drafts = [(await prepared(kit, each, CONTOSO)).draft_id for each in people]
    answers = await asyncio.gather(
        *(
            request_upgrade(kit.desk, caller=caller, draft_id=draft, note="", deadline=clock.monotonic() + 30)
            for caller, draft in zip(people, drafts, strict=True)
        ),
        return_exceptions=True,
    )
    (won,) = [each for each in answers if isinstance(each, Change)]
    lost = [each for each in answers if isinstance(each, OpenChangeExists)]
    assert len(lost) == 9
    assert {(each.change_id, each.by) for each in lost} == {(won.id, won.asker)}
    verdicts = [row.entry.verdict for row in await kit.trail() if row.entry.name is AuditName.CHANGE_REQUEST]
    assert (verdicts.count(AuditVerdict.DONE), verdicts.count(AuditVerdict.REFUSED)) == (1, 9)


async def test_too_late_means_that_nothing_was_recorded(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    seen = await prepared(kit, heidi, CONTOSO)
    entries = len(await kit.trail())
    with pytest.raises(TooLate):
        await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="", deadline=clock.monotonic() - 0.1)
    async with kit.desk.database.read() as tx:
        assert await tx.changes.by_draft(seen.draft_id) is None
    assert len(await kit.trail()) == entries


async def test_a_database_that_is_held_up_makes_it_too_late(kit: DeskKit, heidi: Caller) -> None:
    seen = await prepared(kit, heidi, CONTOSO)
    desk = replace(kit.desk, config=replace(kit.desk.config, write_deadline=0.3))
    async with kit.desk.database.write() as tx:
        await tx.audit.append(entry(team_id=TEAM))
        with pytest.raises(TooLate):
            await request_upgrade(desk, caller=heidi, draft_id=seen.draft_id, note="")
    async with kit.desk.database.read() as tx:
        assert await tx.changes.by_draft(seen.draft_id) is None


async def test_nobody_asks_for_more_than_their_share_a_day(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    kit.policy = Policy(operation=Operation(changes_per_person_per_day=1))
    await requested(kit, heidi, CONTOSO)
    with pytest.raises(Refused) as raised:
        await requested(kit, heidi, FABRIKAM)
    assert raised.value.reason == "daily_limit"
    clock.advance(timedelta(hours=25))
    await requested(kit, heidi, FABRIKAM)


async def test_stopped_means_stopped_until_resumed(kit: DeskKit, heidi: Caller) -> None:
    seen = await prepared(kit, heidi, CONTOSO)
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    with pytest.raises(Refused) as raised:
        await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="")
    assert raised.value.reason == "stopped"
    await resume_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="")


@pytest.mark.parametrize("role", [PartnerRole.USER_ADMIN, PartnerRole.HELPDESK_AGENT])
async def test_what_somebody_may_not_buy_alone_waits_for_a_second_person(kit: DeskKit, role: PartnerRole) -> None:
    """Nothing is sent meanwhile."""
    caller = kit.member("U0HELPDESK", role)
    seen = await prepared(kit, caller, CONTOSO)
    assert (seen.second_person, seen.may_submit) == (("role",), True)
    change = await request_upgrade(kit.desk, caller=caller, draft_id=seen.draft_id, note="")
    assert (change.state, change.approvals_needed) == ("awaiting_approval", 1)
    assert await kit.work() == 0


async def test_somebody_elses_draft_is_refused_and_noted(kit: DeskKit, heidi: Caller) -> None:
    seen = await prepared(kit, heidi, CONTOSO)
    other = kit.member("U0OTHER", PartnerRole.GLOBAL_ADMIN)
    with pytest.raises(Refused) as raised:
        await request_upgrade(kit.desk, caller=other, draft_id=seen.draft_id, note="")
    assert raised.value.reason == "not_yours"
    assert (await kit.trail())[-1].entry.actor == other.actor


async def test_a_made_up_draft_and_one_of_yesterday_are_no_requests(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    with pytest.raises(HandleUnknown):
        await request_upgrade(kit.desk, caller=heidi, draft_id="made-up", note="")
    seen = await prepared(kit, heidi, CONTOSO)
    clock.advance(timedelta(hours=25))
    with pytest.raises(HandleTooOld):
        await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="")


@pytest.mark.parametrize(
    ("note", "problem"), [("x" * 501, "too_long"), ("a\x07b", "control_characters"), ("no number", "ticket_wanted")]
)
async def test_a_note_that_cannot_be_used_says_why(kit: DeskKit, heidi: Caller, note: str, problem: str) -> None:
    kit.policy = Policy(operation=Operation(ticket_pattern=r"INC\d+"))
    seen = await prepared(kit, heidi, CONTOSO)
    assert seen.ticket_wanted
    with pytest.raises(BadInput) as raised:
        await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note=note)
    assert (raised.value.field, raised.value.problem) == ("note", problem)
    await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="see INC4711\nthanks")


async def test_twins_are_told_apart(kit: DeskKit, heidi: Caller) -> None:
    """Two customers of one name: the order is the one's whose list it was."""
    change = await requested(kit, heidi, NORDWIND[0])
    await kit.work()
    held = await kit.desk.service.subscriptions(NORDWIND[0]["id"], correlation_id=kit.desk.ids.uuid())
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert {each.status for each in held} == {"deleted", "active"}
