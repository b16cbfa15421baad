"""An answer proves that nothing happened, and something did: a copy of the order, sent by others, went through."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.desk.check_status import check_status
from bot.domain.audit import AuditName
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from bot.eligibility.client import AcceptedForLater, AuditHit, NotNow, UpgradeAnswer
from tests.attacks.between import away, behind, nothing
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit

THROTTLED = NotNow(retry_after=1.0, why="throttled")


async def _throttled_once(kit: DeskKit, heidi: Caller, clock: ShiftedClock, *, acts: bool) -> Change:
    change = await requested(kit, heidi, CONTOSO)
    await behind(kit, answer=THROTTLED, acts=acts).work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.APPROVED, 1)
    clock.advance(timedelta(minutes=1))
    return change


async def test_a_throttled_order_that_was_carried_out_is_completed_by_the_services_record(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Never `refused · nothing ordered`: the second attempt finds what the first one did."""
    change = await _throttled_once(kit, heidi, clock, acts=True)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.COMPLETED, 1)
    assert after.outcome is not None
    assert (after.outcome.quantity, after.outcome.follow_ups) == (24, 1)
    held = await kit.desk.service.subscriptions(CONTOSO["id"], correlation_id=kit.desk.ids.uuid())
    assert after.outcome.target_subscription_id in {each.id for each in held if each.active}
    assert await kit.service.orders() == 1
    last = (await kit.trail())[-1].entry
    assert (last.name, last.reason, last.before, last.after) == (
        AuditName.SUBMIT_OUTCOME,
        "audit_record",
        ChangeState.SUBMITTING,
        ChangeState.COMPLETED,
    )


async def test_a_throttled_order_whose_source_is_gone_without_a_trace_is_unknown(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    """The records say nothing, and nobody can say that nothing was ordered; a later record completes it."""
    change = await _throttled_once(kit, heidi, clock, acts=False)
    gone = {**CONTOSO, "subscriptions": CONTOSO["subscriptions"][1:]}
    await kit.service.replace(tmp_path, [gone])
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.UNKNOWN, "outcome_unknown")
    assert await kit.work() == 0
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)


@pytest.mark.parametrize("read", ["audit_of", "both"])
async def test_a_throttled_order_is_unknown_where_its_records_cannot_be_read(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, read: str
) -> None:
    """And completed as soon as they can."""
    change = await _throttled_once(kit, heidi, clock, acts=True)
    instead: dict[str, Any] = {"audit_of": away} | ({"subscriptions": away} if read == "both" else {})
    if read == "audit_of":
        instead["subscriptions"] = nothing
    await behind(kit, answer=THROTTLED, acts=False, **instead).work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    checked = await check_status(kit.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (True, ChangeState.COMPLETED)
    assert await kit.service.orders() == 1


async def test_a_throttled_order_that_was_not_carried_out_is_sent_again(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await _throttled_once(kit, heidi, clock, acts=False)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.attempts) == (ChangeState.COMPLETED, 2)
    assert await kit.service.orders() == 1


async def test_a_throttled_order_whose_source_others_changed_is_refused_as_before(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    """Another number of seats is no doing of an upgrade."""
    change = await _throttled_once(kit, heidi, clock, acts=False)
    bigger = {**CONTOSO["subscriptions"][0], "quantity": 30}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [bigger, *CONTOSO["subscriptions"][1:]]}])
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.REFUSED, "facts_moved")


async def test_an_order_that_never_left_explainsnothing(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    """A refused connection is no copy: what is gone then was somebody else's doing."""
    change = await requested(kit, heidi, CONTOSO)
    await behind(kit, answer=NotNow(retry_after=1.0, why="not_sent"), acts=False).work()
    clock.advance(timedelta(minutes=1))
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": CONTOSO["subscriptions"][1:]}])
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.REFUSED


async def test_the_first_of_two_attempts_counts_too(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    """The copy of the first one acted only after the second one was lost."""
    change = await requested(kit, heidi, CONTOSO)
    kept: list[tuple[Any, Any]] = []
    late = behind(kit, answer=THROTTLED, acts=False)

    async def keep(*args: Any, **named: Any) -> UpgradeAnswer:
        kept.append((args, named))
        return THROTTLED

    service: Any = late.desk.service
    service.upgrade = keep
    await late.work()
    clock.advance(timedelta(minutes=1))
    kit.service.faults.arm("cut", acts=False, method="POST", path=r"/upgrades$")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    await kit.desk.service.upgrade(*kept[0][0], **kept[0][1])
    clock.advance(timedelta(minutes=1))
    checked = await check_status(kit.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED
    assert checked.change.outcome is not None
    assert checked.change.outcome.correlation_id == kept[0][1]["correlation_id"]


async def _failed_record(call_ids: frozenset[str], *, customer_id: str, **_: Any) -> list[AuditHit]:
    """What the service's records say of the second copy."""
    return [
        AuditHit(
            operation="upgrade_subscription",
            status="failed",
            customer_id=customer_id,
            subscription_ids=frozenset(),
            at=None,
            call_id=each.upper(),
        )
        for each in call_ids
    ]


async def test_an_accepted_order_that_is_refused_later_fails_only_wherenothing_moved(
    kit: DeskKit, heidi: Caller
) -> None:
    """The failure on record may be the second copy's: the first one's work is found in the list, now or later."""
    change = await requested(kit, heidi, CONTOSO)
    await behind(kit, answer=AcceptedForLater(), acts=True).work()
    assert (await current(kit, change)).state is ChangeState.ACCEPTED
    between = behind(kit, answer=THROTTLED, acts=False, audit_of=_failed_record, subscriptions=nothing)
    checked = await check_status(between.desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.ACCEPTED)
    between = behind(kit, answer=THROTTLED, acts=False, audit_of=_failed_record)
    checked = await check_status(between.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED


async def test_an_accepted_order_that_failed_and_left_everything_is_a_failure(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    between = behind(kit, answer=AcceptedForLater(), acts=False, audit_of=_failed_record)
    await between.work()
    checked = await check_status(between.desk, change_id=change.id)
    assert checked.change.state is ChangeState.FAILED
