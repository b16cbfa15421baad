"""Saying something, or running a command (facts/slack.md 1.1)."""

import re
from typing import Any

from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.limits import validate_message
from bot.workspace.links.link import Parcel
from bot.workspace.payloads import slash_command
from bot.workspace.posting import Content, post, slackbot_says
from bot.workspace.refusals import PageError
from bot.workspace.slackbot import say
from bot.workspace.state.places import Place

_MENTION = re.compile(r"(?<!\w)([@#])([\w.-]+)")


async def send(
    workspace: Workspace,
    *,
    member: Member,
    place: Place,
    text: str,
    thread_ts: str | None = None,
) -> dict[str, Any]:
    """What the box under a conversation does on Enter."""
    if thread_ts is not None:
        parent = workspace.board.get(place.id, thread_ts)
        if parent is None or parent.is_reply or not parent.seen_by(member.id):
            raise PageError(404, "message_not_found")
    if text.startswith("/"):
        return await _command(workspace, member=member, place=place, text=text, thread_ts=thread_ts)
    if not text.strip():
        raise PageError(400, "bad_request", "text is empty")
    if not writable(workspace, place):
        sentence = say("messages_off", workspace.people.locale(member.id))
        return {"ok": False, "kind": "message", "error": "messages_off", "text": sentence}
    message = post(
        workspace,
        place,
        Content(text=_escaped(workspace, text)),
        user=member.id,
        thread_ts=thread_ts,
    )
    workspace.board.mark(member.id, place.id)
    return {"ok": True, "kind": "message", "ts": message.ts}


def writable(workspace: Workspace, place: Place) -> bool:
    """Whether members may write here: an app can switch its direct conversation off."""
    manifest = workspace.config.manifest
    if place.is_im:
        return manifest.messages_enabled and not manifest.messages_read_only
    return not place.is_archived


def _escaped(workspace: Workspace, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        tail = name[len(name.rstrip(".-")) :]
        name = name.rstrip(".-")
        if sign == "@":
            found = workspace.people.by_name(name)
            bot = name == workspace.config.manifest.bot_name
            user_id = workspace.config.app.bot_user_id if bot else found.id if found else None
            return f"<@{user_id}>{tail}" if user_id else match[0]
        place = workspace.places.named(name)
        return f"<#{place.id}|{'' if place.is_private else place.name}>{tail}" if place else match[0]

    return _MENTION.sub(mention, escaped)


async def _command(
    workspace: Workspace,
    *,
    member: Member,
    place: Place,
    text: str,
    thread_ts: str | None,
) -> dict[str, Any]:
    name, _, rest = text.strip().partition(" ")
    command = workspace.config.manifest.command(name)
    if command is None or member.external:
        return _refused(workspace, member, place, name, "not_a_command", None)
    if thread_ts is not None:
        return _refused(workspace, member, place, name, "not_in_threads", thread_ts)
    typed = rest.strip()
    payload = slash_command(
        workspace,
        member=member,
        place=place,
        command=name,
        text=_escaped(workspace, typed) if command.should_escape else typed,
    )
    answer = await workspace.link.deliver(Parcel(kind="slash_commands", payload=payload, accepts=True))
    error = answer.error or _show(workspace, member, place, text, answer.body)
    if error is None:
        return {"ok": True, "kind": "command", "command": name}
    return _refused(workspace, member, place, name, "command_failed", None, error=error)


def _refused(
    workspace: Workspace,
    member: Member,
    place: Place,
    command: str,
    sentence: str,
    thread_ts: str | None,
    **values: str,
) -> dict[str, Any]:
    said = say(sentence, workspace.people.locale(member.id), command=command, **values)
    slackbot_says(workspace, place, member.id, said, thread_ts)
    return {"ok": False, "kind": "command", "command": command, "error": values.get("error", sentence), "text": said}


def _show(workspace: Workspace, member: Member, place: Place, typed: str, body: Any) -> str | None:
    """Show what the app put into its acknowledgement; the name of the error if Slack would not."""
    if not body:
        return None
    if not isinstance(body, dict):
        return "invalid_command_response"
    loud = body.get("response_type") == "in_channel"
    says = {name: value for name, value in body.items() if name != "response_type"}
    if not says:
        if loud:
            post(workspace, place, Content(text=_escaped(workspace, typed)), user=member.id)
        return None
    problems = validate_message(says)
    if problems:
        return problems[0].code
    post(workspace, place, Content.of(says), only_for=None if loud else member.id)
    return None
