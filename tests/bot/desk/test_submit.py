import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.check_status import check_status
from bot.desk.follow_ups import follow_ups
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
    shown = await follow_ups(kit.desk, caller=heidi, change_id=change.id)
    assert [(each.name, each.services) for each in shown.accounts] == [("Felix Braun", ("Microsoft Teams",))]
    other = kit.member("U0OTHER", PartnerRole.GLOBAL_ADMIN)
    with pytest.raises(Refused) as raised:
        await follow_ups(kit.desk, caller=other, change_id=change.id)
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


@pytest.mark.parametrize(
    "kind", ["error", "html", "html_ok", "half_body", "nonsense", "hang", "unauthorized", "throttled"]
)
async def test_a_second_look_that_cannot_be_taken_sends_nothing_and_tries_later(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, kind: str
) -> None:
    """Missing is not confirmed."""
    change = await requested(kit, heidi, CONTOSO)
    with kit.service.faults.armed(kind, seconds=60):
        assert await kit.work() == 1
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.APPROVED, 0)
    assert after.due_at > clock.now()
    assert await kit.service.orders() == 0
    clock.advance(timedelta(minutes=31))
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED


@pytest.mark.parametrize(
    ("kind", "acts", "state"),
    [
        ("unauthorized", None, ChangeState.FAILED),
        ("forbidden", None, ChangeState.FAILED),
        ("not_found", None, ChangeState.FAILED),
        ("conflict", None, ChangeState.FAILED),
        ("throttled", None, ChangeState.APPROVED),
        ("error", False, ChangeState.UNKNOWN),
        ("error", True, ChangeState.UNKNOWN),
        ("unavailable", False, ChangeState.UNKNOWN),
        ("html", True, ChangeState.UNKNOWN),
        ("html_ok", False, ChangeState.UNKNOWN),
        ("nonsense", True, ChangeState.UNKNOWN),
        ("half_body", True, ChangeState.UNKNOWN),
        ("cut", False, ChangeState.UNKNOWN),
        ("cut", True, ChangeState.UNKNOWN),
        ("hang", False, ChangeState.UNKNOWN),
        ("hang", True, ChangeState.UNKNOWN),
        ("accepted", True, ChangeState.ACCEPTED),
    ],
)
async def test_each_way_of_failing_ends_in_the_state_that_it_proves(
    kit: DeskKit,
    heidi: Caller,
    clock: ShiftedClock,
    kind: str,
    acts: bool | None,  # noqa: FBT001 - pytest passes parameters by name
    state: ChangeState,
) -> None:
    """Whatever the service does: one order at most, and never a second attempt while the first is unclear."""
    quick = replace(kit, desk=replace(kit.desk, config=replace(kit.desk.config, send_timeout=1.0)))
    change = await requested(quick, heidi, CONTOSO)
    kit.service.faults.arm(kind, acts=acts, seconds=60, **POST)
    await quick.work()
    after = await current(kit, change)
    assert after.state is state
    ordered = await kit.service.orders()
    assert ordered == (1 if acts else 0)
    clock.advance(timedelta(minutes=2))
    await quick.work()
    await sweep(kit.desk)
    if state is ChangeState.APPROVED:
        assert (await current(kit, change)).state is ChangeState.COMPLETED
        assert await kit.service.orders() == 1
    else:
        assert (await current(kit, change)).state is state
        assert await kit.service.orders() == ordered
    if state in {ChangeState.UNKNOWN, ChangeState.ACCEPTED}:
        checked = await check_status(kit.desk, change_id=change.id)
        assert checked.settled is (ordered == 1)
        assert checked.change.state is (ChangeState.COMPLETED if ordered else state)


async def test_a_service_that_is_down_proves_that_nothing_left(kit: DeskKit, heidi: Caller) -> None:
    """Connection refused: the change waits for another try."""
    change = await requested(kit, heidi, CONTOSO)
    claimed = await _claimed(kit)
    dead = kit.service.client(base_url="http://127.0.0.1:9")
    seen = kit.desk.service

    class Half:
        def __getattr__(self, name: str) -> object:
            return getattr(dead if name == "upgrade" else seen, name)

    await submit(replace(kit.desk, service=Half()), owner=OWNER, change=claimed)  # type: ignore[arg-type]
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.APPROVED, 1)
    async with kit.desk.database.read() as tx:
        (attempt,) = await tx.attempts.of(change.id)
    assert attempt.result == "not_now:not_sent"


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


async def test_a_sender_that_lost_its_lease_sends_nothing(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """It slept too long: somebody else has the change by now."""
    change = await requested(kit, heidi, CONTOSO)
    slow = await _claimed(kit)
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).given_back == 1
    await submit(kit.desk, owner=OWNER, change=slow)
    assert await kit.service.orders() == 0
    clock.advance(timedelta(minutes=1))
    await kit.work(owner="worker-2")
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    assert await kit.service.orders() == 1


async def test_a_mark_without_an_answer_becomes_unknown_and_is_never_sent_again(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """The sender died in the middle of the call; the service had acted."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("hang", acts=True, seconds=60, **POST)
    sending = asyncio.create_task(submit(kit.desk, owner=OWNER, change=await _claimed(kit)))
    while await kit.service.orders() == 0:  # noqa: ASYNC110 - the service has no event for it
        await asyncio.sleep(0.02)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert (await current(kit, change)).state is ChangeState.SUBMITTING
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    assert (await sweep(kit.desk)).unknown == 1
    assert await kit.work() == 0
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


async def test_an_answer_that_comes_after_the_lease_still_counts_as_a_yes(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("slow", seconds=0.5, **POST)
    sending = asyncio.create_task(submit(kit.desk, owner=OWNER, change=await _claimed(kit)))
    while await kit.service.orders() == 0:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.02)
    clock.advance(kit.desk.config.lease + timedelta(seconds=1))
    await sweep(kit.desk)
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    await sending
    after = await current(kit, change)
    assert after.state is ChangeState.COMPLETED
    assert [row.entry.after for row in await kit.trail()][-2:] == [ChangeState.UNKNOWN, ChangeState.COMPLETED]


async def test_a_no_that_comes_after_the_lease_is_kept_for_whoever_settles_it(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    claimed = await _claimed(kit)
    kit.service.faults.arm("conflict", **POST)
    real = kit.desk.service.upgrade

    async def late(*args: object, **named: object) -> object:
        answer = await real(*args, **named)  # type: ignore[arg-type]
        clock.advance(kit.desk.config.lease + timedelta(seconds=1))
        await sweep(kit.desk)
        return answer

    class Late:
        def __getattr__(self, name: str) -> object:
            return late if name == "upgrade" else getattr(kit.service.client(), name)

    await submit(replace(kit.desk, service=Late()), owner=OWNER, change=claimed)  # type: ignore[arg-type]
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    last = (await kit.trail())[-1].entry
    assert (last.reason, last.data["answer"]) == ("answer_too_late", "Declined")


async def test_what_waited_too_long_expires_and_is_never_sent(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await requested(kit, heidi, CONTOSO)
    clock.advance(timedelta(hours=24, seconds=1))
    assert await kit.work() == 0
    assert (await sweep(kit.desk)).expired == 1
    assert (await current(kit, change)).state is ChangeState.EXPIRED
    assert (await kit.trail())[-1].entry.name is AuditName.CHANGE_EXPIRE
    await requested(kit, heidi, CONTOSO)


async def test_nothing_found_leaves_an_unknown_change_unknown(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """Absence is never evidence of failure; the pauses between the looks grow."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=False, **POST)
    await kit.work()
    pauses = []
    for _ in range(8):
        checked = await check_status(kit.desk, change_id=change.id)
        assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)
        pause = checked.change.due_at - clock.now()
        pauses.append(round(pause.total_seconds() / 60))
        clock.advance(pause)
    assert pauses == sorted(pauses)
    assert pauses[0] == 1
    with kit.service.faults.armed("html"):
        assert not (await check_status(kit.desk, change_id=change.id, by=heidi)).settled
    assert (await kit.trail())[-1].entry.name is AuditName.CHANGE_CHECK


async def test_a_change_that_holds_its_subscription_cannot_be_asked_for_again(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    with pytest.raises(AlreadyDecided):
        await prepare_again(kit.desk, caller=heidi, change_id=change.id)
