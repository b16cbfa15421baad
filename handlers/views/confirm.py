"""The confirmation was submitted: the acknowledgement means that it is recorded (design.md, "a press that decides")."""

from bot.desk.request_upgrade import request_upgrade
from bot.desk.weigh_part import weigh_part
from bot.domain.errors import TooLate
from handlers.blocks.confirmation import PART_TYPED, confirmation_view
from handlers.blocks.note import NOTE_FIELD
from handlers.blocks.number_field import SEATS_FIELD, told_number
from handlers.incoming import Incoming
from handlers.payload import text_of, typed
from handlers.views.recorded import READ_FIRST, say_recorded, shown_first


async def confirm(incoming: Incoming) -> None:
    """Record the request within two seconds, then say so in place of the modal; the link to the card follows."""
    seats = typed(incoming.body, block_id=SEATS_FIELD, action_id=PART_TYPED)
    told = told_number(incoming.body)
    if (seats or told is not None) and not await _was_shown(incoming, seats, told=told):
        return
    change = await request_upgrade(
        incoming.desk,
        caller=incoming.caller,
        draft_id=text_of(incoming.body, "view", "private_metadata"),
        note=typed(incoming.body, block_id=NOTE_FIELD, action_id=NOTE_FIELD),
        seats=seats or None,
        deadline=incoming.arrived + incoming.desk.config.write_deadline,
    )
    await say_recorded(incoming, change)


async def _was_shown(incoming: Incoming, seats: str, *, told: int | None) -> bool:
    """Whether what this part means stood on the screen; if not, it does now. Raises BadInput for what is none."""
    until = incoming.arrived + incoming.desk.config.write_deadline
    try:
        weighed = await weigh_part(
            incoming.desk,
            caller=incoming.caller,
            draft_id=text_of(incoming.body, "view", "private_metadata"),
            text=seats,
            within=until - incoming.desk.clock.monotonic(),
        )
    except TimeoutError as error:
        raise TooLate from error
    if weighed.problem is not None:
        raise weighed.problem
    if told == weighed.sheet.facts.target_quantity:
        return True
    pen = await incoming.pen()
    await shown_first(incoming, confirmation_view(pen, weighed.sheet, typed=seats, notice=pen.texts.t(READ_FIRST)))
    return False
