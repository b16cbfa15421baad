"""Read a list again, or another page of it: what Refresh and the page buttons do."""

from bot.desk.desk import Desk
from bot.desk.handles import number_of, text_of
from bot.desk.list_options import list_options
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import OptionsList
from bot.domain.people import Caller


async def refresh_options(desk: Desk, *, caller: Caller, handle: str) -> OptionsList:
    """The list behind a handle of REFRESH, read now. Raises as `open_handle` and `list_options` do."""
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.REFRESH)
    customer_id = text_of(opened.data, "customer_id")
    return await list_options(desk, caller=caller, customer_id=customer_id, page=number_of(opened.data, "page"))
