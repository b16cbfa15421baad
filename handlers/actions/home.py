"""Presses in App Home that are about no single change: turn a list's page, stop and resume all orders."""

from typing import Protocol

from bot.desk.approval_results import Stopped
from bot.desk.desk import Desk
from bot.desk.list_places import open_place
from bot.desk.stopping_by_hand import resume_all, stop_all
from bot.domain.errors import HandleTooOld, HandleUnknown, UpgradeDeskError
from bot.domain.people import Caller
from handlers.boundary import spawn, tell
from handlers.home import publish_home
from handlers.incoming import Incoming


class Switching(Protocol):
    """Stops or resumes all orders."""

    async def __call__(self, desk: Desk, *, caller: Caller, deadline: float | None = None) -> Stopped:
        """As the desk's verbs do."""


async def older(incoming: Incoming) -> None:
    """The next page of one of the lists, in its place."""
    await incoming.ack()
    spawn(incoming, _older(incoming), name="home_older")


async def from_the_start(incoming: Incoming) -> None:
    """Home as it is when it is opened."""
    await incoming.ack()
    spawn(incoming, publish_home(incoming), name="home_start")


async def stop(incoming: Incoming) -> None:
    """Stop all orders. The acknowledgement means that it is recorded; Home then says so."""
    await _turn(incoming, stop_all)


async def resume(incoming: Incoming) -> None:
    """Let orders go on."""
    await _turn(incoming, resume_all)


async def _turn(incoming: Incoming, verb: Switching) -> None:
    deadline = incoming.arrived + incoming.desk.config.write_deadline
    try:
        await verb(incoming.desk, caller=incoming.caller, deadline=deadline)
    except UpgradeDeskError as error:
        tell(incoming, error)
        return
    spawn(incoming, publish_home(incoming), name="home_switched")


async def _older(incoming: Incoming) -> None:
    try:
        place = await open_place(incoming.desk, caller=incoming.caller, value=incoming.pressed.value)
    except (HandleTooOld, HandleUnknown):
        # Home was drawn long ago: drawn anew it has buttons that lead somewhere.
        place = None
    await publish_home(incoming, place=place)
