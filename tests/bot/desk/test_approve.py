"""Approvals: who may, who counts, what it takes (issue 3, 4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import (
    AlreadyDecided,
    ChangeUnknown,
    HandleTooOld,
    HandleUnknown,
    Refused,
    TooLate,
    Undetermined,
)
from bot.domain.people import SYSTEM, Actor, Caller, Standing
from bot.domain.policy import ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from storage.approval_records import DecisionKind
from tests.bot.desk.conftest import CONTOSO
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import current
from tests.support.desks import DeskKit

S = ChangeState
TWO = Policy(approval=ApprovalRule(approvers=2))


async def test_a_second_person_checks_and_approves_and_it_is_ordered_once(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    assert await kit.work() == 0
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    assert (sheet.facts.quantity, sheet.moves, sheet.may_decide) == (24, (), True)
    assert (await current(kit, change)).state is S.AWAITING_APPROVAL, "opening the sheet decides nothing"
    woken = kit.woken
    decided = await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert (decided.change.state, decided.counted, decided.needed) == (S.APPROVED, 1, 1)
    assert kit.woken == woken + 1
    assert await kit.work() == 1
    assert (await current(kit, change)).state is S.COMPLETED
    assert await kit.service.orders() == 1


async def test_the_trail_says_by_which_authority_it_was_approved(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    row = (await kit.trail())[-1]
    entry = row.entry
    assert (entry.name, entry.verdict, entry.actor) == (AuditName.CHANGE_APPROVE, AuditVerdict.DONE, heidi.actor)
    assert (entry.before, entry.after, entry.facts_version) == (S.AWAITING_APPROVAL, S.APPROVED, 1)
    assert entry.rule == "built-in [actions] approve"
    assert [(each.role, each.source) for each in entry.evidence.held] == [(PartnerRole.SALES_AGENT, "test")]
    assert entry.data == {"counted": 1, "needed": 1, "self_approved": False}


async def test_of_two_approvers_each_counts_once_and_the_asker_never(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = TWO
    asker = kit.member("U0HELGA", PartnerRole.HELPDESK_AGENT)
    change = await waiting(kit, asker, CONTOSO)
    kit.roles.held[asker.actor].add(PartnerRole.GLOBAL_ADMIN)
    with pytest.raises(Refused, match="refused") as refused:
        await prepare_approval(kit.desk, caller=asker, change_id=change.id)
    assert refused.value.reason == "own_change"
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    first = await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert (first.change.state, first.counted, first.needed, first.again) == (S.AWAITING_APPROVAL, 1, 2, False)
    entries = len(await kit.trail())
    for review in (sheet.review_id, (await prepare_approval(kit.desk, caller=heidi, change_id=change.id)).review_id):
        again = await approve(kit.desk, caller=heidi, review_id=review)
        assert (again.change.state, again.counted, again.again) == (S.AWAITING_APPROVAL, 1, True)
    assert len(await kit.trail()) == entries, "nothing was decided again"
    second = await approved(kit, kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN), change)
    assert (second.change.state, second.counted) == (S.APPROVED, 2)
    async with kit.desk.database.read() as tx:
        given = await tx.approvals.given(change.id, 1)
    assert [each.actor.user_id for each in given] == ["U0HEIDI", "U0GUSTAV"]


async def test_the_card_is_drawn_anew_for_each_approval(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = TWO
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    decided = await approved(kit, heidi, change)
    assert decided.change.row_version > change.row_version


async def test_a_team_of_one_may_approve_its_own_and_the_entry_is_marked(kit: DeskKit) -> None:
    kit.policy = Policy(approval=ApprovalRule(self_approval=True, for_seats_above=5))
    alone = kit.member("U0ALONE", PartnerRole.GLOBAL_ADMIN)
    change = await waiting(kit, alone, CONTOSO)
    assert (await approved(kit, alone, change)).change.state is S.APPROVED
    assert (await kit.trail())[-1].entry.data["self_approved"] is True
    async with kit.desk.database.read() as tx:
        (given,) = await tx.approvals.given(change.id, 1)
    assert (given.self_made, given.kind) == (True, DecisionKind.APPROVE)


async def test_a_role_that_is_gone_by_the_press_is_refused(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    kit.roles.held[heidi.actor] = {PartnerRole.HELPDESK_AGENT}
    with pytest.raises(Refused) as refused:
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert refused.value.reason == "role_not_enough"
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.verdict, entry.reason) == (
        AuditName.CHANGE_APPROVE,
        AuditVerdict.REFUSED,
        "role_not_enough",
    )
    assert (entry.change_id, entry.before, entry.after) == (change.id, S.AWAITING_APPROVAL, S.AWAITING_APPROVAL)
    assert entry.facts_version == 1
    assert entry.evidence.roles == {PartnerRole.HELPDESK_AGENT}
    assert (await current(kit, change)).state is S.AWAITING_APPROVAL


async def test_roles_that_cannot_be_read_are_not_a_refusal(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    kit.roles.away = True
    with pytest.raises(Undetermined):
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert (await kit.trail())[-1].entry.verdict is AuditVerdict.UNDETERMINED


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.MEMBER}))
async def test_nobody_but_members_approves(kit: DeskKit, heidi: Caller, standing: Standing) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    stranger = kit.member("U0STRANGER", PartnerRole.GLOBAL_ADMIN, standing=standing)
    with pytest.raises(Refused) as refused:
        await prepare_approval(kit.desk, caller=stranger, change_id=change.id)
    assert refused.value.reason == standing.value
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    with pytest.raises(Refused):
        await approve(kit.desk, caller=stranger, review_id=sheet.review_id)


async def test_the_same_user_id_in_another_workspace_is_somebody_else(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    other = replace(heidi, actor=Actor(team_id="T0OTHER", user_id=heidi.actor.user_id))
    with pytest.raises(Refused) as refused:
        await approve(kit.desk, caller=other, review_id=sheet.review_id)
    assert refused.value.reason == "other_organisation"


async def test_somebody_elses_sheet_cannot_be_submitted(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    other = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    with pytest.raises(Refused) as refused:
        await approve(kit.desk, caller=other, review_id=sheet.review_id)
    assert refused.value.reason == "not_yours"
    assert (await kit.trail())[-1].entry.actor == other.actor


async def test_made_up_and_foreign_ids_open_nothing(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    with pytest.raises(HandleUnknown):
        await approve(kit.desk, caller=heidi, review_id="made up")
    with pytest.raises(ChangeUnknown):
        await prepare_approval(kit.desk, caller=heidi, change_id="made up")
    elsewhere = Actor(team_id="T0OTHER", user_id="U0HEIDI")
    kit.people.persons[elsewhere] = replace(kit.people.persons[heidi.actor], actor=elsewhere)
    kit.roles.held[elsewhere] = {PartnerRole.GLOBAL_ADMIN}
    with pytest.raises(ChangeUnknown):
        await prepare_approval(
            kit.desk, caller=Caller(actor=elsewhere, installed_team_id="T0OTHER", delivery_id="d"), change_id=change.id
        )


async def test_what_passed_its_time_is_not_approved_even_before_the_clock_comes_by(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Expiry is enforced in the claim."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    clock.advance(timedelta(hours=23, minutes=50))
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    clock.advance(timedelta(minutes=11))
    with pytest.raises(AlreadyDecided) as late:
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert (late.value.by, late.value.at, late.value.params["state"]) == (SYSTEM, change.expires_at, "expired")
    assert (await kit.trail())[-1].entry.reason == "already_decided"
    with pytest.raises(AlreadyDecided):
        await prepare_approval(kit.desk, caller=heidi, change_id=change.id)


async def test_a_sheet_of_yesterday_is_too_old(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    kit.policy = Policy(approval=ApprovalRule(expires_after=timedelta(days=3)))
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(HandleTooOld):
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)


async def test_an_approval_that_comes_too_late_records_nothing(kit: DeskKit, heidi: Caller) -> None:
    """2 s from the press: then nothing is recorded and the person is told so."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    entries = len(await kit.trail())
    with pytest.raises(TooLate):
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id, deadline=kit.desk.clock.monotonic())
    assert (await current(kit, change)).state is S.AWAITING_APPROVAL
    assert len(await kit.trail()) == entries


async def test_it_all_goes_on_after_a_restart(kit: DeskKit, heidi: Caller) -> None:
    """State is in rows: another process, with the same database, knows the sheet and the approvals."""
    kit.policy = TWO
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    sheet = await prepare_approval(kit.desk, caller=gustav, change_id=change.id)
    await kit.desk.database.close()
    await kit.desk.database.open()
    decided = await approve(kit.desk, caller=gustav, review_id=sheet.review_id)
    assert (decided.change.state, decided.counted) == (S.APPROVED, 2)


async def test_a_stranger_with_a_made_up_sheet_is_refused_and_entered(kit: DeskKit, heidi: Caller) -> None:
    """Whoever may approve is told that it is unknown; anybody else only that they may not."""
    stranger = kit.member("U0ERIK", PartnerRole.ADMIN_AGENT, standing=Standing.OTHER_ORGANISATION)
    entries = len(await kit.trail())
    with pytest.raises(Refused) as refused:
        await approve(kit.desk, caller=stranger, review_id="made-up")
    assert refused.value.reason == "other_organisation"
    (row,) = (await kit.trail())[entries:]
    assert (row.entry.name, row.entry.verdict, row.entry.reason) == (
        AuditName.CHANGE_APPROVE,
        AuditVerdict.REFUSED,
        "other_organisation",
    )
    with pytest.raises(HandleUnknown):
        await approve(kit.desk, caller=heidi, review_id="made-up")
