"""The sheet of seats was submitted: what was typed is ordered only if its consequences stood on the screen."""

from bot.desk.seats.request_seats import request_seats
from bot.desk.seats.weigh_seats import weigh_seats
from bot.domain.errors import TooLate
from handlers.blocks.note import NOTE_FIELD
from handlers.blocks.number_field import SEATS_FIELD, told_number
from handlers.blocks.seat_sheet import TYPED, seat_view
from handlers.incoming import Incoming
from handlers.payload import text_of, typed
from handlers.views.recorded import READ_FIRST, say_recorded, shown_first


async def confirm_seats(incoming: Incoming) -> None:
    """Record the request within two seconds; or, where another number was shown, show this one's total first."""
    seats = typed(incoming.body, block_id=SEATS_FIELD, action_id=TYPED)
    draft_id = text_of(incoming.body, "view", "private_metadata")
    deadline = incoming.arrived + incoming.desk.config.write_deadline
    try:
        sheet = await weigh_seats(
            incoming.desk,
            caller=incoming.caller,
            draft_id=draft_id,
            text=seats,
            within=deadline - incoming.desk.clock.monotonic(),
        )
    except TimeoutError as error:
        raise TooLate from error
    if sheet.problem is not None:
        raise sheet.problem
    if told_number(incoming.body) != sheet.prefill:
        pen = await incoming.pen()
        notice = pen.texts.t(READ_FIRST)
        await shown_first(incoming, seat_view(pen, sheet, typed=seats, notice=notice))
        return
    change = await request_seats(
        incoming.desk,
        caller=incoming.caller,
        draft_id=draft_id,
        seats=seats,
        note=typed(incoming.body, block_id=NOTE_FIELD, action_id=NOTE_FIELD),
        deadline=deadline,
    )
    await say_recorded(incoming, change)
