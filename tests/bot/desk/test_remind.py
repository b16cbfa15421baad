"""What the clock does about approvals that do not come: once each, across restarts and machines."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.desk.approval_results import Reminded
from bot.desk.approval_status import approval_status
from bot.desk.remind import remind
from bot.desk.sweep import sweep
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import SYSTEM, Caller
from bot.domain.policy import ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from storage.database import Database
from storage.records import OutboxItem, OutboxKind
from tests.bot.desk.conftest import CONTOSO, FABRIKAM
from tests.support.approving import approved, helpdesk, waiting
from tests.support.counting_ids import CountingIds
from tests.support.desks import DeskKit, on_another_machine
from tests.support.engines import AUDIT_KEY

N = AuditName
ADDRESSED = Policy(approval=ApprovalRule(notify="S0APPROVERS", escalate_to="U0BOSS"))
CLOCK = {N.CHANGE_NO_APPROVER, N.CHANGE_REMIND, N.CHANGE_ESCALATE}


async def told(kit: DeskKit) -> list[tuple[AuditName, object]]:
    """What the clock said, with whom it addressed."""
    rows = [row.entry for row in await kit.trail() if row.entry.name in CLOCK]
    assert all(entry.actor == SYSTEM for entry in rows)
    return [(entry.name, entry.data.get("mention")) for entry in rows]


async def outgoing(kit: DeskKit, change: Change) -> list[OutboxItem]:
    async with kit.desk.database.read() as tx:
        return await tx.outbox.of(change.id)


async def test_one_reminder_then_one_escalation_then_the_end(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    kit.policy = ADDRESSED
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    clock.advance(timedelta(hours=3, minutes=59))
    assert await remind(kit.desk) == Reminded()
    clock.advance(timedelta(minutes=2))
    assert await remind(kit.desk) == Reminded(reminded=1)
    assert await remind(kit.desk) == Reminded()
    clock.advance(timedelta(hours=4))
    assert await remind(kit.desk) == Reminded(escalated=1)
    clock.advance(timedelta(hours=4))
    assert await remind(kit.desk) == Reminded()
    assert await told(kit) == [(N.CHANGE_REMIND, "S0APPROVERS"), (N.CHANGE_ESCALATE, "U0BOSS")]
    steps = [each for each in await outgoing(kit, change) if each.kind is OutboxKind.STEP]
    assert len(steps) == 3, "the request, the reminder, the escalation: replies in the card's thread"
    clock.advance(timedelta(hours=12))
    assert (await sweep(kit.desk)).expired == 1


async def test_nobody_to_mention_is_reminded_without_a_mention_and_not_escalated(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    await waiting(kit, helpdesk(kit), CONTOSO)
    clock.advance(timedelta(hours=5))
    assert await remind(kit.desk) == Reminded(reminded=1)
    clock.advance(timedelta(hours=10))
    assert await remind(kit.desk) == Reminded()
    assert await told(kit) == [(N.CHANGE_REMIND, None)]


async def test_a_reminder_outlives_a_restart_and_goes_out_once_from_many_machines(
    database_url: str, kit: DeskKit, heidi: Caller, clock: ShiftedClock, ids: CountingIds
) -> None:
    kit.policy = ADDRESSED
    await waiting(kit, helpdesk(kit), CONTOSO)
    await kit.desk.database.close()
    clock.advance(timedelta(hours=5))
    await kit.desk.database.open()
    another = Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await another.open()
    try:
        desks = [kit.desk, on_another_machine(kit, another).desk] * 5
        done = await asyncio.gather(*(remind(desk) for desk in desks))
    finally:
        await another.close()
    assert sum(each.reminded for each in done) == 1
    assert await told(kit) == [(N.CHANGE_REMIND, "S0APPROVERS")]


async def test_what_was_decided_is_not_reminded_of(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    kit.policy = ADDRESSED
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    clock.advance(timedelta(hours=5))
    assert await remind(kit.desk) == Reminded()
    async with kit.desk.database.read() as tx:
        assert await tx.approvals.to_remind() == [], "the clock does not look at it again"


async def test_while_the_policy_is_broken_nobody_is_reminded(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    await waiting(kit, helpdesk(kit), CONTOSO)
    clock.advance(timedelta(hours=5))
    kit.policy = replace(Policy(), fault="line 3")
    assert await remind(kit.desk) == Reminded()
    kit.policy = ADDRESSED
    assert await remind(kit.desk) == Reminded(reminded=1)


async def test_where_nobody_could_approve_the_asker_hears_it_at_once(kit: DeskKit) -> None:
    asker = helpdesk(kit)
    change = await waiting(kit, asker, CONTOSO)
    assert await remind(kit.desk) == Reminded(without_approver=1)
    assert await remind(kit.desk) == Reminded()
    assert await told(kit) == [(N.CHANGE_NO_APPROVER, None)]
    notices = [each.state for each in await outgoing(kit, change) if each.kind is OutboxKind.NOTICE]
    assert notices == [ChangeState.AWAITING_APPROVAL]
    async with kit.desk.database.read() as tx:
        found = await tx.changes.get(change.id)
        assert found is not None
        assert (await approval_status(tx, kit.desk, found)).without_approver is not None


async def test_the_asker_alone_and_one_of_two_are_too_few(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(approval=ApprovalRule(approvers=2, for_seats_above=5))
    await waiting(kit, heidi, CONTOSO)
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    assert await remind(kit.desk) == Reminded(without_approver=1)
    await waiting(kit, heidi, FABRIKAM)
    kit.member("U0IDA", PartnerRole.ADMIN_AGENT)
    assert await remind(kit.desk) == Reminded()
    assert gustav.actor in kit.roles.held


async def test_somebody_in_another_workspace_cannot_approve_here(kit: DeskKit) -> None:
    kit.member("U0FAR", PartnerRole.GLOBAL_ADMIN, team="T0OTHER")
    await waiting(kit, helpdesk(kit), CONTOSO)
    assert await remind(kit.desk) == Reminded(without_approver=1)


async def test_what_cannot_be_known_is_not_claimed(kit: DeskKit) -> None:
    """A source of roles that cannot say who holds them may know somebody."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    kit.roles.away = True
    assert await remind(kit.desk) == Reminded()
    assert await told(kit) == []
    async with kit.desk.database.read() as tx:
        request = await tx.approvals.request(change.id)
    assert request is not None
    assert (request.found, request.looked_at is None) == (None, False)


async def test_a_short_time_keeps_the_escalation_before_the_end(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    kit.policy = Policy(
        approval=ApprovalRule(expires_after=timedelta(hours=8), remind_after=timedelta(hours=6), escalate_to="U0BOSS")
    )
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    async with kit.desk.database.read() as tx:
        request = await tx.approvals.request(change.id)
    assert request is not None
    assert request.remind_at < request.escalate_at < change.expires_at
