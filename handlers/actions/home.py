"""Presses in App Home that are about no single change: turn a list's page, stop and resume all orders."""

from bot.desk.list_places import open_place
from bot.desk.stopping_by_hand import resume_all, stop_all
from bot.domain.errors import HandleTooOld, HandleUnknown
from handlers.boundary import spawn
from handlers.home import publish_home
from handlers.incoming import Incoming


async def older(incoming: Incoming) -> None:
    """The next page of one of the lists, in its place."""
    await incoming.ack()
    spawn(incoming, _older(incoming), name="home_older")


async def from_the_start(incoming: Incoming) -> None:
    """Home as it is when it is opened."""
    await incoming.ack()
    spawn(incoming, publish_home(incoming), name="home_start")


async def stop(incoming: Incoming) -> None:
    """Stop all orders; Home then says so."""
    await incoming.ack()
    spawn(incoming, _stop(incoming), name="home_stop")


async def resume(incoming: Incoming) -> None:
    """Let orders go on."""
    await incoming.ack()
    spawn(incoming, _resume(incoming), name="home_resume")


async def _older(incoming: Incoming) -> None:
    try:
        place = await open_place(incoming.desk, caller=incoming.caller, value=incoming.pressed.value)
    except (HandleTooOld, HandleUnknown):
        # Home was drawn long ago: drawn anew it has buttons that lead somewhere.
        place = None
    await publish_home(incoming, place=place)


async def _stop(incoming: Incoming) -> None:
    await stop_all(incoming.desk, caller=incoming.caller)
    await publish_home(incoming)


async def _resume(incoming: Incoming) -> None:
    await resume_all(incoming.desk, caller=incoming.caller)
    await publish_home(incoming)
