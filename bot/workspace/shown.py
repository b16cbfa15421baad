"""Messages as others see them: Slack's object for apps, the page's for the page."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.state.board import Message
from bot.workspace.state.uploads import File


def permalink(workspace: Workspace, message: Message) -> str:
    """Where a message can be looked at."""
    path = f"{workspace.address}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return f"{path}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else path


def slack_message(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> dict[str, Any]:
    """Slack's message object. Metadata is there for whoever may read it."""
    shown: dict[str, Any] = {
        "user": message.user,
        "type": "message",
        "ts": message.ts,
        "text": message.text,
        "team": message.team,
    }
    if message.bot_id is not None:
        shown |= {"bot_id": message.bot_id, "app_id": workspace.config.app.id}
    shown |= {name: value for name, value in _extras(workspace, message).items() if value}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def _extras(workspace: Workspace, message: Message) -> dict[str, Any]:
    parent = workspace.board.get(message.channel, message.thread_ts) if message.is_reply else None
    return {
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": _files(workspace, message),
        "edited": message.edited,
        "subtype": "thread_broadcast" if message.broadcast else message.subtype,
        "thread_ts": message.thread_ts if message.is_reply else None,
        "parent_user_id": parent.user if parent else None,
        **workspace.board.thread_facts(message),
    }


def _files(workspace: Workspace, message: Message) -> list[dict[str, Any]]:
    found = [workspace.uploads.get(one) for one in message.files or ()]
    return [slack_file(workspace, one) for one in found if one is not None]


def slack_file(workspace: Workspace, file: File) -> dict[str, Any]:
    """Slack's file object, as far as apps and the page need it."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "size": file.length,
        "filetype": file.name.rpartition(".")[2].lower() or "binary",
        "user": workspace.config.app.bot_user_id,
        "mode": "hosted",
        "is_external": False,
        "url_private_download": f"{workspace.address}/files/{file.id}",
    }


def page_message(workspace: Workspace, message: Message) -> dict[str, Any]:
    """A message as docs/workspace.md says."""
    return {
        **slack_message(workspace, message, with_metadata=True),
        "channel": message.channel,
        "ephemeral": message.only_for is not None,
        "permalink": permalink(workspace, message),
    }
