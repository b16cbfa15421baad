"""What the app is sent, field by field as in Slack's documentation (../shared/wire/slack; tests compare the keys)."""

from typing import Any

from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.shown import slack_message
from bot.workspace.state.board import Message
from bot.workspace.state.places import Place
from bot.workspace.state.stacks import View
from bot.workspace.state.stateful import KEYS, Values, values_of


def response_url(workspace: Workspace, *, place: Place, member: Member, ts: str | None = None) -> str:
    """A new response url."""
    token = workspace.hooks.new(channel=place.id, member=member.id, ts=ts)
    return f"{workspace.address}/respond/{token}"


def slash_command(workspace: Workspace, *, member: Member, place: Place, command: str, text: str) -> dict[str, Any]:
    """A slash command; over HTTP the same as a form."""
    app, team = workspace.config.app, workspace.config.team
    return {
        "token": app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": place.id,
        "channel_name": place.payload_name,
        "user_id": member.id,
        "user_name": member.name,
        "command": command,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(workspace, place=place, member=member),
        "trigger_id": workspace.triggers.new(member.id),
    }


def _team(workspace: Workspace, member: Member, *, of_member: bool) -> dict[str, str]:
    team = workspace.people.team_of(member) if of_member else workspace.config.team
    return {"id": team.id, "domain": team.domain}


def _common(workspace: Workspace, member: Member, kind: str, *, of_member: bool) -> dict[str, Any]:
    return {
        "type": kind,
        "user": workspace.people.as_actor(member),
        "api_app_id": workspace.config.app.id,
        "token": workspace.config.app.verification_token,
        "team": _team(workspace, member, of_member=of_member),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def in_message(workspace: Workspace, *, kind: str, member: Member, place: Place, message: Message) -> dict[str, Any]:
    """The common part of what happens in a message. `team` owns the message; `user.team_id` is the member's own."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": place.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = {
        **_common(workspace, member, kind, of_member=False),
        "container": container,
        "channel": {"id": place.id, "name": place.payload_name},
    }
    if message.only_for is None:
        payload["message"] = slack_message(workspace, message)
    return payload


def in_view(workspace: Workspace, *, kind: str, member: Member, view: View) -> dict[str, Any]:
    """The common part of what happens in a view. `team` is the member's own; the view names the installed one."""
    return {
        **_common(workspace, member, kind, of_member=True),
        "container": {"type": "view", "view_id": view.id},
        "view": view.shown(),
    }


def message_actions(
    workspace: Workspace,
    *,
    member: Member,
    place: Place,
    message: Message,
    action: dict[str, Any],
    typed: Values,
) -> dict[str, Any]:
    """`block_actions` from a message."""
    return {
        **in_message(workspace, kind="block_actions", member=member, place=place, message=message),
        "trigger_id": workspace.triggers.new(member.id),
        "state": {"values": values_of(message.blocks or [], typed)},
        "response_url": response_url(workspace, place=place, member=member, ts=message.ts),
        "actions": [action],
    }


def view_actions(workspace: Workspace, *, member: Member, view: View, action: dict[str, Any]) -> dict[str, Any]:
    """`block_actions` from a modal or a Home."""
    inside = None if view.is_home else view.id
    return {
        **in_view(workspace, kind="block_actions", member=member, view=view),
        "trigger_id": workspace.triggers.new(member.id, view_id=inside),
        "actions": [action],
    }


def view_submission(workspace: Workspace, *, member: Member, view: View) -> dict[str, Any]:
    """`view_submission`, with a response url for each conversation menu that asked for one."""
    payload = in_view(workspace, kind="view_submission", member=member, view=view)
    del payload["container"]
    return {
        **payload,
        "trigger_id": workspace.triggers.new(member.id, view_id=view.id),
        "response_urls": list(_response_urls(workspace, member, view)),
    }


def _response_urls(workspace: Workspace, member: Member, view: View) -> list[dict[str, Any]]:
    urls = []
    for block in view.body["blocks"]:
        element = block.get("element", {})
        if block["type"] != "input" or not element.get("response_url_enabled"):
            continue
        state = view.shown()["state"]["values"][block["block_id"]][element["action_id"]]
        place = workspace.places.get(state[KEYS[element["type"]]])
        if place is not None:
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": place.id,
                    "response_url": response_url(workspace, place=place, member=member),
                },
            )
    return urls


def view_closed(workspace: Workspace, *, member: Member, view: View, is_cleared: bool) -> dict[str, Any]:
    """`view_closed`; what was typed is not in it."""
    payload = in_view(workspace, kind="view_closed", member=member, view=view)
    del payload["container"]
    return {**payload, "view": {**view.body, "state": {"values": {}}}, "is_cleared": is_cleared}


def suggestion(payload: dict[str, Any], *, block_id: str, action_id: str, value: str) -> dict[str, Any]:
    """`block_suggestion`, from the common part of a message or a view."""
    return {**payload, "action_id": action_id, "block_id": block_id, "value": value}


def shortcut(workspace: Workspace, *, member: Member, callback_id: str) -> dict[str, Any]:
    """A global shortcut: no channel, no response url."""
    common = _common(workspace, member, "shortcut", of_member=False)
    del common["api_app_id"]
    user = {name: value for name, value in common["user"].items() if name != "name"}
    return {
        **common,
        "user": user,
        "action_ts": workspace.names.ts(),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.new(member.id),
    }


def message_shortcut(
    workspace: Workspace,
    *,
    member: Member,
    place: Place,
    message: Message,
    callback_id: str,
) -> dict[str, Any]:
    """A message shortcut: the user has a name here and no team."""
    team = workspace.config.team
    return {
        "type": "message_action",
        "token": workspace.config.app.verification_token,
        "callback_id": callback_id,
        "action_ts": workspace.names.ts(),
        "trigger_id": workspace.triggers.new(member.id),
        "response_url": response_url(workspace, place=place, member=member, ts=message.ts),
        "team": {"id": team.id, "domain": team.domain},
        "channel": {"id": place.id, "name": place.payload_name},
        "user": {"id": member.id, "name": member.name},
        "message_ts": message.ts,
        "message": slack_message(workspace, message),
    }
