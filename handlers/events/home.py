"""The Home tab was opened."""

from handlers.blocks.help import home_view
from handlers.boundary import spawn
from handlers.incoming import Incoming
from handlers.payload import text_of


async def home_opened(incoming: Incoming) -> None:
    """Draw the Home tab in the reader's language; the messages tab needs nothing."""
    await incoming.ack()
    if text_of(incoming.body, "event", "tab") == "home":
        spawn(incoming, _publish(incoming), name="home")


async def _publish(incoming: Incoming) -> None:
    view = home_view(await incoming.pen(), nonce=incoming.nonce())
    await incoming.client.views_publish(user_id=incoming.caller.actor.user_id, view=view)


async def other_event(incoming: Incoming) -> None:
    """An event that nothing here is about."""
    await incoming.ack()
