"""Something between us sends an order twice: the first copy acts, and what comes back is the second one's refusal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.check_status import check_status
from bot.domain.changes import ChangeState
from bot.domain.people import Caller
from bot.eligibility.client import Declined, OrderAnswer
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit


class Repeating:
    """The service behind a proxy: the order goes through (or not), and the answer is a refusal."""

    def __init__(self, real: Any, *, acts: bool) -> None:
        self._real, self._acts = real, acts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def upgrade(self, *args: Any, **named: Any) -> OrderAnswer:
        """One order, a refusal."""
        if self._acts:
            await self._real.upgrade(*args, **named)
        return Declined(code="http_409", text="no")


def _behind(kit: DeskKit, *, acts: bool, **config: Any) -> DeskKit:
    service: Any = Repeating(kit.desk.service, acts=acts)
    return replace(kit, desk=replace(kit.desk, service=service, config=replace(kit.desk.config, **config)))


async def test_an_order_that_was_carried_out_is_never_called_failed(kit: DeskKit, heidi: Caller) -> None:
    """It is unknown until the looks find it done."""
    change = await requested(kit, heidi, CONTOSO)
    await _behind(kit, acts=True).work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    assert await kit.service.orders() == 1
    checked = await check_status(kit.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED


async def test_a_refusal_that_left_everything_as_it_was_is_a_failure(kit: DeskKit, heidi: Caller) -> None:
    change = await requested(kit, heidi, CONTOSO)
    await _behind(kit, acts=False).work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.FAILED, "http_409")


@pytest.mark.parametrize(("times", "state"), [(2, ChangeState.FAILED), (1000, ChangeState.UNKNOWN)])
async def test_a_refusal_that_cannot_be_proven_is_looked_at_again_and_is_then_unknown(
    kit: DeskKit, heidi: Caller, times: int, state: ChangeState
) -> None:
    """As long as the lease lasts, and no longer."""
    brief = {"lease": timedelta(seconds=16.5), "look_deadline": 5.0, "send_timeout": 6.0}
    quick = _behind(kit, acts=False, **brief)
    change = await requested(kit, heidi, CONTOSO)
    service: Any = quick.desk.service
    real = service.upgrade

    async def then_away(*args: Any, **named: Any) -> OrderAnswer:
        kit.service.faults.arm("error", times=times, method="GET")
        return await real(*args, **named)  # type: ignore[no-any-return]

    service.upgrade = then_away
    await quick.work()
    assert (await current(kit, change)).state is state
