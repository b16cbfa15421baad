"""A path that becomes doubtful after it was confirmed: a lone request for it is not sent."""

from dataclasses import replace
from typing import Any

from bot.desk.prepare_upgrade import prepare_again
from bot.domain.changes import ChangeState
from bot.domain.people import Caller
from tests.attacks.conftest import CONTOSO
from tests.support.approving import approved, helpdesk, waiting
from tests.support.asking import current, requested
from tests.support.desks import DeskKit


class Doubting:
    """The service, by now with a doubt about every upgrade that it offers."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def offered(self, *args: Any, **named: Any) -> Any:
        """What is offered, flagged."""
        found = await self._real.offered(*args, **named)
        return replace(found, options=tuple(replace(each, flagged=True) for each in found.options))


def _doubt(kit: DeskKit) -> None:
    kit.desk = replace(kit.desk, service=Doubting(kit.desk.service))  # type: ignore[arg-type]


async def test_a_path_that_became_doubtful_is_not_ordered_by_one_person(kit: DeskKit, heidi: Caller) -> None:
    """It says so, and asking again asks for the second person."""
    change = await requested(kit, heidi, CONTOSO)
    _doubt(kit)
    await kit.work()
    after = await current(kit, change)
    assert (after.state, after.outcome and after.outcome.error_code) == (ChangeState.REFUSED, "facts_moved")
    assert after.outcome is not None
    assert [each.field for each in after.outcome.moves] == ["flagged"]
    assert await kit.service.orders() == 0
    assert (await prepare_again(kit.desk, caller=heidi, change_id=change.id)).second_person


async def test_a_path_that_became_doubtful_goes_back_to_its_approvers(kit: DeskKit, heidi: Caller) -> None:
    change = await waiting(kit, helpdesk(kit), CONTOSO)
    await approved(kit, heidi, change)
    _doubt(kit)
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.AWAITING_APPROVAL
    assert await kit.service.orders() == 0
