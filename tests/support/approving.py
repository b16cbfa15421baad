"""The steps of an approval, as tests take them."""

from pathlib import Path
from typing import Any

from bot.desk.approval_results import Decided
from bot.desk.approve import approve
from bot.desk.prepare_approval import prepare_approval
from bot.domain.changes import Change, ChangeState
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from tests.support.asking import requested
from tests.support.desks import DeskKit


def helpdesk(kit: DeskKit) -> Caller:
    """Somebody who may ask but not buy alone."""
    return kit.member("U0HELGA", PartnerRole.HELPDESK_AGENT)


async def waiting(kit: DeskKit, asker: Caller, customer: dict[str, Any], **fields: str) -> Change:
    """A change that waits for an approval."""
    change = await requested(kit, asker, customer, **fields)
    assert change.state is ChangeState.AWAITING_APPROVAL
    return change


async def approved(kit: DeskKit, caller: Caller, change: Change) -> Decided:
    """Check and approve: the sheet, and its submit."""
    sheet = await prepare_approval(kit.desk, caller=caller, change_id=change.id)
    assert sheet.may_decide
    return await approve(kit.desk, caller=caller, review_id=sheet.review_id)


async def with_seats(kit: DeskKit, tmp_path: Path, customer: dict[str, Any], seats: int) -> None:
    """The world moves: the customer's first subscription has another number of seats."""
    first, *rest = customer["subscriptions"]
    await kit.service.replace(tmp_path, [{**customer, "subscriptions": [{**first, "quantity": seats}, *rest]}])
