"""A number that could mean two things was said to mean one of them."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import text_of
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.seats.prepare_seats import prepare_seats
from bot.desk.seats.records import SeatSheet
from bot.desk.seats.seat_numbers import Either, Wanted, read_number
from bot.domain.audit import AuditName
from bot.domain.people import Caller
from bot.domain.policy import Action


async def prepare_meant(desk: Desk, *, caller: Caller, handle: str, in_all: bool) -> SeatSheet:
    """The sheet for the number behind `handle` (CHOOSE_SEATS), as so many in all or so many more.

    Read anew: by now there may be so many seats that it can mean one thing only, which is then what is asked for.
    Raises BadInput where no number is behind it, and what `prepare_seats` raises.
    """
    await admit(desk, caller=caller, action=Action.REQUEST, tried=AuditName.CHANGE_REQUEST)
    opened = await open_handle(desk, caller=caller, value=handle, purpose=Purpose.CHOOSE_SEATS)
    meant = read_number(text_of(opened.data, "number"), current=None)
    wanted: Wanted = (meant.total if in_all else meant.added) if isinstance(meant, Either) else meant
    return await prepare_seats(desk, caller=caller, handle=handle, wanted=wanted)
