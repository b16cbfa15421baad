"""What a lost answer would have said is not lost: the service's own record of the call is read in full."""

from bot.desk.after.show_list import show_list
from bot.desk.check_status import check_status
from bot.domain.changes import ChangeState
from bot.domain.people import Caller
from tests.attacks.conftest import CONTOSO
from tests.support.asking import current, requested
from tests.support.desks import DeskKit


async def test_accounts_that_need_work_are_known_though_the_answer_was_lost(kit: DeskKit, heidi: Caller) -> None:
    """The article's step 4: the list of accounts and services."""
    change = await requested(kit, heidi, CONTOSO)
    kit.service.faults.arm("cut", acts=True, method="POST", path=r"/upgrades$")
    await kit.work()
    assert (await current(kit, change)).state is ChangeState.UNKNOWN
    checked = await check_status(kit.desk, change_id=change.id)
    assert checked.change.state is ChangeState.COMPLETED
    assert checked.change.outcome is not None
    assert checked.change.outcome.follow_ups == 1
    async with kit.desk.database.read() as tx:
        (kept,) = await tx.follow_ups.of(change.id)
    assert (kept.about.name, kept.about.services) == ("Felix Braun", ("Microsoft Teams",))
    assert (await kit.trail())[-1].entry.data["follow_ups"] == 1
    await show_list(kit.desk, caller=heidi, change_id=change.id)
