"""Events for the app: only those that its manifest subscribes to, again up to three times (facts/slack.md 1.5)."""

import asyncio
from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.links.link import Answer, Parcel
from bot.workspace.shown import slack_message
from bot.workspace.state.board import Message
from bot.workspace.state.naming import derived_id
from bot.workspace.state.places import Place

_TYPES = {"channels": "channel", "groups": "group", "im": "im"}


def emit(workspace: Workspace, event: dict[str, Any], *, place: Place | None = None, source: str | None = None) -> None:
    """Send an event, now and in the background. `source` is the team that it comes from, when that is another one."""
    app, team = workspace.config.app, workspace.config.team
    event_id = workspace.names.id("Ev")
    envelope = {
        "token": app.verification_token,
        "team_id": source or team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(workspace.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            },
        ],
        "is_ext_shared_channel": place is not None and place.is_ext_shared,
        "event_context": derived_id("4-", event_id),
    }
    workspace.tasks.spawn(_deliver(workspace, envelope))


async def _deliver(workspace: Workspace, envelope: dict[str, Any]) -> None:
    answer = Answer()
    for attempt, pause in enumerate((0.0, *workspace.config.event_retries)):
        if pause:
            await asyncio.sleep(pause)
        parcel = Parcel(kind="events_api", payload=envelope, attempt=attempt, reason=answer.reason)
        answer = await workspace.link.deliver(parcel)
        if answer.error is None or answer.final:
            return


def message_event(workspace: Workspace, place: Place, message: Message, what: dict[str, Any]) -> None:
    """Tell the app of a message in a place that it is in: posted, changed or deleted (`what` has the subtype)."""
    events = workspace.config.manifest.events
    if not place.bot_is_member:
        return
    source = message.team if message.team != workspace.config.team.id else None
    if not what and message.bot_id is None and "app_mention" in events and _mentions_bot(workspace, message):
        said = _posted(workspace, place, message)
        mention = {name: value for name, value in said.items() if name != "channel_type"}
        emit(workspace, {**mention, "type": "app_mention"}, place=place, source=source)
    if f"message.{place.scope_word}" in events:
        event = _happened(workspace, place, message, what) if what else _posted(workspace, place, message)
        emit(workspace, event, place=place, source=source)


def _mentions_bot(workspace: Workspace, message: Message) -> bool:
    return f"<@{workspace.config.app.bot_user_id}>" in message.text


def _posted(workspace: Workspace, place: Place, message: Message) -> dict[str, Any]:
    event = {
        **slack_message(workspace, message),
        "channel": place.id,
        "event_ts": message.ts,
        "channel_type": _TYPES[place.scope_word],
    }
    if message.bot_id is None:
        event["client_msg_id"] = workspace.names.uuid()
    if message.team != workspace.config.team.id:
        event |= {"user_team": message.team, "source_team": message.team}
    return event


def _happened(workspace: Workspace, place: Place, message: Message, what: dict[str, Any]) -> dict[str, Any]:
    now = workspace.names.ts()
    event = {
        "type": "message",
        "subtype": what["subtype"],
        "previous_message": what["previous"],
        "channel": place.id,
        "hidden": True,
        "ts": now,
        "event_ts": now,
        "channel_type": _TYPES[place.scope_word],
    }
    if what["subtype"] == "message_changed":
        return {**event, "message": what["message"]}
    return {**event, "deleted_ts": message.ts}
