"""Between the request and the order a role is revoked or the policy tightened: what is sent is what is allowed now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.prepare_upgrade import prepare_again
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller, Standing
from bot.domain.policy import Action, ApprovalRule, Mode, Operation, Policy
from bot.domain.roles import PartnerRole
from handlers.blocks.error_words import ending_sentence
from tests.attacks.conftest import CONTOSO
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import current, requested
from tests.support.desks import DeskKit, Roles

ONLY_GLOBAL = Policy(actions={**Policy().actions, Action.REQUEST: frozenset({PartnerRole.GLOBAL_ADMIN})})
NOBODY = Policy(actions={**Policy().actions, Action.REQUEST: frozenset()})


async def _refused(kit: DeskKit, change: Change, code: str) -> None:
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.REFUSED, code)
    assert await kit.service.orders() == 0
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.verdict, entry.reason) == (AuditName.SUBMIT_REFUSE, AuditVerdict.REFUSED, code)
    assert entry.rule is not None
    assert entry.rule.endswith("[actions] request")
    assert ending_sentence(code)


async def test_a_role_that_was_revoked_meanwhile_orders_nothing(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.roles.held[heidi.actor] = set()
    await _refused(kit, change, "no_role")


@pytest.mark.parametrize(("policy", "code"), [(ONLY_GLOBAL, "role_not_enough"), (NOBODY, "nobody_may")])
async def test_a_policy_that_lets_other_roles_ask_by_now_orders_nothing(
    kit: DeskKit, heidi: Caller, policy: Policy, code: str
) -> None:
    """The entry says by what evidence."""
    change = await requested(kit, heidi, CONTOSO)
    kit.policy = policy
    await _refused(kit, change, code)
    held = (await kit.trail())[-1].entry.evidence.held
    assert [each.role for each in held] == [PartnerRole.SALES_AGENT]


async def test_a_policy_that_wants_a_second_person_by_now_is_not_passed_by_a_lone_request(
    kit: DeskKit, heidi: Caller
) -> None:
    """It can be asked for again, then with the second person."""
    change = await requested(kit, heidi, CONTOSO)
    kit.policy = Policy(approval=ApprovalRule(for_seats_above=5))
    await _refused(kit, change, "second_person")
    again = await prepare_again(kit.desk, caller=heidi, change_id=change.id)
    assert again.second_person


async def test_a_role_that_cannot_buy_alone_any_more_does_not(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.roles.held[heidi.actor] = {PartnerRole.HELPDESK_AGENT}
    await _refused(kit, change, "second_person")


async def test_roles_that_cannot_be_read_refuse_nothing_and_order_nothing(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """It is tried again later, as with a service that is away."""
    change = await requested(kit, heidi, CONTOSO)
    kit.roles.away = True
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.APPROVED
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.reason) == (AuditName.SUBMIT_RETRY, "source_unreachable")
    assert entry.evidence.unreachable == ("test",)
    assert await kit.service.orders() == 0
    kit.roles.away = False
    clock.advance(timedelta(minutes=1))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    sent = next(row.entry for row in await kit.trail() if row.entry.name is AuditName.SUBMIT_SEND)
    assert [each.role for each in sent.evidence.held] == [PartnerRole.SALES_AGENT]


async def test_an_approval_does_not_stand_in_for_the_askers_role(kit: DeskKit) -> None:
    """Whoever approved did so for somebody who might ask."""
    asker, approver = helpdesk(kit), kit.member("U0GREGOR", PartnerRole.GLOBAL_ADMIN)
    change = await waiting(kit, asker, CONTOSO)
    await approved(kit, approver, change)
    kit.roles.held[asker.actor] = set()
    await _refused(kit, change, "no_role")


async def test_approvals_stand_though_the_approvers_role_went_and_though_more_reasons_came(kit: DeskKit) -> None:
    """Who approved could at that moment; nobody is asked again for what was decided."""
    asker, approver = helpdesk(kit), kit.member("U0GREGOR", PartnerRole.GLOBAL_ADMIN)
    change = await waiting(kit, asker, CONTOSO)
    await approved(kit, approver, change)
    kit.roles.held[approver.actor] = set()
    kit.policy = Policy(approval=ApprovalRule(for_seats_above=5))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED


async def test_a_source_that_is_away_does_not_say_that_a_second_person_is_needed(kit: DeskKit, heidi: Caller) -> None:
    """The role that buys alone may be known there; the one that was read does not."""
    change = await requested(kit, heidi, CONTOSO)
    kit.roles.held[heidi.actor] = {PartnerRole.HELPDESK_AGENT}
    away = Roles(kit.desk.clock, away=True, name="away")
    directory = replace(kit.desk.directory, sources=(*kit.desk.directory.sources, away))
    kit.desk = replace(kit.desk, directory=directory)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.APPROVED
    assert (await kit.trail())[-1].entry.reason == "source_unreachable"


async def test_a_rehearsal_is_held_to_the_same(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(operation=Operation(mode=Mode.REHEARSAL))
    change = await requested(kit, heidi, CONTOSO)
    kit.policy = replace(kit.policy, actions=NOBODY.actions)
    await _refused(kit, change, "nobody_may")


@pytest.mark.parametrize("standing", [Standing.DELETED, Standing.GUEST, Standing.OTHER_ORGANISATION])
async def test_an_asker_who_left_meanwhile_orders_nothing(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, standing: Standing
) -> None:
    """The role is still entered; the account is closed, or a guest's by now."""
    change = await requested(kit, heidi, CONTOSO)
    _becomes(kit, heidi, standing)
    clock.advance(timedelta(minutes=2))
    await _refused(kit, change, standing.value)


async def test_people_who_cannot_be_read_refuse_nothing_and_order_nothing(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Slack does not say who the asker is: later."""
    change = await requested(kit, heidi, CONTOSO)
    clock.advance(timedelta(minutes=2))
    kit.people.away = True
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.APPROVED
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.reason) == (AuditName.SUBMIT_RETRY, "people_unreachable")
    assert await kit.service.orders() == 0
    kit.people.away = False
    clock.advance(timedelta(minutes=2))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED


async def test_an_approval_of_somebody_who_left_meanwhile_orders_nothing(kit: DeskKit, clock: ShiftedClock) -> None:
    """An account that was closed may have been taken over before; its approval is asked for again."""
    asker, approver = helpdesk(kit), kit.member("U0GREGOR", PartnerRole.GLOBAL_ADMIN)
    change = await waiting(kit, asker, CONTOSO)
    await approved(kit, approver, change)
    _becomes(kit, approver, Standing.DELETED)
    clock.advance(timedelta(minutes=2))
    await _refused(kit, change, "approver_left")


def _becomes(kit: DeskKit, caller: Caller, standing: Standing) -> None:
    kit.people.persons[caller.actor] = replace(kit.people.persons[caller.actor], standing=standing)
