"""Rejecting, withdrawing, and the end of a change's time."""

from datetime import timedelta

import pytest

from bot.desk.approval_status import approval_status
from bot.desk.prepare_approval import prepare_approval
from bot.desk.prepare_upgrade import prepare_again
from bot.desk.reject import reject
from bot.desk.stopping import stop_orders
from bot.desk.sweep import sweep
from bot.desk.withdraw import withdraw
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import AlreadyDecided, BadInput, ChangeUnknown, Refused
from bot.domain.people import SYSTEM, Caller
from bot.domain.policy import ApprovalRule, Operation, Policy
from bot.domain.roles import PartnerRole
from storage.records import OutboxKind
from tests.bot.desk.conftest import CONTOSO
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import current, requested
from tests.support.desks import OWNER, TEAM, DeskKit

S = ChangeState
REASON = "Der Kunde: „noch nicht“ <!channel>\nTicket: 12"


async def told(kit: DeskKit, change_id: str) -> list[ChangeState | None]:
    async with kit.desk.database.read() as tx:
        return [each.state for each in await tx.outbox.of(change_id) if each.kind is OutboxKind.NOTICE]


async def test_a_rejection_has_its_reason_and_its_asker_is_told(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    decided = await reject(kit.desk, caller=heidi, change_id=change.id, reason=f"  {REASON} ")
    assert decided.change.state is S.REJECTED
    assert decided.change.outcome is not None
    assert (decided.change.outcome.error_code, decided.change.outcome.error_text) == ("rejected", REASON)
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.verdict, entry.free_text) == (AuditName.CHANGE_REJECT, AuditVerdict.DONE, REASON)
    assert (entry.before, entry.after, entry.rule) == (
        S.AWAITING_APPROVAL,
        S.REJECTED,
        "built-in [actions] approve",
    )
    assert await told(kit, change.id) == [S.REJECTED]
    async with kit.desk.database.read() as tx:
        status = await approval_status(tx, kit.desk, decided.change)
    assert status.decision is not None
    assert status.decision.actor == heidi.actor
    again = await prepare_again(kit.desk, caller=helpdesk(kit), change_id=change.id)
    assert again.may_submit
    assert await kit.work() == 0


@pytest.mark.parametrize(("reason", "problem"), [(" \n ", "empty"), ("x" * 501, "too_long"), ("a\x00b", None)])
async def test_a_rejection_without_a_usable_reason_is_none(
    kit: DeskKit, heidi: Caller, reason: str, problem: str | None
) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    with pytest.raises(BadInput) as bad:
        await reject(kit.desk, caller=heidi, change_id=change.id, reason=reason)
    assert (bad.value.field, bad.value.problem) == ("reason", problem or "control_characters")
    assert (await current(kit, change)).state is S.AWAITING_APPROVAL


async def test_who_may_not_approve_may_not_reject_and_the_asker_withdraws_instead(kit: DeskKit) -> None:
    asker = helpdesk(kit)
    change = await waiting(kit, asker, CONTOSO)
    with pytest.raises(Refused) as refused:
        await reject(kit.desk, caller=asker, change_id=change.id, reason="no")
    assert refused.value.reason == "role_not_enough"
    kit.roles.held[asker.actor] = {PartnerRole.SALES_AGENT}
    with pytest.raises(Refused) as own:
        await reject(kit.desk, caller=asker, change_id=change.id, reason="no")
    assert own.value.reason == "own_change"
    assert [row.entry.name for row in (await kit.trail())[-2:]] == [AuditName.CHANGE_REJECT] * 2
    with pytest.raises(ChangeUnknown):
        await reject(kit.desk, caller=asker, change_id="made up", reason="no")


async def test_what_was_decided_is_not_rejected_any_more(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    late = kit.member("U0LATE", PartnerRole.GLOBAL_ADMIN)
    with pytest.raises(AlreadyDecided) as decided:
        await reject(kit.desk, caller=late, change_id=change.id, reason="no")
    async with kit.desk.database.read() as tx:
        (made,) = await tx.approvals.of(change.id)
    assert (decided.value.by, decided.value.at) == (heidi.actor, made.at)
    assert decided.value.params["state"] == "approved"


async def test_somebody_who_approved_may_still_reject_while_another_is_waited_for(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(approval=ApprovalRule(approvers=2))
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    assert (await reject(kit.desk, caller=heidi, change_id=change.id, reason="no")).change.state is S.REJECTED


async def test_its_asker_withdraws_and_nobody_else(kit: DeskKit, heidi: Caller) -> None:
    asker = helpdesk(kit)
    change = await waiting(kit, asker, CONTOSO)
    with pytest.raises(Refused) as refused:
        await withdraw(kit.desk, caller=heidi, change_id=change.id)
    assert refused.value.reason == "not_yours"
    assert (await withdraw(kit.desk, caller=asker, change_id=change.id)).change.state is S.WITHDRAWN
    names = [(row.entry.name, row.entry.verdict) for row in (await kit.trail())[-2:]]
    assert names == [
        (AuditName.CHANGE_WITHDRAW, AuditVerdict.REFUSED),
        (AuditName.CHANGE_WITHDRAW, AuditVerdict.DONE),
    ]
    assert await told(kit, change.id) == [], "whoever withdraws knows it"
    with pytest.raises(AlreadyDecided) as again:
        await withdraw(kit.desk, caller=asker, change_id=change.id)
    assert (again.value.by, again.value.params["state"]) == (asker.actor, "withdrawn")


async def test_an_approved_change_that_waits_out_an_outage_is_withdrawn_and_never_sent(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    asker = helpdesk(kit)
    change = await waiting(kit, asker, CONTOSO)
    await approved(kit, heidi, change)
    with kit.service.faults.armed("error"):
        await kit.work()
    assert (await current(kit, change)).state is S.APPROVED
    decided = await withdraw(kit.desk, caller=asker, change_id=change.id)
    assert decided.change.state is S.WITHDRAWN
    clock.advance(timedelta(hours=1))
    assert await kit.work() == 0
    assert await kit.service.orders() == 0


async def test_what_is_being_submitted_is_not_withdrawn_any_more(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    async with kit.desk.database.write() as tx:
        assert await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease) is not None
    with pytest.raises(AlreadyDecided) as late:
        await withdraw(kit.desk, caller=heidi, change_id=change.id)
    assert late.value.params["state"] == "submitting"
    assert (await kit.trail())[-1].entry.before is S.SUBMITTING


async def test_neither_a_stop_nor_a_freeze_keeps_anybody_from_saying_no(kit: DeskKit, heidi: Caller) -> None:
    asker = helpdesk(kit)
    change = await waiting(kit, asker, CONTOSO)
    today = kit.desk.clock.now().date()
    kit.policy = Policy(operation=Operation(freeze=((today, today + timedelta(days=1)),)))
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    await withdraw(kit.desk, caller=asker, change_id=change.id)
    assert (await current(kit, change)).state is S.WITHDRAWN


async def test_the_clock_ends_what_nobody_decided_and_tells_its_asker(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Without anybody pressing anything."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    clock.advance(timedelta(hours=24, seconds=1))
    assert (await sweep(kit.desk)).expired == 1
    assert (await current(kit, change)).state is S.EXPIRED
    assert await told(kit, change.id) == [S.EXPIRED]
    assert (await kit.trail())[-1].entry.before is S.AWAITING_APPROVAL
    with pytest.raises(AlreadyDecided) as late:
        await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    assert (late.value.by, late.value.params["state"]) == (SYSTEM, "expired")


async def test_an_approved_change_expires_too(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    clock.advance(timedelta(hours=24, seconds=1))
    assert await kit.work() == 0
    assert (await sweep(kit.desk)).expired == 1
    assert (await current(kit, change)).state is S.EXPIRED
