"""Values that no message of ours carried: each is told as unknown, on both engines, and what is refused is entered."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.desk.after.show_list import show_list
from bot.desk.approve import approve
from bot.desk.check_status import check_status
from bot.desk.desk import Desk
from bot.desk.prepare_approval import prepare_approval
from bot.desk.prepare_upgrade import prepare_again, prepare_upgrade
from bot.desk.reject import reject
from bot.desk.request_upgrade import request_upgrade
from bot.desk.withdraw import withdraw
from bot.domain.errors import ChangeUnknown, HandleUnknown, Refused, UpgradeDeskError
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from tests.support.desks import DeskKit

Act = Callable[[Desk, Caller, str], Awaitable[Any]]

ACTS: dict[str, Act] = {
    "request": lambda desk, by, value: request_upgrade(desk, caller=by, draft_id=value, note=""),
    "confirm": lambda desk, by, value: prepare_upgrade(desk, caller=by, handle=value),
    "again": lambda desk, by, value: prepare_again(desk, caller=by, change_id=value),
    "check": lambda desk, by, value: check_status(desk, change_id=value, by=by),
    "withdraw": lambda desk, by, value: withdraw(desk, caller=by, change_id=value),
    "reject": lambda desk, by, value: reject(desk, caller=by, change_id=value, reason="no"),
    "approve": lambda desk, by, value: approve(desk, caller=by, review_id=value),
    "review": lambda desk, by, value: prepare_approval(desk, caller=by, change_id=value),
    "follow_ups": lambda desk, by, value: show_list(desk, caller=by, change_id=value),
}
VALUES = ["", "\x00", "a\x00b", "x" * 3000, "\ud83d", "' OR 1=1 --", "../../etc", "😀"]


@pytest.mark.parametrize("act", ACTS)
async def test_a_made_up_value_is_unknown_to_whoever_may(kit: DeskKit, act: str) -> None:
    gustav = kit.member("U0GUSTAV", PartnerRole.GLOBAL_ADMIN)
    for value in VALUES:
        with pytest.raises((ChangeUnknown, HandleUnknown)):
            await ACTS[act](kit.desk, gustav, value)


@pytest.mark.parametrize("act", ACTS)
async def test_whoever_may_not_is_refused_and_entered_whatever_the_value(kit: DeskKit, act: str) -> None:
    """Nor does a made-up value become an id in the trail."""
    nobody = kit.member("U0NOBODY")
    refused = 0
    for value in VALUES:
        with pytest.raises(UpgradeDeskError) as raised:
            await ACTS[act](kit.desk, nobody, value)
        refused += isinstance(raised.value, Refused)
    trail = await kit.trail()
    assert len(trail) == refused
    assert all(row.entry.change_id is None for row in trail)
