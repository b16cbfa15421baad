"""The steps up to a change, as tests take them."""

from typing import Any

from bot.desk.list_options import list_options
from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.request_upgrade import request_upgrade
from bot.desk.results import Confirmation
from bot.domain.changes import Change
from bot.domain.people import Caller
from tests.support.desks import DeskKit
from tests.support.service import E3


async def option_handle(
    kit: DeskKit, caller: Caller, customer: dict[str, Any], *, target: str = E3, at: int = 0
) -> str:
    """The value behind the button of a target, in the list's `at`-th subscription."""
    listed = await list_options(kit.desk, caller=caller, customer_id=customer["id"])
    found = [each.handle for each in listed.cards[at].options if each.option.target.key == target]
    assert found
    assert found[0] is not None
    return found[0]


async def prepared(
    kit: DeskKit, caller: Caller, customer: dict[str, Any], *, target: str = E3, at: int = 0
) -> Confirmation:
    """The confirmation of an upgrade."""
    handle = await option_handle(kit, caller, customer, target=target, at=at)
    return await prepare_upgrade(kit.desk, caller=caller, handle=handle)


async def requested(
    kit: DeskKit, caller: Caller, customer: dict[str, Any], *, target: str = E3, note: str = "Ticket 4711"
) -> Change:
    """A change that was asked for."""
    confirmation = await prepared(kit, caller, customer, target=target)
    return await request_upgrade(kit.desk, caller=caller, draft_id=confirmation.draft_id, note=note)


async def current(kit: DeskKit, change: Change) -> Change:
    """The change as it is now."""
    async with kit.desk.database.read() as tx:
        found = await tx.changes.get(change.id)
    assert found is not None
    return found
