"""Seats at the last moment: what happens between the readings and the order, and records that say too little."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.check_status import check_status
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import Caller
from bot.eligibility.client import AuditHit, NotNow
from bot.eligibility.client_records import AuditTrail
from tests.bot.desk.seats.conftest import CONTOSO
from tests.support.asking import current
from tests.support.desks import DeskKit
from tests.support.seats import behind, seats_requested, set_elsewhere


async def _no_records(*_: Any, **__: Any) -> Any:
    return []


@pytest.mark.parametrize(("left", "state"), [(True, ChangeState.UNKNOWN), (False, ChangeState.REFUSED)])
async def test_an_earlier_copy_that_acts_just_before_the_second_attempt_is_no_refusal(
    kit: DeskKit,
    heidi: Caller,
    clock: ShiftedClock,
    left: bool,  # noqa: FBT001 - pytest passes parameters by name
    state: ChangeState,
) -> None:
    """By then it is our total: "nothing was ordered" may be wrong, unless no earlier attempt ever left."""

    async def not_now(*_: Any, **__: Any) -> NotNow:
        return NotNow(retry_after=1.0, why="throttled" if left else "not_sent")

    change = await seats_requested(kit, heidi, CONTOSO)
    await behind(kit, change_quantity=not_now).work()
    clock.advance(timedelta(minutes=1))
    await behind(kit, first=lambda: set_elsewhere(kit, CONTOSO, 25), audit_of=_no_records).work()
    assert (await current(kit, change)).state is state
    assert await kit.service.orders() == 1


async def test_a_record_that_does_not_say_which_subscription_may_be_somebody_elses_of_this_one(
    kit: DeskKit, heidi: Caller, clock: ShiftedClock
) -> None:
    """Partner Center's details are optional: what names no subscription does not name another one."""

    async def trail(*_: Any, **__: Any) -> AuditTrail:
        hit = AuditHit(
            operation="update_subscription",
            status="succeeded",
            customer_id=CONTOSO["id"],
            subscription_ids=frozenset(),
            at=clock.now(),
            call_id="somebody-elses",
        )
        return AuditTrail(hits=(hit,), complete=True)

    change = await seats_requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=False, method="PATCH", path=r"/subscriptions/[^/]+$")
    await kit.work()
    await set_elsewhere(kit, CONTOSO, 25)
    clock.advance(timedelta(hours=2))
    checked = await check_status(behind(kit, audit_of=_no_records, audit_trail=trail).desk, change_id=change.id)
    assert (checked.settled, checked.change.state) == (False, ChangeState.UNKNOWN)


async def test_a_slow_last_reading_leaves_the_order_for_later(
    kit: DeskKit, heidi: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that is cut short is unknown for nothing: without time for it, it is not begun."""
    quick = replace(kit, desk=replace(kit.desk, config=replace(kit.desk.config, send_timeout=4.0)))
    service: Any = quick.desk.service
    real = service._held_as_it_came  # noqa: SLF001 - no other way between the second look and the order

    async def slowly(*args: Any, **named: Any) -> Any:
        await asyncio.sleep(3.0)
        return await real(*args, **named)

    async def before() -> None:
        monkeypatch.setattr(service, "_held_as_it_came", slowly)

    change = await seats_requested(quick, heidi, CONTOSO)
    await behind(quick, first=before).work()
    assert ((await current(kit, change)).state, await kit.service.orders()) == (ChangeState.APPROVED, 0)
