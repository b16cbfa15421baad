"""What an app posts to a response url (facts/slack.md 1.3)."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.limits import validate_message
from bot.workspace.posting import Content, change, post, remove
from bot.workspace.refusals import SlackError, rate_limited, refuse
from bot.workspace.state.hooks import Hook
from bot.workspace.state.places import Place

_WAYS = {"response_type", "replace_original", "delete_original", "thread_ts"}


def respond(workspace: Workspace, token: str, body: Any) -> None:
    """Use a response url once. Raises SlackError with an HTTP status; a refused body is not counted as a use."""
    hook = workspace.hooks.look(token)
    place = workspace.places.get(hook.channel)
    if place is None:
        raise SlackError("channel_not_found", status=404)
    if not isinstance(body, dict):
        raise SlackError("invalid_payload", status=400)
    says = {name: value for name, value in body.items() if name not in _WAYS}
    deleting = bool(body.get("delete_original"))
    if not deleting or says.get("text") or says.get("blocks"):
        _check(says)
    if deleting:
        workspace.hooks.use(hook)
        _delete(workspace, place, hook)
        if not (says.get("text") or says.get("blocks")):
            return
        _post(workspace, place, hook, body, says)
        return
    if body.get("replace_original") and hook.ts is not None:
        workspace.hooks.use(hook)
        _replace(workspace, place, hook, says)
        return
    _post(workspace, place, hook, body, says)
    workspace.hooks.use(hook)


def _check(says: dict[str, Any]) -> None:
    try:
        refuse(validate_message(says))
    except SlackError as error:
        error.status = 400
        raise


def _delete(workspace: Workspace, place: Place, hook: Hook) -> None:
    message = workspace.board.get(place.id, hook.ts)
    if message is not None:
        remove(workspace, place, message)


def _replace(workspace: Workspace, place: Place, hook: Hook, says: dict[str, Any]) -> None:
    """Put other content into the pressed message; whether it is ephemeral never changes."""
    message = workspace.board.get(place.id, hook.ts)
    if message is None:
        raise SlackError("message_not_found", status=404)
    change(workspace, place, message, Content.of(says), keep_metadata=True)


def _post(workspace: Workspace, place: Place, hook: Hook, body: dict[str, Any], says: dict[str, Any]) -> None:
    loud = body.get("response_type") == "in_channel"
    thread_ts = body.get("thread_ts")
    if thread_ts is not None and workspace.board.get(place.id, thread_ts) is None:
        raise SlackError("invalid_thread_ts", status=400)
    if loud:
        wait = workspace.rates.take(f"post/{place.id}", burst=workspace.config.message_burst, per_second=1.0)
        if wait:
            raise rate_limited(wait)
    post(workspace, place, Content.of(says), thread_ts=thread_ts, only_for=None if loud else hook.member)
