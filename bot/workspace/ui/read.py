"""GET /ui/…: what a member sees (docs/workspace.md 2)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.workspace.acts.send import writable
from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.refusals import PageError
from bot.workspace.shown import page_message
from bot.workspace.state.places import Place
from bot.workspace.trouble_switch import TroubleSwitch

NEWEST = 1000
"""How many messages of a conversation are shown."""


class Reading:
    """The reading half of the JSON interface."""

    def __init__(self, workspace: Workspace, trouble: TroubleSwitch) -> None:
        self._workspace, self._trouble = workspace, trouble

    def _member(self, request: Request) -> Member:
        return self._workspace.people.need(request.query_params.get("member"))

    async def boot(self, _request: Request) -> Response:
        """Everything that does not change while one looks."""
        workspace, manifest = self._workspace, self._workspace.config.manifest
        app, team, controls = workspace.config.app, workspace.config.team, workspace.controls
        return JSONResponse(
            {
                "team": asdict(team),
                "now": workspace.clock.now().isoformat(),
                "app": {
                    "id": app.id,
                    "name": manifest.bot_name,
                    "bot_user_id": app.bot_user_id,
                    "bot_id": app.bot_id,
                    "connected": workspace.link.connected,
                    "home_enabled": manifest.home_enabled,
                    "messages_enabled": manifest.messages_enabled,
                    "messages_read_only": manifest.messages_read_only,
                },
                "members": [workspace.people.as_page_member(one) for one in workspace.people.all() if not one.deleted],
                "channels": [_channel(one) for one in workspace.places.all() if not one.is_im],
                "usergroups": [
                    {"id": one.id, "handle": one.handle, "name": one.name} for one in workspace.config.usergroups
                ],
                "commands": [
                    {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                    for one in manifest.commands
                ],
                "shortcuts": [
                    {
                        "callback_id": one.callback_id,
                        "name": one.name,
                        "description": one.description,
                        "type": one.kind,
                    }
                    for one in manifest.shortcuts
                ],
                "tasks": [asdict(one) for one in workspace.config.tasks],
                "controls": {
                    "clock": controls is not None,
                    "orders": list(controls.kinds()) if controls else [],
                    "slack": self._trouble.shown() if controls else None,
                },
            },
        )

    def _conversation(self, member: Member, place: Place) -> dict[str, Any]:
        board = self._workspace.board
        return {
            **_channel(place),
            "kind": place.kind,
            "unread": board.unread(member.id, place.id),
            "latest": board.latest(member.id, place.id),
            "writable": writable(self._workspace, place),
        }

    async def conversations(self, request: Request) -> Response:
        """The member's channels, then the direct conversation with the app."""
        member = self._member(request)
        found = [self._conversation(member, place) for place in self._workspace.places.of(member.id)]
        return JSONResponse({"conversations": found})

    async def conversation(self, request: Request) -> Response:
        """One conversation as this member sees it."""
        member = self._member(request)
        place = self._workspace.places.need(member.id, request.query_params.get("channel"))
        if request.query_params.get("mark") == "1":
            self._workspace.board.mark(member.id, place.id)
        seen = [one for one in self._workspace.board.history(place.id) if one.seen_by(member.id)]
        messages = [page_message(self._workspace, one) for one in seen[-NEWEST:]]
        return JSONResponse({"channel": self._conversation(member, place), "messages": messages})

    async def thread(self, request: Request) -> Response:
        """A parent and its replies as this member sees them."""
        member, board = self._member(request), self._workspace.board
        place = self._workspace.places.need(member.id, request.query_params.get("channel"))
        parent = board.get(place.id, request.query_params.get("ts"))
        if parent is None or not parent.seen_by(member.id):
            raise PageError(404, "message_not_found")
        seen = [parent, *(one for one in board.replies(place.id, parent.ts) if one.seen_by(member.id))]
        messages = [page_message(self._workspace, one) for one in seen]
        return JSONResponse({"channel": self._conversation(member, place), "messages": messages})

    async def view(self, request: Request) -> Response:
        """The modal in front."""
        stack = self._workspace.stacks.stack(self._member(request).id)
        return JSONResponse({"view": stack[-1].shown() if stack else None, "depth": len(stack)})

    async def home(self, request: Request) -> Response:
        """The Home that the app published."""
        view = self._workspace.stacks.home(self._member(request).id)
        return JSONResponse({"view": view.shown() if view else None})

    async def file(self, request: Request) -> Response:
        """A file that was shared where this member sees it: always downloaded, never shown as a page."""
        member = self._member(request)
        file = self._workspace.uploads.get(request.query_params.get("id", ""))
        if file is None or file.channel is None or member.id not in _members(self._workspace, file.channel):
            raise PageError(404, "file_not_found")
        message = self._workspace.board.get(file.channel, file.ts)
        if message is None or not message.seen_by(member.id):
            raise PageError(404, "file_not_found")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        content = self._workspace.uploads.bytes_of(file)
        return Response(content, media_type="application/octet-stream", headers=headers)

    async def stream(self, request: Request) -> Response:
        """What happens, as it happens."""
        member = self._member(request)
        lines: AsyncIterator[str] = self._workspace.streams.read(
            member.id,
            {"now": self._workspace.clock.now().isoformat()},
        )
        return StreamingResponse(lines, media_type="text/event-stream")


def _members(workspace: Workspace, channel: str) -> Sequence[str]:
    place = workspace.places.get(channel)
    return tuple(place.members) if place is not None else ()


def _channel(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "topic": place.topic,
        "purpose": place.purpose,
        "is_private": place.is_private,
        "is_ext_shared": place.is_ext_shared,
    }
