"""Presses that need no desk: links, and buttons that no longer exist."""

from bot.domain.errors import HandleUnknown
from handlers.incoming import Incoming


async def follow_link(incoming: Incoming) -> None:
    """A button with an address: Slack opens it by itself and wants an acknowledgement all the same."""
    await incoming.ack()


async def retired(incoming: Incoming) -> None:
    """A button, menu or modal that this version does not know, from an old message or made up: say so."""
    await incoming.ack()
    raise HandleUnknown
