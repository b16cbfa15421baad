"""files.*: the upload in three steps: an address, the bytes, the message (docs.slack.dev, "Working with files")."""

from typing import Any

from bot.workspace.core import Workspace
from bot.workspace.methods.arguments import Arguments, missing
from bot.workspace.methods.chat import place_of, writable_place
from bot.workspace.posting import Content, post
from bot.workspace.refusals import SlackError
from bot.workspace.shown import slack_file
from bot.workspace.state.uploads import MOST_BYTES, File


def get_upload_url(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.getUploadURLExternal: `length` in bytes is binding."""
    name, length = arguments.need("filename"), arguments.need("length")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] length must be a number"]})
    if int(length) > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    file, token = workspace.uploads.promise(name=name, length=int(length))
    return {"upload_url": f"{workspace.address}/upload/v1/{token}", "file_id": file.id}


def complete_upload(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.completeUploadExternal: shares what was uploaded, in `channel_id` if there is one."""
    wanted = arguments.tree("files", error="invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise missing("files")
    files = [(_filled(workspace, one.get("id")), one.get("title")) for one in wanted]
    channel = arguments.text("channel_id")
    ts = None
    if channel:
        place = place_of(workspace, channel, users=False)
        writable_place(workspace, place, public=False)
        content = Content(text=arguments.text("initial_comment"), files=[file.id for file, _ in files])
        ts = post(workspace, place, content, thread_ts=arguments.text("thread_ts") or None).ts
    for file, title in files:
        workspace.uploads.share(file, title=str(title or file.name), channel=channel or None, ts=ts)
    return {"files": [slack_file(workspace, file) for file, _ in files]}


def delete(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """files.delete: the app's own files; the message that shared it stays, without the file."""
    file = workspace.uploads.get(arguments.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    workspace.uploads.delete(file)
    return {}


def _filled(workspace: Workspace, file_id: object) -> File:
    """A file that was uploaded and not shared yet. Raises SlackError."""
    file = workspace.uploads.get(file_id) if isinstance(file_id, str) else None
    if file is None or file.content is None or file.shared:
        raise SlackError("file_not_found")
    return file
