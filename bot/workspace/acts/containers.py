"""Where a member acts: in a message, in a modal, on the Home tab."""

from dataclasses import dataclass
from typing import Any

from bot.workspace.config import Member
from bot.workspace.core import Workspace
from bot.workspace.payloads import in_message, in_view
from bot.workspace.refusals import PageError
from bot.workspace.state.board import Message
from bot.workspace.state.places import Place
from bot.workspace.state.stacks import View
from bot.workspace.state.stateful import Values, merge, placed


@dataclass(slots=True, kw_only=True)
class Container:
    """A message with its place, or a view; `as_given` is how the page named it."""

    as_given: dict[str, Any]
    member: Member
    place: Place | None = None
    message: Message | None = None
    view: View | None = None

    @property
    def blocks(self) -> list[Any]:
        """Its blocks."""
        if self.view is not None:
            return list(self.view.body["blocks"])
        attachments = (self.message.attachments if self.message else None) or []
        inner = [block for one in attachments for block in one.get("blocks") or []]
        return [*((self.message.blocks if self.message else None) or []), *inner]

    @property
    def handed(self) -> dict[str, list[Any]]:
        """The options that the app handed out for its external menus, by `block_id/action_id`."""
        if self.view is not None:
            return self.view.handed
        return self.message.handed if self.message else {}


def find(workspace: Workspace, member: Member, given: Any) -> Container:
    """What the page calls a container. Raises PageError."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "message":
        place = workspace.places.need(member.id, given.get("channel"))
        message = workspace.board.get(place.id, given.get("ts"))
        if message is None or not message.seen_by(member.id):
            raise PageError(404, "message_not_found")
        return Container(as_given=given, member=member, place=place, message=message)
    if kind == "view":
        return Container(as_given=given, member=member, view=workspace.stacks.need(member.id, given.get("view_id")))
    if kind == "home":
        view = workspace.stacks.home(member.id)
        if view is None:
            raise PageError(404, "view_not_found")
        return Container(as_given=given, member=member, view=view)
    raise PageError(400, "bad_request", "container.type is message, view or home")


def element_of(container: Container, block_id: object, action_id: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """A block and its element. Raises PageError 404; an element that this member is not shown is not there."""
    for block, element in placed(container.blocks):
        if block["block_id"] == block_id and element.get("action_id") == action_id:
            only_for = element.get("visible_to_user_ids")
            if not only_for or container.member.id in only_for:
                return block, element
    raise PageError(404, "element_not_found")


def typed_in(workspace: Workspace, container: Container) -> Values:
    """What was sent so far for the container's inputs."""
    if container.view is not None:
        return container.view.sent
    return workspace.typed.get(_key(container), {})


def _key(container: Container) -> tuple[str, str, str]:
    message = container.message
    return (container.member.id, message.channel if message else "", message.ts if message else "")


def take_state(workspace: Workspace, container: Container, given: Any) -> None:
    """Remember what was typed. Raises PageError 400."""

    def known(kind: str, value: str) -> bool:
        if kind.startswith("users"):
            return workspace.people.get(value) is not None or value == workspace.config.app.bot_user_id
        place = workspace.places.get(value)
        return place is not None and container.member.id in place.members

    merged = merge(
        container.blocks,
        typed_in(workspace, container),
        given,
        handed=container.handed,
        known=known,
    )
    if container.view is not None:
        container.view.sent = merged
        workspace.stacks.keep(container.view)
    elif merged:
        workspace.typed[_key(container)] = merged


def payload_of(workspace: Workspace, container: Container, kind: str) -> dict[str, Any]:
    """The common part of the payload for something that happens here."""
    if container.view is not None:
        return in_view(workspace, kind=kind, member=container.member, view=container.view)
    if container.place is None or container.message is None:
        raise PageError(404, "message_not_found")
    return in_message(
        workspace,
        kind=kind,
        member=container.member,
        place=container.place,
        message=container.message,
    )
