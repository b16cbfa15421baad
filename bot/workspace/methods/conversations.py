"""conversations.* (facts/slack.md 3, 7)."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.methods.arguments import Arguments
from bot.workspace.methods.paging import page
from bot.workspace.refusals import SlackError
from bot.workspace.shown import slack_message
from bot.workspace.state.board import Message
from bot.workspace.state.places import Place

_KINDS = {"public_channel", "private_channel", "im", "mpim"}


def _missing(workspace: Workspace, needed: str) -> SlackError:
    provided = ",".join(sorted(workspace.config.manifest.scopes))
    return SlackError("missing_scope", needed=needed, provided=provided)


def _place(workspace: Workspace, arguments: Arguments, what: str) -> Place:
    place = workspace.places.get(arguments.need("channel"))
    if place is None or (place.is_private and not place.bot_is_member):
        raise SlackError("channel_not_found")
    scope = f"{place.scope_word}:{what}"
    if scope not in workspace.config.manifest.scopes:
        raise _missing(workspace, scope)
    return place


def open_conversation(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.open with one member: the direct conversation. Several would need `mpim:write`."""
    users = [one for one in arguments.text("users").split(",") if one]
    if len(users) > 1:
        raise _missing(workspace, "mpim:write")
    if users:
        member = workspace.people.get(users[0])
        if member is None or member.external:
            raise SlackError("user_not_found")
        if member.deleted:
            raise SlackError("user_disabled")
        place = workspace.places.get(workspace.places.direct_id(users[0]))
    else:
        place = workspace.places.get(arguments.need("channel"))
    if place is None or not place.is_im:
        raise SlackError("channel_not_found")
    if arguments.flag("return_im"):
        channel = workspace.places.as_channel(place)
        return {"no_op": True, "already_open": True, "channel": channel}
    return {"channel": {"id": place.id}}


def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.info."""
    place = _place(workspace, arguments, "read")
    channel = workspace.places.as_channel(place)
    if not arguments.flag("include_num_members"):
        channel.pop("num_members", None)
    return {"channel": channel}


def members(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.members, in pages."""
    place = _place(workspace, arguments, "read")
    bot = [workspace.config.app.bot_user_id] if place.bot_is_member else []
    found, cursor = page([*sorted(place.members), *bot], arguments)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def list_conversations(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.list by `types`, in pages; private channels only if the app is in them."""
    kinds = set(arguments.text("types", "public_channel").replace(" ", "").split(","))
    if not kinds <= _KINDS:
        raise SlackError("invalid_types")
    found = []
    for place in workspace.places.all():
        kind = "im" if place.is_im else "private_channel" if place.is_private else "public_channel"
        hidden = place.is_private and not place.bot_is_member
        if kind not in kinds or hidden or (place.is_archived and arguments.flag("exclude_archived")):
            continue
        if f"{place.scope_word}:read" not in workspace.config.manifest.scopes:
            raise _missing(workspace, f"{place.scope_word}:read")
        found.append(workspace.places.as_channel(place))
    channels, cursor = page(found, arguments)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def join(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.join: public channels."""
    place = workspace.places.get(arguments.need("channel"))
    if place is None or place.is_private:
        raise SlackError("channel_not_found")
    if place.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if place.is_archived:
        raise SlackError("is_archived")
    if place.bot_is_member:
        return {"channel": workspace.places.as_channel(place), "warning": "already_in_channel"}
    workspace.places.join(place)
    return {"channel": workspace.places.as_channel(place)}


def _readable(workspace: Workspace, arguments: Arguments) -> Place:
    place = _place(workspace, arguments, "history")
    if not place.bot_is_member:
        raise SlackError("not_in_channel")
    return place


def _within(message: Message, arguments: Arguments) -> bool:
    oldest, latest = arguments.text("oldest") or "0", arguments.text("latest") or "9999999999.999999"
    if message.only_for is not None:
        return False
    if arguments.flag("inclusive"):
        return float(oldest) <= float(message.ts) <= float(latest)
    return float(oldest) < float(message.ts) < float(latest)


def _checked_times(arguments: Arguments) -> None:
    for name in ("oldest", "latest"):
        try:
            float(arguments.text(name) or 0)
        except ValueError:
            raise SlackError(f"invalid_ts_{name}") from None


def _page(workspace: Workspace, messages: list[Message], arguments: Arguments) -> dict[str, Any]:
    """Messages with metadata only for `include_all_metadata` and the scope that it needs."""
    reads = "metadata.message:read" in workspace.config.manifest.scopes
    found, cursor = page(messages, arguments)
    wanted = reads and arguments.flag("include_all_metadata")
    answer: dict[str, Any] = {
        "messages": [slack_message(workspace, one, with_metadata=wanted) for one in found],
        "has_more": bool(cursor),
    }
    return {**answer, "response_metadata": {"next_cursor": cursor}} if cursor else answer


def history(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.history, newest first, without replies."""
    place = _readable(workspace, arguments)
    _checked_times(arguments)
    found = [one for one in workspace.board.history(place.id) if _within(one, arguments)]
    return {**_page(workspace, found[::-1], arguments), "pin_count": 0}


def replies(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """conversations.replies: the parent, then its replies, oldest first."""
    place = _readable(workspace, arguments)
    _checked_times(arguments)
    message = workspace.board.get(place.id, arguments.need("ts"))
    if message is None or message.only_for is not None:
        raise SlackError("thread_not_found")
    if message.is_reply:
        return _page(workspace, [message], arguments)
    within = [one for one in workspace.board.replies(place.id, message.ts) if _within(one, arguments)]
    return _page(workspace, [message, *within], arguments)
