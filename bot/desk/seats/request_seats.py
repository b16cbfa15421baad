"""Ask for more seats: the write of design.md, shared with upgrades. One draft is one change."""

from bot.desk.desk import Desk
from bot.desk.requesting import record_request
from bot.desk.seats.seat_numbers import read_added, within_limit
from bot.domain.changes import Change, ChangeKind
from bot.domain.facts import Facts
from bot.domain.people import Caller


async def request_seats(
    desk: Desk, *, caller: Caller, draft_id: str, seats: str, note: str, deadline: float | None = None
) -> Change:
    """The change that the draft became, with `seats` (as typed, to add) more than there were when it was read.

    Raises BadInput at the field `seats` (no number above 0, over the limit) and as `request_upgrade` does.
    """
    added = read_added(seats)

    def with_number(facts: Facts) -> Facts:
        total = within_limit(added, current=facts.quantity, limit=facts.seat_limit)
        return facts.model_copy(update={"target_quantity": total})

    return await record_request(
        desk,
        caller=caller,
        draft_id=draft_id,
        kind=ChangeKind.SEATS,
        note=note,
        deadline=deadline,
        fill_in=with_number,
    )
