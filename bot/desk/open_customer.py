"""Open the customer that somebody chose from a menu."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import text_of
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import CustomerOpened
from bot.domain.audit import AuditName
from bot.domain.people import Caller
from bot.domain.policy import Action


async def open_customer(
    desk: Desk,
    *,
    caller: Caller,
    handle: str,
    action: Action = Action.LOOK,
    tried: AuditName = AuditName.OPTIONS_LOOK,
) -> CustomerOpened:
    """The chosen customer, read again. Raises what `admit`, `open_handle` and the service raise."""
    admission = await admit(desk, caller=caller, action=action, tried=tried)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.CHOOSE_CUSTOMER)
    customer_id = text_of(opened.data, "customer_id")
    customer = await desk.service.customer(customer_id, correlation_id=desk.ids.uuid())
    return CustomerOpened(customer=customer, admission=admission)
