"""External menus: there is none now, and an old one must not leave its reader waiting."""

from handlers.incoming import Incoming


async def no_options(incoming: Incoming) -> None:
    """Nothing to choose from."""
    await incoming.ack(options=[])
