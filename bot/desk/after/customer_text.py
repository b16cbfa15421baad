"""What the text for the customer rests on: the change, and the language in which the customer is billed."""

from dataclasses import dataclass
from datetime import date

import structlog

from bot.desk.after.reach import FollowUps, reach
from bot.desk.desk import Desk
from bot.desk.evidence import that_left
from bot.domain.audit import AuditName
from bot.domain.changes import ChangeState
from bot.domain.errors import ChangeUnknown, NotThere, ServiceTrouble
from bot.domain.people import Caller

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerText:
    """`language`: as the service has it for the customer's bills, such as `de`; None where it does not say.

    `on`: the day of the order in UTC, from which it is billed, however much later its outcome was known or settled.
    """

    found: FollowUps
    language: str | None
    on: date


async def customer_text(desk: Desk, *, caller: Caller, change_id: str) -> CustomerText:
    """Read it. Raises as `show_list`, ChangeUnknown also where nothing was ordered or that is not known.

    A service that does not answer only leaves the language open.
    """
    reached = await reach(desk, caller=caller, change_id=change_id, tried=AuditName.FOLLOW_UPS_READ)
    if reached.change.state is not ChangeState.COMPLETED or reached.change.rehearsal:
        raise ChangeUnknown
    async with desk.database.read() as tx:
        attempts = that_left(await tx.attempts.of(change_id))
    on = (attempts[-1].sent_at if attempts else reached.change.changed_at).date()
    found = FollowUps(change=reached.change, person=reached.admission.person, work=reached.work, accounts=())
    try:
        customer = await desk.service.customer(reached.change.facts.customer_id, correlation_id=desk.ids.uuid())
    except (ServiceTrouble, NotThere) as error:
        log.info("customer_language_unread", change_id=change_id, error=type(error).__name__)
        return CustomerText(found=found, language=None, on=on)
    return CustomerText(found=found, language=customer.language, on=on)
