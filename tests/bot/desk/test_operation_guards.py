"""[operation] of the policy: asked at the claim, and again before sending (issue 3, 1)."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.desk.stopping import resume_orders, stop_orders
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.errors import Refused
from bot.domain.people import Caller
from bot.domain.policy import Mode, Operation, Policy
from bot.domain.roles import PartnerRole
from tests.bot.desk.conftest import CONTOSO, FABRIKAM, TWINS
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import current, requested
from tests.support.desks import TEAM, DeskKit

S = ChangeState


def operation(kit: DeskKit, name: str) -> Operation:
    """An [operation] that forbids the order of CONTOSO, by name."""
    today = kit.desk.clock.now().date()
    made: dict[str, Any] = {
        "never_this_customer": {"never_customers": frozenset({CONTOSO["id"]})},
        "not_a_pilot_customer": {"pilot_customers": frozenset({FABRIKAM["id"]})},
        "freeze": {"freeze": ((today, today + timedelta(days=1)),)},
        "read_only": {"mode": Mode.READ_ONLY},
        "ticket_wanted": {"ticket_pattern": r"^INC\d+"},
        "daily_limit": {"changes_per_person_per_day": 1},
    }
    return Operation(**made[name])


GUARDS = ["never_this_customer", "not_a_pilot_customer", "freeze", "read_only", "ticket_wanted", "daily_limit"]


@pytest.mark.parametrize("name", GUARDS)
async def test_what_the_policy_forbids_by_now_is_not_approved(kit: DeskKit, heidi: Caller, name: str) -> None:
    """Nothing is lost: it may be approved once the policy lets it again."""
    asker = helpdesk(kit)
    await waiting(kit, asker, TWINS)
    change = await waiting(kit, asker, CONTOSO)
    kit.policy = Policy(operation=operation(kit, name))
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    assert isinstance(sheet.hindrance, Refused)
    with pytest.raises(Refused) as refused:
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert (refused.value.reason, sheet.hindrance.reason) == (name, name)
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.verdict, entry.reason) == (AuditName.CHANGE_APPROVE, AuditVerdict.REFUSED, name)
    kit.policy = Policy()
    assert (await approved(kit, heidi, change)).change.state is S.APPROVED


@pytest.mark.parametrize("name", GUARDS)
async def test_what_the_policy_forbids_by_now_is_not_sent(kit: DeskKit, heidi: Caller, name: str) -> None:
    await requested(kit, heidi, TWINS)
    await kit.work()
    change = await requested(kit, heidi, CONTOSO)
    kit.policy = Policy(operation=operation(kit, name))
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (S.REFUSED, name)
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.reason) == (AuditName.SUBMIT_REFUSE, name)
    assert await kit.service.orders() == 1


async def test_of_a_days_changes_the_later_ones_are_too_many(kit: DeskKit, heidi: Caller) -> None:
    """Two requests of one moment both see the same count: the claim alone cannot hold the limit."""
    first = await requested(kit, heidi, CONTOSO)
    second = await requested(kit, heidi, FABRIKAM, target="office-365-enterprise-e3")
    kit.policy = Policy(operation=Operation(changes_per_person_per_day=1))
    await kit.work()
    assert (await current(kit, first)).state is S.COMPLETED
    assert (await current(kit, second)).state is S.REFUSED


async def test_a_stop_holds_approvals_back_and_a_resume_lets_them_go_on(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    with pytest.raises(Refused) as refused:
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert refused.value.reason == "stopped"
    await resume_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    assert (await approve(kit.desk, caller=heidi, review_id=sheet.review_id)).change.state is S.APPROVED


async def test_a_role_that_asks_is_not_one_that_approves(kit: DeskKit) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    for role in (PartnerRole.USER_ADMIN, PartnerRole.HELPDESK_AGENT):
        with pytest.raises(Refused):
            await prepare_approval(kit.desk, caller=kit.member("U0OTHER", role), change_id=change.id)
