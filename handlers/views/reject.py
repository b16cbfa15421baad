"""The rejection was submitted."""

from bot.desk.reject import reject
from bot.domain.errors import AlreadyDecided
from handlers.answers import AtSubmit
from handlers.blocks.approval import decided_view
from handlers.blocks.rejection import REASON_FIELD
from handlers.incoming import Incoming
from handlers.payload import text_of, typed
from handlers.redrawing import follow_up, lock


async def reject_change(incoming: Incoming) -> None:
    """Record the rejection within two seconds, then say so in place of the modal."""
    reason = typed(incoming.body, block_id=REASON_FIELD, action_id=REASON_FIELD)
    try:
        decided = await reject(
            incoming.desk,
            caller=incoming.caller,
            change_id=text_of(incoming.body, "view", "private_metadata"),
            reason=reason,
            deadline=incoming.arrived + incoming.desk.config.write_deadline,
        )
        await AtSubmit(incoming.ack, field=REASON_FIELD).show(decided_view(await incoming.pen(), decided))
    except AlreadyDecided:
        lock(incoming)
        raise
    follow_up(incoming)
