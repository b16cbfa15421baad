"""An unknown outcome, settled by hand: a second person, after a day (design.md, states)."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.approval_status import approval_status
from bot.desk.settle import settle
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import Change, ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import AlreadyDecided, BadInput, Refused
from bot.domain.people import Caller
from bot.domain.policy import ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from tests.bot.desk.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit

S = ChangeState
ORDER = "5f0c9c1e-7d1a-4c0e-9b57-0a4f2d7b8e21"
SEEN = "In Partner Center: neues Abonnement, 24 Lizenzen"


@pytest.fixture
def gustav(kit: DeskKit) -> Caller:
    """The second person."""
    return kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)


async def unknown(kit: DeskKit, heidi: Caller) -> Change:
    """A change whose order was cut off before it acted, so that nothing proves its outcome."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm_next_order("cut", acts=False)
    await kit.work()
    after = await current(kit, change)
    assert after.state is S.UNKNOWN
    return after


@pytest.mark.parametrize(("as_", "order_id"), [(S.COMPLETED, ORDER), (S.FAILED, "")])
async def test_after_a_day_a_second_person_says_how_it_ended(
    kit: DeskKit, heidi: Caller, gustav: Caller, clock: ShiftedClock, as_: ChangeState, order_id: str
) -> None:
    change = await unknown(kit, heidi)
    clock.advance(timedelta(hours=24, seconds=1))
    decided = await settle(kit.desk, caller=gustav, change_id=change.id, as_=as_, order_id=f" {order_id} ", seen=SEEN)
    assert decided.change.state is as_
    outcome = decided.change.outcome
    assert outcome is not None
    assert outcome.order_id == (order_id or None)
    assert outcome.error_code == (None if as_ is S.COMPLETED else "settled_failed")
    assert outcome.correlation_id == (change.outcome and change.outcome.correlation_id)
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.actor, entry.free_text) == (AuditName.CHANGE_SETTLE, gustav.actor, SEEN)
    assert (entry.before, entry.after, entry.data["order_id"]) == (S.UNKNOWN, as_, order_id or None)
    async with kit.desk.database.read() as tx:
        (attempt,) = await tx.attempts.of(change.id)
    assert attempt.result == f"settled:{as_}"
    await requested(kit, heidi, CONTOSO)  # the subscription is free again


async def test_not_before_a_day_has_passed(kit: DeskKit, heidi: Caller, gustav: Caller, clock: ShiftedClock) -> None:
    change = await unknown(kit, heidi)
    clock.advance(timedelta(hours=23, minutes=59))
    with pytest.raises(Refused) as refused:
        await settle(kit.desk, caller=gustav, change_id=change.id, as_=S.FAILED, order_id="", seen=SEEN)
    assert refused.value.reason == "too_early"
    async with kit.desk.database.read() as tx:
        status = await approval_status(tx, kit.desk, await current(kit, change))
    assert refused.value.params["at"] == status.settle_from == change.changed_at + timedelta(hours=24)
    assert (await kit.trail())[-1].entry.verdict is AuditVerdict.REFUSED


async def test_not_by_its_asker_unless_the_policy_knows_but_one(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    change = await unknown(kit, heidi)
    clock.advance(timedelta(hours=25))
    with pytest.raises(Refused) as own:
        await settle(kit.desk, caller=heidi, change_id=change.id, as_=S.FAILED, order_id="", seen=SEEN)
    assert own.value.reason == "own_change"
    kit.policy = Policy(approval=ApprovalRule(self_approval=True))
    await settle(kit.desk, caller=heidi, change_id=change.id, as_=S.FAILED, order_id="", seen=SEEN)
    assert (await kit.trail())[-1].entry.data["self_settled"] is True


async def test_not_by_somebody_whom_the_policy_does_not_let(kit: DeskKit, heidi: Caller, clock: ShiftedClock) -> None:
    change = await unknown(kit, heidi)
    clock.advance(timedelta(hours=25))
    with pytest.raises(Refused) as refused:
        await settle(
            kit.desk,
            caller=kit.member("U0HELGA", PartnerRole.HELPDESK_AGENT),
            change_id=change.id,
            as_=S.FAILED,
            order_id="",
            seen=SEEN,
        )
    assert refused.value.reason == "role_not_enough"


@pytest.mark.parametrize(
    ("as_", "order_id", "seen", "field"),
    [
        (S.COMPLETED, " ", SEEN, "order_id"),
        (S.COMPLETED, "<!channel>", SEEN, "order_id"),
        (S.FAILED, "two words", SEEN, "order_id"),
        (S.FAILED, "", " ", "seen"),
        (S.COMPLETED, ORDER, "x" * 501, "seen"),
    ],
)
async def test_what_was_typed_has_to_say_something(
    kit: DeskKit,
    heidi: Caller,
    gustav: Caller,
    clock: ShiftedClock,
    as_: ChangeState,
    order_id: str,
    seen: str,
    field: str,
) -> None:
    change = await unknown(kit, heidi)
    clock.advance(timedelta(hours=25))
    with pytest.raises(BadInput) as bad:
        await settle(kit.desk, caller=gustav, change_id=change.id, as_=as_, order_id=order_id, seen=seen)
    assert bad.value.field == field
    assert (await current(kit, change)).state is S.UNKNOWN


async def test_only_what_is_unknown_is_settled_by_hand(
    kit: DeskKit, heidi: Caller, gustav: Caller, clock: ShiftedClock, tmp_path: Path
) -> None:
    change = await requested(kit, heidi, CONTOSO)
    await kit.work()
    clock.advance(timedelta(hours=25))
    with pytest.raises(AlreadyDecided) as decided:
        await settle(kit.desk, caller=gustav, change_id=change.id, as_=S.FAILED, order_id="", seen=SEEN)
    assert decided.value.params["state"] == "completed"
    with pytest.raises(ValueError, match="settles nothing"):
        await settle(kit.desk, caller=gustav, change_id=change.id, as_=S.EXPIRED, order_id="", seen=SEEN)


async def test_an_order_that_was_accepted_and_never_ended_is_settled_alike(
    kit: DeskKit, heidi: Caller, gustav: Caller, clock: ShiftedClock
) -> None:
    """It holds back every other order of the customer, and nothing else would ever end it. Not before a day."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm_next_order("accepted", seconds=3600.0 * 24 * 365)
    await kit.work()
    assert (await current(kit, change)).state is S.ACCEPTED
    with pytest.raises(Refused) as early:
        await settle(kit.desk, caller=gustav, change_id=change.id, as_=S.FAILED, order_id="", seen=SEEN)
    assert early.value.reason == "too_early"
    clock.advance(timedelta(hours=24, seconds=1))
    decided = await settle(kit.desk, caller=gustav, change_id=change.id, as_=S.FAILED, order_id="", seen=SEEN)
    assert decided.change.state is S.FAILED
    entry = (await kit.trail())[-1].entry
    assert (entry.before, entry.after) == (S.ACCEPTED, S.FAILED)
