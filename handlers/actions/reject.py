"""`Reject` and `Settle by hand`: both open a modal that wants words before anything is decided."""

from bot.desk.show_change import show_to_reject, show_to_settle
from bot.domain.errors import AlreadyDecided
from handlers.actions.opening import open_modal
from handlers.actions.review import remember
from handlers.blocks.rejection import rejection_view
from handlers.blocks.settling import settling_view
from handlers.blocks.sheet import Block
from handlers.incoming import Incoming
from handlers.redrawing import lock


async def ask_for_reason(incoming: Incoming) -> None:
    """Open the modal that wants the reason of a rejection."""
    remember(incoming, await open_modal(incoming, _rejection, name="reject"))


async def ask_what_was_seen(incoming: Incoming) -> None:
    """Open the modal that wants what was seen in Partner Center."""
    remember(incoming, await open_modal(incoming, _settling, name="settle"))


async def _rejection(incoming: Incoming) -> Block:
    try:
        change = await show_to_reject(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    except AlreadyDecided:
        lock(incoming)
        raise
    return rejection_view(await incoming.pen(), change)


async def _settling(incoming: Incoming) -> Block:
    try:
        change = await show_to_settle(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    except AlreadyDecided:
        lock(incoming)
        raise
    return settling_view(await incoming.pen(), change)
