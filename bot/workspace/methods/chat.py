"""chat.*: posting, changing, deleting (facts/slack.md 2.1, 3, 7)."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.limits import validate_message
from bot.workspace.methods.arguments import Arguments
from bot.workspace.posting import Content, change, post, remove
from bot.workspace.refusals import SlackError, rate_limited, refuse
from bot.workspace.shown import permalink, slack_message
from bot.workspace.state.board import Message
from bot.workspace.state.places import Place

UPDATE_TEXT = 4000


def _says(arguments: Arguments) -> dict[str, Any]:
    return {
        "text": arguments.text("text"),
        "markdown_text": arguments.text("markdown_text") or None,
        "blocks": arguments.tree("blocks", error="invalid_blocks_format"),
        "attachments": arguments.tree("attachments", error="invalid_attachments"),
        "metadata": arguments.tree("metadata", error="invalid_metadata_format"),
    }


def place_of(workspace: Workspace, channel: str, *, users: bool) -> Place:
    """A conversation by id; `users`: a member's id means the conversation with that member. Raises SlackError."""
    member = workspace.people.get(channel)
    if users and member is not None and not member.deleted:
        channel = workspace.places.direct_id(channel)
    place = workspace.places.get(channel)
    if place is None or (place.is_private and not place.bot_is_member):
        raise SlackError("channel_not_found")
    return place


def writable_place(workspace: Workspace, place: Place, *, public: bool) -> None:
    """Raise SlackError where the app may not post. `public`: a scope may let it into channels that it is not in."""
    if place.is_archived:
        raise SlackError("is_archived")
    if place.is_im and not workspace.config.manifest.messages_enabled:
        raise SlackError("messages_tab_disabled")
    if not place.bot_is_member and not (public and "chat:write.public" in workspace.config.manifest.scopes):
        raise SlackError("not_in_channel")


def _thread(workspace: Workspace, place: Place, arguments: Arguments) -> str | None:
    thread_ts = arguments.text("thread_ts")
    if not thread_ts:
        return None
    parent = workspace.board.get(place.id, thread_ts)
    if parent is None or parent.is_reply or parent.only_for is not None:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def post_message(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.postMessage."""
    place = place_of(workspace, arguments.need("channel"), users=True)
    writable_place(workspace, place, public=True)
    says = _says(arguments)
    refuse(validate_message(says))
    thread_ts = _thread(workspace, place, arguments)
    wait = workspace.rates.take(f"post/{place.id}", burst=workspace.config.message_burst, per_second=1.0)
    if wait:
        raise rate_limited(wait)
    broadcast = thread_ts is not None and arguments.flag("reply_broadcast")
    message = post(workspace, place, Content.of(says), thread_ts=thread_ts, broadcast=broadcast)
    return {
        "channel": place.id,
        "ts": message.ts,
        "message": slack_message(workspace, message, with_metadata=True),
    }


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.postEphemeral."""
    place = place_of(workspace, arguments.need("channel"), users=False)
    user = arguments.need("user")
    writable_place(workspace, place, public=False)
    if user not in place.members:
        raise SlackError("user_not_in_channel")
    says = _says(arguments)
    refuse(validate_message(says))
    thread_ts = _thread(workspace, place, arguments)
    message = post(workspace, place, Content.of(says), thread_ts=thread_ts, only_for=user)
    return {"message_ts": message.ts}


def _own(workspace: Workspace, place: Place, ts: str, error: str) -> Message:
    message = workspace.board.get(place.id, ts)
    if message is None or message.only_for is not None:
        raise SlackError("message_not_found")
    if message.bot_id != workspace.config.app.bot_id:
        raise SlackError(error)
    return message


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.update: own messages only; wants the `D…` id, not the user's. Metadata stays unless it is given."""
    place = place_of(workspace, arguments.need("channel"), users=False)
    if place.is_archived:
        raise SlackError("is_inactive")
    message = _own(workspace, place, arguments.need("ts"), "cant_update_message")
    says = _says(arguments)
    if says["blocks"] is None and not says["text"] and not says["markdown_text"] and "attachments" not in arguments:
        raise SlackError("no_text")
    cleared = says["blocks"] == [] or says["attachments"] == []
    problems = validate_message(says, text_limit=UPDATE_TEXT)
    refuse([one for one in problems if not (cleared and one.code == "no_text")])
    change(workspace, place, message, Content.of(says), keep_metadata="metadata" not in arguments)
    shown = slack_message(workspace, message, with_metadata=True)
    return {"channel": place.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.delete: own messages only."""
    place = place_of(workspace, arguments.need("channel"), users=False)
    message = _own(workspace, place, arguments.need("ts"), "cant_delete_message")
    remove(workspace, place, message)
    return {"channel": place.id, "ts": message.ts}


def get_permalink(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """chat.getPermalink."""
    place = place_of(workspace, arguments.need("channel"), users=False)
    message = workspace.board.get(place.id, arguments.need("message_ts"))
    if message is None or message.only_for is not None:
        raise SlackError("message_not_found")
    return {"channel": place.id, "permalink": permalink(workspace, message)}
