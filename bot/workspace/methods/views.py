"""views.*: modals and Homes (facts/slack.md 1.4, 2.5)."""

from typing import Any

from bot.workspace.acts.modal import changed
from bot.workspace.core import Workspace
from bot.workspace.limits import validate_view
from bot.workspace.methods.arguments import Arguments, missing
from bot.workspace.refusals import SlackError, refuse
from bot.workspace.state.stacks import View
from bot.workspace.state.triggers import Trigger


def _given(arguments: Arguments, kind: str | None) -> dict[str, Any]:
    view = arguments.tree("view", error="invalid_arguments")
    if view is None:
        raise missing("view")
    refuse(validate_view(view, kind=kind))
    checked: dict[str, Any] = view
    return checked


def _trigger(workspace: Workspace, arguments: Arguments) -> Trigger:
    if "trigger_id" not in arguments:
        raise missing("trigger_id")
    return workspace.triggers.look(arguments.text("trigger_id"))


def _open(workspace: Workspace, trigger: Trigger, view: dict[str, Any], change: str) -> dict[str, Any]:
    member = workspace.people.get(trigger.member)
    if member is None:
        raise SlackError("user_not_found")
    on_top = workspace.stacks.get(trigger.view_id) is not None
    team = workspace.people.team_of(member).id
    opened = workspace.stacks.open(member.id, team, view, on_top=on_top)
    trigger.used = True
    changed(workspace, member.id, change)
    return {"view": opened.answered()}


def open_view(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.open. From inside a modal the new view lies on top of it."""
    trigger = _trigger(workspace, arguments)
    return _open(workspace, trigger, _given(arguments, "modal"), "opened")


def push(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.push: from inside a modal only."""
    trigger = _trigger(workspace, arguments)
    view = _given(arguments, "modal")
    if workspace.stacks.get(trigger.view_id) is None:
        raise SlackError("not_found")
    return _open(workspace, trigger, view, "pushed")


def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.update by `view_id` or `external_id`, with `hash` against races."""
    if not arguments.text("view_id") and not arguments.text("external_id"):
        raise missing("view_id")
    by_id = workspace.stacks.get(arguments.text("view_id"))
    view = by_id or workspace.stacks.by_external_id(arguments.text("external_id"))
    if view is None:
        raise SlackError("not_found")
    workspace.stacks.update(view, _given(arguments, None), arguments.text("hash"))
    _tell(workspace, view)
    return {"view": view.answered()}


def _tell(workspace: Workspace, view: View) -> None:
    if view.is_home:
        workspace.streams.publish([view.member], "home", {"view": view.shown()})
    else:
        changed(workspace, view.member, "updated")


def publish(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """views.publish: a member's Home."""
    member = workspace.people.get(arguments.need("user_id"))
    if member is None or member.deleted or member.external:
        raise SlackError("user_not_found")
    given = _given(arguments, "home")
    if not workspace.config.manifest.home_enabled:
        raise SlackError("not_enabled")
    team = workspace.people.team_of(member).id
    view = workspace.stacks.publish(member.id, team, given, arguments.text("hash"))
    _tell(workspace, view)
    return {"view": view.answered()}
