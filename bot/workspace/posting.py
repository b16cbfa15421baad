"""Putting messages on the board, changing and removing them; whoever sees it is told, and so is the app."""

from dataclasses import dataclass
from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.events import message_event
from bot.workspace.shown import page_message, slack_message
from bot.workspace.slackbot import SLACKBOT
from bot.workspace.state.board import Message
from bot.workspace.state.filling import fill_attachments, fill_blocks, plain_of
from bot.workspace.state.places import Place

TEXT_MOST = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says; checked before it comes here."""

    text: str = ""
    blocks: list[Any] | None = None
    attachments: list[Any] | None = None
    metadata: dict[str, Any] | None = None
    files: list[str] | None = None

    @classmethod
    def of(cls, payload: dict[str, Any]) -> "Content":
        """From an app's checked payload."""
        markdown = payload.get("markdown_text")
        blocks = [{"type": "markdown", "text": markdown}] if markdown else payload.get("blocks")
        return cls(
            text=(payload.get("text") or "")[:TEXT_MOST],
            blocks=blocks or None,
            attachments=payload.get("attachments") or None,
            metadata=payload.get("metadata") or None,
        )


def post(
    workspace: Workspace,
    place: Place,
    content: Content,
    *,
    user: str | None = None,
    thread_ts: str | None = None,
    broadcast: bool = False,
    only_for: str | None = None,
) -> Message:
    """Post as a member, or as the app when `user` is None; to one member alone with `only_for`."""
    app = workspace.config.app
    by_app = user is None
    author = workspace.people.get(user)
    message = Message(
        channel=place.id,
        ts=workspace.names.ts(),
        user=app.bot_user_id if user is None else user,
        team=workspace.people.team_of(author).id if author else workspace.config.team.id,
        text=content.text or (plain_of(content.blocks) if content.blocks else ""),
        blocks=fill_blocks(content.blocks, workspace.names) if content.blocks else None,
        bot_id=app.bot_id if by_app else None,
        thread_ts=thread_ts,
        broadcast=broadcast,
        only_for=only_for,
        metadata=content.metadata,
        files=content.files,
        attachments=fill_attachments(content.attachments, workspace.names) if content.attachments else None,
    )
    workspace.board.add(message)
    _tell(workspace, place, message, "message")
    if only_for is None:
        message_event(workspace, place, message, {})
    return message


def change(workspace: Workspace, place: Place, message: Message, content: Content, *, keep_metadata: bool) -> None:
    """Put other content into a message. `edited` is only shown for text without blocks, as in Slack."""
    before = slack_message(workspace, message)
    message.blocks = fill_blocks(content.blocks, workspace.names) if content.blocks else None
    message.text = content.text or (plain_of(content.blocks) if content.blocks else "")
    message.attachments = fill_attachments(content.attachments, workspace.names) if content.attachments else None
    if not keep_metadata:
        message.metadata = content.metadata
    if not message.blocks:
        message.edited = {"user": message.user, "ts": workspace.names.ts()}
    workspace.board.keep(message)
    _tell(workspace, place, message, "message_changed")
    if message.only_for is None:
        after = slack_message(workspace, message)
        message_event(workspace, place, message, {"subtype": "message_changed", "message": after, "previous": before})


def remove(workspace: Workspace, place: Place, message: Message) -> None:
    """Take a message away."""
    before = slack_message(workspace, message)
    workspace.board.remove(message)
    gone: dict[str, Any] = {"channel": place.id, "ts": message.ts, "ephemeral": message.only_for is not None}
    if message.is_reply:
        gone["thread_ts"] = message.thread_ts
    workspace.streams.publish(_viewers(place, message), "message_deleted", gone)
    _tell_parent(workspace, place, message)
    if message.only_for is None:
        message_event(workspace, place, message, {"subtype": "message_deleted", "previous": before})


def slackbot_says(workspace: Workspace, place: Place, member: str, text: str, thread_ts: str | None = None) -> None:
    """Slack's own word to one member."""
    post(workspace, place, Content(text=text), user=SLACKBOT, only_for=member, thread_ts=thread_ts)


def _viewers(place: Place, message: Message) -> list[str]:
    return [one for one in place.members if message.seen_by(one)]


def _tell(workspace: Workspace, place: Place, message: Message, event: str) -> None:
    data = {"channel": place.id, "message": page_message(workspace, message)}
    workspace.streams.publish(_viewers(place, message), event, data)
    _tell_parent(workspace, place, message)


def _tell_parent(workspace: Workspace, place: Place, message: Message) -> None:
    parent = workspace.board.get(place.id, message.thread_ts) if message.is_reply else None
    if parent is not None and message.only_for is None:
        data = {"channel": place.id, "message": page_message(workspace, parent)}
        workspace.streams.publish(_viewers(place, parent), "message_changed", data)
