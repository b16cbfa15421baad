"""The confirmation was submitted: the acknowledgement means that it is recorded (design.md, "a press that decides")."""

from bot.desk.request_upgrade import request_upgrade
from handlers.blocks.note import NOTE_FIELD
from handlers.incoming import Incoming
from handlers.payload import text_of, typed
from handlers.views.recorded import say_recorded


async def confirm(incoming: Incoming) -> None:
    """Record the request within two seconds, then say so in place of the modal; the link to the card follows."""
    note = typed(incoming.body, block_id=NOTE_FIELD, action_id=NOTE_FIELD)
    draft_id = text_of(incoming.body, "view", "private_metadata")
    deadline = incoming.arrived + incoming.desk.config.write_deadline
    change = await request_upgrade(
        incoming.desk, caller=incoming.caller, draft_id=draft_id, note=note, deadline=deadline
    )
    await say_recorded(incoming, change)
