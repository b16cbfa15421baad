"""Pressing a button, choosing from a menu (facts/slack.md 1.2)."""

from typing import Any

from bot.workspace.acts.containers import Container, element_of, find, take_state, typed_in
from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.limits.objects import offered
from bot.workspace.links.link import Parcel
from bot.workspace.payloads import message_actions, view_actions
from bot.workspace.refusals import PageError
from bot.workspace.slackbot import say
from bot.workspace.state.stateful import KEYS

_PRESSED = {"button", "icon_button", "workflow_button", "feedback_buttons"}
_KEPT = ("text", "value", "style", "placeholder")


async def press(workspace: Workspace, *, member: Member, body: dict[str, Any]) -> dict[str, Any]:
    """One interaction with one element. A failure is also a `notice` beside the element."""
    container = find(workspace, member, body.get("container"))
    block, element = element_of(container, body.get("block_id"), body.get("action_id"))
    if block["type"] == "input" and not block["dispatch_action"]:
        raise PageError(400, "not_dispatched", "this input is sent with the form")
    if element.get("confirm") and body.get("confirmed") is not True:
        raise PageError(409, "confirm_needed", confirm=element["confirm"])
    take_state(workspace, container, body.get("state"))
    action = _action(workspace, container, block, element, body)
    answer = await workspace.link.deliver(
        Parcel(kind="interactive", payload=_payload(workspace, container, action), accepts=True),
    )
    if answer.error is None:
        return {"ok": True}
    text = say("action_failed", workspace.people.locale(member.id))
    notice = {
        "kind": "action_failed",
        "error": answer.error,
        "text": text,
        "container": container.as_given,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
    }
    workspace.streams.publish([member.id], "notice", notice)
    return {"ok": False, "error": answer.error, "text": text}


def _action(
    workspace: Workspace,
    container: Container,
    block: dict[str, Any],
    element: dict[str, Any],
    body: dict[str, Any],
) -> dict[str, Any]:
    kind = element["type"]
    kept = {name: element[name] for name in element if name in _KEPT or name.startswith("initial_")}
    action = {"type": kind, "block_id": block["block_id"], "action_id": element["action_id"], **kept}
    if kind in KEYS:
        given = {name: body[name] for name in (KEYS[kind],) if name in body}
        take_state(workspace, container, {block["block_id"]: {element["action_id"]: given}})
        state = typed_in(workspace, container)[block["block_id"]][element["action_id"]]
        action.pop("value", None)
        action[KEYS[kind]] = state[KEYS[kind]]
    elif kind == "overflow":
        action["selected_option"] = _overflow(element, body.get("selected_option"))
    elif kind == "feedback_buttons":
        action |= _feedback(element, body.get("value"))
    elif kind not in _PRESSED:
        raise PageError(404, "element_not_found")
    return {**action, "action_ts": workspace.names.ts()}


def _overflow(element: dict[str, Any], given: Any) -> dict[str, Any]:
    wanted = given.get("value") if isinstance(given, dict) else None
    for one in offered(element):
        if one["value"] == wanted:
            return dict(one)
    raise PageError(400, "invalid_value", f"{wanted!r} is not offered")


def _feedback(element: dict[str, Any], value: Any) -> dict[str, Any]:
    for name in ("positive_button", "negative_button"):
        if element[name]["value"] == value:
            return {"text": element[name]["text"], "value": value}
    raise PageError(400, "invalid_value", f"{value!r} is not offered")


def _payload(workspace: Workspace, container: Container, action: dict[str, Any]) -> dict[str, Any]:
    if container.view is not None:
        return view_actions(workspace, member=container.member, view=container.view, action=action)
    if container.place is None or container.message is None:
        raise PageError(404, "message_not_found")
    return message_actions(
        workspace,
        member=container.member,
        place=container.place,
        message=container.message,
        action=action,
        typed=typed_in(workspace, container),
    )
