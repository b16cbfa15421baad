"""Typing into a menu whose options come from the app (facts/slack.md 1.2: three seconds, no retry)."""

from typing import Any

from bot.workspace.acts.containers import element_of, find, payload_of, take_state
from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.limits import validate_options
from bot.workspace.limits.objects import offered
from bot.workspace.links.link import Parcel
from bot.workspace.payloads import suggestion
from bot.workspace.refusals import PageError
from bot.workspace.slackbot import say
from bot.workspace.state.filling import fill

SHORTEST = 3


async def suggest(workspace: Workspace, *, member: Member, body: dict[str, Any]) -> dict[str, Any]:
    """Ask the app for options. Below the menu's `min_query_length` (3 by default) Slack does not ask."""
    container = find(workspace, member, body.get("container"))
    block, element = element_of(container, body.get("block_id"), body.get("action_id"))
    value = body.get("value", "")
    if element["type"] not in {"external_select", "multi_external_select"} or not isinstance(value, str):
        raise PageError(400, "invalid_value", "only external menus ask for options")
    if len(value) < element.get("min_query_length", SHORTEST):
        return {"ok": True, "options": []}
    take_state(workspace, container, body.get("state"))
    payload = suggestion(
        payload_of(workspace, container, "block_suggestion"),
        block_id=block["block_id"],
        action_id=element["action_id"],
        value=value,
    )
    answer = await workspace.link.deliver(Parcel(kind="interactive", payload=payload, accepts=True))
    error = answer.error
    if error is None and validate_options(answer.body):
        error = "invalid_options"
    if error is not None:
        return _failed(workspace, member, container.as_given, error)
    options = fill(answer.body)
    key = f"{block['block_id']}/{element['action_id']}"
    container.handed[key] = [*container.handed.get(key, []), *offered(options)][-1000:]
    return {"ok": True, **options}


def _failed(workspace: Workspace, member: Member, container: dict[str, Any], error: str) -> dict[str, Any]:
    text = say("options_failed", workspace.people.locale(member.id))
    notice = {"kind": "options_failed", "error": error, "text": text, "container": container}
    workspace.streams.publish([member.id], "notice", notice)
    return {"ok": False, "error": error, "text": text, "options": []}
