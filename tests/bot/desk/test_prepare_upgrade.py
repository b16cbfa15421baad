"""The confirmation: read again, what moved, and what stands against it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.request_upgrade import request_upgrade
from bot.domain.audit import AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import (
    Refused,
    SubscriptionGone,
)
from bot.domain.people import Caller
from bot.domain.policy import Mode, Operation, Policy
from tests.bot.desk.conftest import CONTOSO, FABRIKAM
from tests.support.asking import current, option_handle, prepared
from tests.support.desks import DeskKit


async def test_the_confirmation_has_the_facts_before_the_deed(kit: DeskKit, heidi: Caller) -> None:
    seen = await prepared(kit, heidi, CONTOSO)
    facts = seen.facts
    assert (facts.customer_name, facts.customer_domain, facts.subscription_name) == (
        "Contoso GmbH",
        "contoso.de",
        "Zentrale",
    )
    assert (facts.quantity, facts.target_quantity, facts.accounts_reset, facts.permitted) == (24, 24, 1, True)
    assert "exchange_plan_2" in facts.services_added
    assert (seen.moves, seen.reasons, seen.hindrance, seen.may_submit) == ((), (), None, True)


async def test_what_changed_since_the_list_is_shown(kit: DeskKit, heidi: Caller, tmp_path: Path) -> None:
    handle = await option_handle(kit, heidi, CONTOSO)
    bigger = {**CONTOSO["subscriptions"][0], "quantity": 25}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [bigger, *CONTOSO["subscriptions"][1:]]}])
    seen = await prepare_upgrade(kit.desk, caller=heidi, handle=handle)
    assert [(each.field, each.before, each.after) for each in seen.moves] == [
        ("quantity", 24, 25),
        ("target_quantity", 24, 25),
    ]
    assert seen.may_submit


async def test_a_subscription_that_vanished_between_list_and_press_is_told(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    handle = await option_handle(kit, heidi, CONTOSO)
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": CONTOSO["subscriptions"][1:]}])
    with pytest.raises(SubscriptionGone):
        await prepare_upgrade(kit.desk, caller=heidi, handle=handle)


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (Operation(mode=Mode.READ_ONLY), "read_only"),
        (Operation(never_customers=frozenset({CONTOSO["id"]})), "never_this_customer"),
        (Operation(pilot_customers=frozenset({FABRIKAM["id"]})), "not_a_pilot_customer"),
        (Operation(pilot_customers=frozenset()), "not_a_pilot_customer"),
    ],
)
async def test_what_the_policy_forbids_is_said_at_the_button_and_refused_at_submit(
    kit: DeskKit, heidi: Caller, operation: Operation, reason: str
) -> None:
    kit.policy = Policy(operation=operation)
    seen = await prepared(kit, heidi, CONTOSO)
    assert isinstance(seen.hindrance, Refused)
    assert (seen.hindrance.reason, seen.may_submit) == (reason, False)
    with pytest.raises(Refused) as raised:
        await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="")
    assert raised.value.reason == reason
    last = (await kit.trail())[-1].entry
    assert (last.verdict, last.reason) == (AuditVerdict.REFUSED, reason)


async def test_a_freeze_holds_from_its_first_day_to_its_last(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    today = clock.now().date()
    kit.policy = Policy(operation=Operation(freeze=((today, today + timedelta(days=1)),)))
    seen = await prepared(kit, heidi, CONTOSO)
    assert isinstance(seen.hindrance, Refused)
    kit.policy = Policy(operation=Operation(freeze=((today + timedelta(days=1), today + timedelta(days=1)),)))
    assert (await prepared(kit, heidi, CONTOSO)).may_submit


async def test_on_a_service_that_is_not_ours_nothing_is_ordered_until_somebody_says_so(
    kit: DeskKit, heidi: Caller
) -> None:
    desk = replace(kit.desk, config=replace(kit.desk.config, service_is_embedded=False))
    foreign = replace(kit, desk=desk)
    seen = await prepared(foreign, heidi, CONTOSO)
    assert seen.mode is Mode.READ_ONLY
    assert isinstance(seen.hindrance, Refused)


async def test_accounts_that_cannot_be_counted_are_not_known(kit: DeskKit, heidi: Caller) -> None:
    with kit.service.faults.armed("hang", path="/users$", seconds=60):
        seen = await prepared(kit, heidi, CONTOSO)
    assert seen.facts.accounts_reset is None
    change = await request_upgrade(kit.desk, caller=heidi, draft_id=seen.draft_id, note="")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
