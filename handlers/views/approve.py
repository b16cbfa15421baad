"""The approval was submitted: the acknowledgement means that it is recorded, for the facts that were shown."""

from bot.desk.approve import approve
from bot.domain.errors import AlreadyDecided, FactsMoved
from handlers.answers import AtReview, AtSubmit
from handlers.blocks.approval import decided_view, moved_view
from handlers.incoming import Incoming
from handlers.payload import text_of
from handlers.redrawing import follow_up, lock


async def approve_change(incoming: Incoming) -> None:
    """Record the approval within two seconds. Facts that moved are shown, and have to be submitted anew."""
    review_id = text_of(incoming.body, "view", "private_metadata")
    incoming.answer = AtReview(incoming.ack, review_id)
    shown = AtSubmit(incoming.ack, field=None)
    deadline = incoming.arrived + incoming.desk.config.write_deadline
    try:
        decided = await approve(incoming.desk, caller=incoming.caller, review_id=review_id, deadline=deadline)
    except FactsMoved as moved:
        if (view := moved_view(await incoming.pen(), moved)) is None:
            raise
        await shown.show(view)
    except AlreadyDecided:
        lock(incoming)
        raise
    else:
        await shown.show(decided_view(await incoming.pen(), decided))
    follow_up(incoming)
