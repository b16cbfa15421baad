"""Opening the app's Home (facts/slack.md 1.5) and using its shortcuts."""

from typing import Any

from bot.workspace.acts.containers import find
from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.events import emit
from bot.workspace.links.link import Parcel
from bot.workspace.payloads import message_shortcut, shortcut
from bot.workspace.refusals import PageError
from bot.workspace.slackbot import say


def visit(workspace: Workspace, *, member: Member, tab: str = "home") -> dict[str, Any]:
    """Open the Home or Messages tab; the app is told if it subscribed."""
    if member.external:
        raise PageError(404, "channel_not_found", "members of other organisations have no conversation with the app")
    view = workspace.stacks.home(member.id)
    if "app_home_opened" in workspace.config.manifest.events:
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": member.id,
            "channel": workspace.places.direct_id(member.id),
            "event_ts": workspace.names.ts(),
            "tab": tab,
        }
        if view is not None and tab == "home":
            event["view"] = view.shown()
        emit(workspace, event)
    return {"ok": True, "view": view.shown() if view else None}


async def use_shortcut(workspace: Workspace, *, member: Member, body: dict[str, Any]) -> dict[str, Any]:
    """Use a shortcut. Members of other organisations cannot."""
    declared = workspace.config.manifest.shortcut(str(body.get("callback_id")))
    if declared is None or member.external:
        raise PageError(404, "element_not_found", "no such shortcut")
    if declared.kind == "global":
        payload = shortcut(workspace, member=member, callback_id=declared.callback_id)
    else:
        given = {"type": "message", "channel": body.get("channel"), "ts": body.get("ts")}
        container = find(workspace, member, given)
        if container.place is None or container.message is None or container.message.only_for is not None:
            raise PageError(404, "message_not_found")
        payload = message_shortcut(
            workspace,
            member=member,
            place=container.place,
            message=container.message,
            callback_id=declared.callback_id,
        )
    answer = await workspace.link.deliver(Parcel(kind="interactive", payload=payload))
    if answer.error is None:
        return {"ok": True}
    return {
        "ok": False,
        "error": answer.error,
        "text": say("action_failed", workspace.people.locale(member.id)),
    }
