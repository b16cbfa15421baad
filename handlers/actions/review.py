"""`Check and approve` on a card or in Home: a modal with the facts as they are now. One touch approves nothing."""

from bot.desk.prepare_approval import prepare_approval
from bot.domain.errors import AlreadyDecided
from handlers.actions.opening import open_modal
from handlers.blocks.approval import approval_view
from handlers.blocks.sheet import Block
from handlers.incoming import Incoming
from handlers.payload import text_of
from handlers.pressed_cards import PressedCard
from handlers.redrawing import lock


async def review(incoming: Incoming) -> None:
    """Open the modal, then read and show."""
    remember(incoming, await open_modal(incoming, _draw, name="review"))


def remember(incoming: Incoming, view_id: str) -> None:
    """Keep which card was pressed, so that the submission of this modal can lock it."""
    pressed = PressedCard(change_id=incoming.pressed.value, address=text_of(incoming.body, "response_url") or None)
    incoming.runtime.pressed.keep(view_id, pressed)


async def _draw(incoming: Incoming) -> Block:
    try:
        sheet = await prepare_approval(incoming.desk, caller=incoming.caller, change_id=incoming.pressed.value)
    except AlreadyDecided:
        lock(incoming)
        raise
    return approval_view(await incoming.pen(), sheet)
