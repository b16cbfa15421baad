"""The text for the customer: only about what was ordered, and from the day on which it was."""

from datetime import timedelta

import pytest

from bot.desk.after.customer_text import customer_text
from bot.desk.settle import settle
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.errors import ChangeUnknown
from bot.domain.people import Caller
from bot.domain.policy import Mode, Operation, Policy
from bot.domain.roles import PartnerRole
from tests.bot.desk.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit


async def test_what_is_settled_days_later_is_dated_by_its_order(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """The customer is billed from that day on, not from the day on which somebody looked it up."""
    gina = kit.member("U0GINA", PartnerRole.GLOBAL_ADMIN)
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm_next_order("cut", acts=False)
    await kit.work()
    ordered = clock.now().date()
    with pytest.raises(ChangeUnknown):
        await customer_text(kit.desk, caller=heidi, change_id=change.id)
    clock.advance(timedelta(days=3))
    as_ = ChangeState.COMPLETED
    await settle(kit.desk, caller=gina, change_id=change.id, as_=as_, order_id="order-1", seen="in Partner Center")
    told = await customer_text(kit.desk, caller=heidi, change_id=change.id)
    assert (told.on, (await current(kit, change)).changed_at.date()) == (ordered, ordered + timedelta(days=3))


async def test_a_rehearsal_has_none(kit: DeskKit, heidi: Caller) -> None:
    """Nothing was ordered, and no customer is told so."""
    kit.policy = Policy(operation=Operation(mode=Mode.REHEARSAL))
    change = await requested(kit, heidi, CONTOSO)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.COMPLETED
    with pytest.raises(ChangeUnknown):
        await customer_text(kit.desk, caller=heidi, change_id=change.id)
