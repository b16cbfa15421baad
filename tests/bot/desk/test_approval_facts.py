"""Facts that move: before an approval, between two, and after it (design.md, states; issue 3, 4)."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.approval_status import approval_status
from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.desk.submit import submit
from bot.domain.audit import AuditName, AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import FactsMoved, NotPossibleAnyMore, SubscriptionGone
from bot.domain.people import Caller
from bot.domain.policy import ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from tests.bot.desk.conftest import CONTOSO, FABRIKAM
from tests.support.approving import approved, helpdesk, waiting, with_seats
from tests.support.asking import current
from tests.support.desks import OWNER, DeskKit

S = ChangeState
MOVED = [("quantity", 24, 30), ("target_quantity", 24, 30)]


def told(error: FactsMoved) -> list[tuple[str, object, object]]:
    return [(each.field, each.before, each.after) for each in error.moves]


async def test_facts_that_moved_since_the_request_are_said_and_submitted_anew(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await with_seats(kit, tmp_path, CONTOSO, 30)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    assert [(each.field, each.before, each.after) for each in sheet.moves] == MOVED
    with pytest.raises(FactsMoved) as moved:
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert told(moved.value) == MOVED
    after = await current(kit, change)
    assert (after.state, after.facts_version, after.facts.quantity) == (S.AWAITING_APPROVAL, 2, 30)
    assert after.outcome is not None
    assert [each.field for each in after.outcome.moves] == ["quantity", "target_quantity"], "the card says what moved"
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.verdict, entry.reason) == (
        AuditName.CHANGE_APPROVE,
        AuditVerdict.REFUSED,
        "facts_moved",
    )
    assert (entry.facts_version, entry.data["moved"]) == (2, "quantity,target_quantity")
    assert moved.value.review_id is not None
    decided = await approve(kit.desk, caller=heidi, review_id=moved.value.review_id)
    assert (decided.change.state, decided.change.facts_version) == (S.APPROVED, 2)
    await kit.work()
    done = await current(kit, change)
    assert (done.state, done.outcome and done.outcome.quantity) == (S.COMPLETED, 30)
    assert await kit.service.orders() == 1


async def test_approvals_of_facts_that_moved_count_no_more(kit: DeskKit, heidi: Caller, tmp_path: Path) -> None:
    kit.policy = Policy(approval=ApprovalRule(approvers=2))
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    assert (await approved(kit, heidi, change)).counted == 1
    await with_seats(kit, tmp_path, CONTOSO, 30)
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    sheet = await prepare_approval(kit.desk, caller=gustav, change_id=change.id)
    with pytest.raises(FactsMoved) as moved:
        await approve(kit.desk, caller=gustav, review_id=sheet.review_id)
    assert moved.value.review_id is not None
    first = await approve(kit.desk, caller=gustav, review_id=moved.value.review_id)
    assert (first.change.state, first.counted) == (S.AWAITING_APPROVAL, 1)
    second = await approved(kit, heidi, change)
    assert (second.change.state, second.counted, second.again) == (S.APPROVED, 2, False)


async def test_a_sheet_from_before_the_facts_moved_is_shown_the_new_ones(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    """Somebody else recorded them meanwhile: an older reading never replaces a newer one."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    old = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    await with_seats(kit, tmp_path, CONTOSO, 30)
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    sheet = await prepare_approval(kit.desk, caller=gustav, change_id=change.id)
    with pytest.raises(FactsMoved):
        await approve(kit.desk, caller=gustav, review_id=sheet.review_id)
    with pytest.raises(FactsMoved) as moved:
        await approve(kit.desk, caller=heidi, review_id=old.review_id)
    assert told(moved.value) == MOVED
    after = await current(kit, change)
    assert (after.facts_version, after.facts.quantity) == (2, 30)
    assert moved.value.review_id is not None
    assert (await approve(kit.desk, caller=heidi, review_id=moved.value.review_id)).change.state is S.APPROVED


async def test_the_same_submit_twice_does_not_approve_facts_that_had_moved(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    """A double click, or Slack's retry: both are told what moved, and neither counts."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await with_seats(kit, tmp_path, CONTOSO, 30)
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    for _ in range(2):
        with pytest.raises(FactsMoved) as moved:
            await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
        assert told(moved.value) == MOVED
    assert (await current(kit, change)).facts_version == 2
    assert moved.value.review_id is not None
    assert (await approve(kit.desk, caller=heidi, review_id=moved.value.review_id)).change.state is S.APPROVED


async def test_each_who_saw_facts_that_were_not_recorded_yet_submits_anew(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    """A submit claims the version that was looked at, and that one had other facts."""
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await with_seats(kit, tmp_path, CONTOSO, 30)
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    sheets = [await prepare_approval(kit.desk, caller=each, change_id=change.id) for each in (gustav, heidi)]
    with pytest.raises(FactsMoved):
        await approve(kit.desk, caller=gustav, review_id=sheets[0].review_id)
    with pytest.raises(FactsMoved) as moved:
        await approve(kit.desk, caller=heidi, review_id=sheets[1].review_id)
    assert told(moved.value) == MOVED
    assert (await current(kit, change)).facts_version == 2
    assert moved.value.review_id is not None
    assert (await approve(kit.desk, caller=heidi, review_id=moved.value.review_id)).change.state is S.APPROVED


async def test_what_is_no_longer_permitted_cannot_be_approved(kit: DeskKit, heidi: Caller, tmp_path: Path) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    first, *rest = CONTOSO["subscriptions"]
    suspended = {**first, "status": "suspended"}
    await kit.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [suspended, *rest]}])
    sheet = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    assert not sheet.may_decide
    assert sheet.reasons
    with pytest.raises(NotPossibleAnyMore):
        await approve(kit.desk, caller=heidi, review_id=sheet.review_id)
    assert (await current(kit, change)).facts_version == 1
    await kit.service.replace(tmp_path, [FABRIKAM, {**CONTOSO, "subscriptions": [], "users": []}])
    with pytest.raises(SubscriptionGone):
        await prepare_approval(kit.desk, caller=heidi, change_id=change.id)


async def test_facts_that_move_after_the_approval_send_it_back_to_its_approvers(
    kit: DeskKit, heidi: Caller, tmp_path: Path, clock: ShiftedClock
) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    clock.advance(timedelta(hours=23))
    await approved(kit, heidi, change)
    await with_seats(kit, tmp_path, CONTOSO, 30)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.facts_version, after.facts.quantity) == (S.AWAITING_APPROVAL, 2, 30)
    assert after.outcome is not None
    assert [each.field for each in after.outcome.moves] == ["quantity", "target_quantity"]
    assert after.expires_at > change.expires_at, "a new question has its own time"
    async with kit.desk.database.read() as tx:
        status = await approval_status(tx, kit.desk, after)
        request = await tx.approvals.request(change.id)
    assert (status.given, status.needed, status.reasons) == ((), 1, ("role",))
    assert request is not None
    assert (request.reminded_at, request.looked_at) == (None, None)
    entry = (await kit.trail())[-1].entry
    assert (entry.name, entry.reason) == (AuditName.SUBMIT_REFUSE, "facts_moved")
    assert (entry.before, entry.after, entry.facts_version) == (S.SUBMITTING, S.AWAITING_APPROVAL, 2)
    assert await kit.service.orders() == 0
    again = await approved(kit, heidi, change)
    assert (again.change.state, again.change.outcome and again.change.outcome.moves) == (S.APPROVED, ())
    await kit.work()
    assert (await current(kit, change)).state is S.COMPLETED
    assert await kit.service.orders() == 1


async def test_a_sheet_from_before_the_second_look_approves_nothing_unseen(
    kit: DeskKit, heidi: Caller, tmp_path: Path
) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    old = await prepare_approval(kit.desk, caller=heidi, change_id=change.id)
    await approved(kit, kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN), change)
    await with_seats(kit, tmp_path, CONTOSO, 30)
    async with kit.desk.database.write() as tx:
        claimed = await tx.changes.claim_due(owner=OWNER, lease=kit.desk.config.lease)
    assert claimed is not None
    await submit(kit.desk, owner=OWNER, change=claimed)
    with pytest.raises(FactsMoved) as moved:
        await approve(kit.desk, caller=heidi, review_id=old.review_id)
    assert told(moved.value) == MOVED
    assert (await current(kit, change)).state is S.AWAITING_APPROVAL
