"""Submitting and closing modals (facts/slack.md 1.2)."""

from typing import Any

from bot.workspace.acts.containers import find, take_state
from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.limits import validate_view
from bot.workspace.links.link import Parcel
from bot.workspace.payloads import view_closed, view_submission
from bot.workspace.refusals import PageError, SlackError
from bot.workspace.slackbot import say
from bot.workspace.state.inputs import client_errors
from bot.workspace.state.stacks import View


async def submit(workspace: Workspace, *, member: Member, view_id: Any, state: Any) -> dict[str, Any]:
    """Press the submit button of the modal in front."""
    container = find(workspace, member, {"type": "view", "view_id": view_id})
    view = container.view
    if view is None or view.is_home or view is not workspace.stacks.top(member.id):
        raise PageError(404, "view_not_found")
    if view.body["submit"] is None:
        raise PageError(404, "element_not_found", "this modal has no submit button")
    take_state(workspace, container, state)
    values = view.shown()["state"]["values"]
    errors = client_errors(view.body["blocks"], values, workspace.people.locale(member.id))
    if errors:
        return {"ok": False, "result": "errors", "by": "slack", "errors": errors}
    payload = view_submission(workspace, member=member, view=view)
    answer = await workspace.link.deliver(Parcel(kind="interactive", payload=payload, accepts=True))
    if answer.error is not None:
        return _trouble(workspace, view, answer.error)
    try:
        return _respond(workspace, view, answer.body)
    except SlackError as error:
        return _trouble(workspace, view, error.error)


def _respond(workspace: Workspace, view: View, body: Any) -> dict[str, Any]:
    """Do what the app answered. Raises SlackError for what Slack does not take."""
    action = body.get("response_action") if isinstance(body, dict) else None
    if not body or (isinstance(body, dict) and action is None):
        if workspace.stacks.get(view.id) is view:
            workspace.stacks.close(view)
        return changed(workspace, view.member, "closed")
    if action == "errors":
        return _errors(view, body.get("errors"))
    if action == "clear":
        workspace.stacks.clear(view.member)
        return changed(workspace, view.member, "cleared")
    if action not in ("update", "push") or validate_view(body.get("view"), kind="modal"):
        raise SlackError("invalid_arguments")
    if workspace.stacks.get(view.id) is not view:
        raise SlackError("not_found")
    if action == "update":
        workspace.stacks.update(view, body["view"])
        return changed(workspace, view.member, "updated")
    workspace.stacks.open(view.member, view.team, body["view"], on_top=True)
    return changed(workspace, view.member, "pushed")


def _errors(view: View, errors: Any) -> dict[str, Any]:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs or not _texts(errors):
        raise SlackError("invalid_arguments")
    return {"ok": False, "result": "errors", "by": "app", "errors": errors}


def _texts(errors: dict[str, Any]) -> bool:
    return all(isinstance(one, str) and one for one in errors.values())


def _trouble(workspace: Workspace, view: View, error: str) -> dict[str, Any]:
    text = say("modal_failed", workspace.people.locale(view.member))
    container = {"type": "view", "view_id": view.id}
    notice = {"kind": "modal_failed", "error": error, "text": text, "container": container}
    workspace.streams.publish([view.member], "notice", notice)
    return {"ok": False, "result": "trouble", "error": error, "text": text}


def changed(workspace: Workspace, member_id: str, change: str) -> dict[str, Any]:
    """Tell the member's readers that their stack changed; the answer for the page."""
    stack = workspace.stacks.stack(member_id)
    view = stack[-1].shown() if stack else None
    workspace.streams.publish([member_id], "view", {"change": change, "view": view, "depth": len(stack)})
    return {"ok": True, "result": change, "view": view, "depth": len(stack)}


def close(workspace: Workspace, *, member: Member, view_id: Any, clear: bool) -> dict[str, Any]:
    """Close the modal in front, or all of them; the app is told if the view (when clearing: the root) asked for it."""
    view = workspace.stacks.need(member.id, view_id)
    if view.is_home:
        raise PageError(404, "view_not_found")
    clear = clear or bool(view.body["clear_on_close"])
    told = workspace.stacks.stack(member.id)[0] if clear else view
    if clear:
        workspace.stacks.clear(member.id)
    else:
        workspace.stacks.close(view)
    if told.body["notify_on_close"]:
        payload = view_closed(workspace, member=member, view=told, is_cleared=clear)
        workspace.tasks.spawn(workspace.link.deliver(Parcel(kind="interactive", payload=payload)))
    answer = changed(workspace, member.id, "cleared" if clear else "closed")
    return {"ok": True, "view": answer["view"], "depth": answer["depth"]}
