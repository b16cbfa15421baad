import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.after.show_list import show_list
from bot.desk.prepare_upgrade import prepare_again
from bot.desk.request_upgrade import request_upgrade
from bot.desk.stopping import resume_orders, stop_orders
from bot.desk.submit import submit
from bot.desk.sweep import sweep
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import AlreadyDecided, Refused
from bot.domain.people import Caller
from bot.domain.policy import Mode, Operation, Policy
from bot.domain.roles import PartnerRole
from storage.records import OutboxKind
from tests.bot.desk.conftest import CONTOSO, FABRIKAM, TWINS
from tests.support.asking import current, prepared, requested
from tests.support.desks import OWNER, TEAM, DeskKit

POST = {"method": "POST", "path": r"/upgrades$"}


async def _claimed(kit: DeskKit, owner: str = OWNER) -> Change:
    async with kit.desk.database.write() as tx:
        change = await tx.changes.claim_due(owner=owner, lease=kit.desk.config.lease)
    assert change is not None
    return change


async def test_an_upgrade_is_ordered_once_and_its_outcome_recorded(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    assert await kit.work() == 1
    after = await current(kit, change)
    assert after.state is ChangeState.COMPLETED
    assert after.outcome is not None
    assert (after.outcome.quantity, after.outcome.follow_ups, after.outcome.accounts_total) == (24, 1, 3)
    held = await kit.desk.service.subscriptions(CONTOSO["id"], correlation_id=kit.desk.ids.uuid())
    assert after.outcome.target_subscription_id in {each.id for each in held if each.active}
    assert await kit.service.orders() == 1
    async with kit.desk.database.read() as tx:
        (attempt,) = await tx.attempts.of(change.id)
        kinds = [each.kind for each in await tx.outbox.of(change.id)]
    assert (attempt.result, attempt.correlation_id) == ("done", after.outcome.correlation_id)
    assert sorted(kinds) == [OutboxKind.CARD, OutboxKind.NOTICE, *[OutboxKind.STEP] * 3]
    names = [row.entry.name for row in await kit.trail() if row.entry.change_id == change.id]
    assert names == [AuditName.CHANGE_REQUEST, AuditName.SUBMIT_SEND, AuditName.SUBMIT_OUTCOME]


async def test_names_of_accounts_are_the_askers_alone(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    await kit.work()
    shown = await show_list(kit.desk, caller=heidi, change_id=change.id)
    assert [(each.about.name, each.about.services) for each in shown.accounts] == [
        ("Felix Braun", ("Microsoft Teams",))
    ]
    other = kit.member("U0OTHER", PartnerRole.GLOBAL_ADMIN)
    with pytest.raises(Refused) as raised:
        await show_list(kit.desk, caller=other, change_id=change.id)
    assert raised.value.reason == "not_yours"
    assert all("Felix" not in str(row.entry) for row in await kit.trail())


async def test_what_moved_before_the_sending_is_said_and_nothing_is_ordered(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    bigger = {**CONTOSO["subscriptions"][0], "quantity": 20}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [bigger, *CONTOSO["subscriptions"][1:]]}])
    await kit.work()
    after = await current(kit, change)
    assert after.state is ChangeState.REFUSED
    assert after.outcome is not None
    assert after.outcome.error_code == "facts_moved"
    assert [(each.field, each.before, each.after) for each in after.outcome.moves] == [
        ("quantity", 24, 20),
        ("target_quantity", 24, 20),
    ]
    assert await kit.service.orders() == 0
    again = await prepare_again(kit.desk, caller=heidi, change_id=change.id)
    assert (again.facts.quantity, again.prefill_note, again.may_submit) == (20, "Ticket 4711", True)
    assert [each.field for each in again.moves] == ["quantity", "target_quantity"]


async def test_time_passing_alone_moves_nothing(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await requested(kit, heidi, CONTOSO)
    clock.advance(timedelta(hours=5))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED


async def test_a_subscription_that_was_suspended_meanwhile_is_not_upgraded(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    suspended = {**CONTOSO["subscriptions"][0], "status": "suspended"}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [suspended]}])
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (
        ChangeState.REFUSED,
        "not_possible_any_more",
    )


@pytest.mark.parametrize("gone", ["subscription", "customer"])
async def test_what_is_gone_is_refused(kit: DeskKit, heidi: Caller, tmp_path: Path, gone: str) -> None:
    change = await requested(kit, heidi, CONTOSO)
    book = [FABRIKAM] if gone == "customer" else [{**CONTOSO, "subscriptions": [], "users": []}]
    await kit.service.replace(tmp_path, book)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.REFUSED


async def test_a_rehearsal_does_everything_but_send(kit: DeskKit, heidi: Caller) -> None:
    kit.policy = Policy(operation=Operation(mode=Mode.REHEARSAL))
    change = await requested(kit, heidi, CONTOSO)
    assert change.rehearsal
    kit.policy = Policy()
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.COMPLETED, 0)
    assert after.outcome is not None
    assert after.outcome.target_subscription_id is None
    assert await kit.service.orders() == 0


@pytest.mark.parametrize(("mode", "code"), [(Mode.READ_ONLY, "read_only"), (Mode.REHEARSAL, "rehearsal_now")])
async def test_a_mode_that_changed_meanwhile_holds_at_the_sending(
    kit: DeskKit, heidi: Caller, mode: Mode, code: str
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.policy = Policy(operation=Operation(mode=mode))
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.REFUSED, code)
    assert await kit.service.orders() == 0


async def test_stop_holds_what_was_not_sent_even_when_it_is_claimed(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    claimed = await _claimed(kit)
    await stop_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    await submit(kit.desk, owner=OWNER, change=claimed)
    assert (await current(kit, change)).state is ChangeState.APPROVED
    clock.advance(timedelta(minutes=1))
    assert await kit.work() == 0
    await resume_orders(kit.desk.database, team_ids=(TEAM,), by="root")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED


async def test_a_policy_that_broke_meanwhile_holds_everything(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.policy = replace(Policy(), fault="line 3")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.APPROVED
    assert await kit.service.orders() == 0


async def test_one_order_of_a_customer_at_a_time(kit: DeskKit, heidi: Caller) -> None:
    """Conditions 3 and 4 are the customer's: two workers never send two of its changes side by side."""
    await requested(kit, heidi, FABRIKAM)
    await requested(kit, heidi, CONTOSO)
    assert sorted(await asyncio.gather(kit.work(owner="one"), kit.work(owner="two"))) in ([0, 2], [1, 1])
    assert await kit.service.orders() == 2


async def test_two_upgrades_to_one_target_end_with_one_order(kit: DeskKit, heidi: Caller) -> None:
    """Each was permitted until the other was done (condition 4)."""
    drafts = [await prepared(kit, heidi, TWINS, at=at) for at in (0, 1)]
    changes = [await request_upgrade(kit.desk, caller=heidi, draft_id=each.draft_id, note="") for each in drafts]
    await asyncio.gather(kit.work(owner="one"), kit.work(owner="two"))
    await kit.work()
    states = sorted([(await current(kit, each)).state for each in changes])
    assert states == [ChangeState.COMPLETED, ChangeState.REFUSED]
    assert await kit.service.orders() == 1


async def test_what_waited_too_long_expires_and_is_never_sent(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await requested(kit, heidi, CONTOSO)
    clock.advance(timedelta(hours=24, seconds=1))
    assert await kit.work() == 0
    assert (await sweep(kit.desk)).expired == 1
    assert (await current(kit, change)).state is ChangeState.EXPIRED
    assert (await kit.trail())[-1].entry.name is AuditName.CHANGE_EXPIRE
    await requested(kit, heidi, CONTOSO)


async def test_a_change_that_holds_its_subscription_cannot_be_asked_for_again(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    with pytest.raises(AlreadyDecided):
        await prepare_again(kit.desk, caller=heidi, change_id=change.id)
