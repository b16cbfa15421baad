"""An unclear outcome was settled by hand."""

from typing import Final

from bot.desk.reasons import Problem
from bot.desk.settle import settle
from bot.domain.changes import ChangeState
from bot.domain.errors import AlreadyDecided, BadInput
from handlers.answers import AtSubmit
from handlers.blocks.approval import decided_view
from handlers.blocks.settling import ORDER_FIELD, OUTCOME_FIELD, SEEN_FIELD
from handlers.incoming import Incoming
from handlers.payload import text_of, typed
from handlers.redrawing import follow_up, lock

_OUTCOMES: Final = {each.value: each for each in (ChangeState.COMPLETED, ChangeState.FAILED)}


async def settle_change(incoming: Incoming) -> None:
    """Record the outcome within two seconds, then say so in place of the modal."""
    values = ("view", "state", "values", OUTCOME_FIELD, OUTCOME_FIELD, "selected_option", "value")
    chosen = text_of(incoming.body, *values)
    if chosen not in _OUTCOMES:
        raise BadInput(field=OUTCOME_FIELD, problem=Problem.EMPTY)
    try:
        decided = await settle(
            incoming.desk,
            caller=incoming.caller,
            change_id=text_of(incoming.body, "view", "private_metadata"),
            as_=_OUTCOMES[chosen],
            order_id=typed(incoming.body, block_id=ORDER_FIELD, action_id=ORDER_FIELD),
            seen=typed(incoming.body, block_id=SEEN_FIELD, action_id=SEEN_FIELD),
            deadline=incoming.arrived + incoming.desk.config.write_deadline,
        )
        await AtSubmit(incoming.ack, field=SEEN_FIELD).show(decided_view(await incoming.pen(), decided))
    except AlreadyDecided:
        lock(incoming)
        raise
    follow_up(incoming)
