"""Read a list again, or another page of it: what Refresh and the page buttons do."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import number_of, text_of
from bot.desk.list_options import list_options
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import OptionsList
from bot.domain.audit import AuditName
from bot.domain.people import Caller
from bot.domain.policy import Action


async def refresh_options(desk: Desk, *, caller: Caller, handle: str) -> OptionsList:
    """The list behind a handle of REFRESH, read now. Raises as `open_handle` and `list_options` do.

    Who may not look is refused, with an entry, before the value is looked up: nobody learns which values there are.
    """
    await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.REFRESH)
    customer_id = text_of(opened.data, "customer_id")
    return await list_options(desk, caller=caller, customer_id=customer_id, page=number_of(opened.data, "page"))
