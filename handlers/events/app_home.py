"""The Home tab was opened."""

from handlers.answers import InHome
from handlers.boundary import spawn
from handlers.home import publish_home
from handlers.incoming import Incoming
from handlers.payload import text_of


async def home_opened(incoming: Incoming) -> None:
    """Draw the Home tab in the reader's language; the messages tab needs nothing."""
    await incoming.ack()
    if text_of(incoming.body, "event", "tab") == "home":
        incoming.answer = InHome(incoming.client, incoming.caller.actor.user_id)
        spawn(incoming, publish_home(incoming), name="home")


async def other_event(incoming: Incoming) -> None:
    """An event that nothing here is about."""
    await incoming.ack()
