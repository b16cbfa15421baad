"""Request again what came to nothing, whatever kind of change it was."""

from bot.desk.desk import Desk
from bot.desk.prepare_upgrade import prepare_again
from bot.desk.results import Confirmation
from bot.desk.seats.prepare_seats import prepare_seats_again
from bot.desk.seats.records import SeatSheet
from bot.domain.changes import ChangeKind
from bot.domain.people import Caller


async def asked_again(desk: Desk, *, caller: Caller, change_id: str) -> Confirmation | SeatSheet:
    """The sheet to confirm. Raises what `prepare_again` and `prepare_seats_again` raise, after admitting the caller."""
    async with desk.database.look() as tx:
        change = await tx.changes.get(change_id)
    if change is not None and change.kind is ChangeKind.SEATS:
        return await prepare_seats_again(desk, caller=caller, change_id=change_id)
    return await prepare_again(desk, caller=caller, change_id=change_id)
