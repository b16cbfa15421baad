"""What people do to a channel that the app posts to: archive it, remove the bot, undo it, delete a message."""

from bot.workspace.core import Workspace
from bot.workspace.posting import remove
from bot.workspace.refusals import PageError
from bot.workspace.state.places import Place


def archive(workspace: Workspace, channel: str, *, archived: bool = True) -> None:
    """Archive a channel, or bring it back. Raises PageError 404."""
    _channel(workspace, channel).is_archived = archived


def keep_bot(workspace: Workspace, channel: str, *, member: bool) -> None:
    """Remove the bot from a channel, or invite it. Raises PageError 404."""
    _channel(workspace, channel).bot_is_member = member


def delete_message(workspace: Workspace, channel: str, ts: str) -> None:
    """Delete a message by hand, as an administrator may. Raises PageError 404."""
    place = _channel(workspace, channel)
    message = workspace.board.get(place.id, ts)
    if message is None:
        raise PageError(404, "message_not_found")
    remove(workspace, place, message)


def _channel(workspace: Workspace, channel: str) -> Place:
    place = workspace.places.get(channel)
    if place is None or place.is_im:
        raise PageError(404, "channel_not_found")
    return place
