"""Ask for an upgrade, of all seats or, where the service permits it, of some of them."""

from bot.desk.desk import Desk
from bot.desk.reasons import Problem
from bot.desk.requesting import record_request
from bot.desk.seats.seat_numbers import FIELD as SEATS_FIELD
from bot.desk.seats.seat_numbers import read_part
from bot.domain.changes import Change, ChangeKind
from bot.domain.errors import BadInput
from bot.domain.facts import Facts
from bot.domain.people import Caller


async def request_upgrade(
    desk: Desk, *, caller: Caller, draft_id: str, note: str, deadline: float | None = None, seats: str | None = None
) -> Change:
    """The change that the draft became (see `record_request`). `seats` as typed: how many move; None or empty: all.

    Raises BadInput at the field `seats` too: no number, more than there are, or only all of them can be upgraded.
    """

    def with_number(facts: Facts) -> Facts:
        return facts if seats is None or not seats.strip() else in_part(facts, seats)

    return await record_request(
        desk,
        caller=caller,
        draft_id=draft_id,
        kind=ChangeKind.UPGRADE,
        note=note,
        deadline=deadline,
        fill_in=with_number,
    )


def in_part(facts: Facts, seats: str) -> Facts:
    """The facts for so many of the seats. Raises BadInput, at the field `seats`."""
    count = read_part(seats, most=facts.quantity)
    if count != facts.quantity and not facts.may_be_part:
        raise BadInput(field=SEATS_FIELD, problem=Problem.NOT_IN_PARTS, most=facts.quantity)
    return facts.model_copy(update={"target_quantity": count})
