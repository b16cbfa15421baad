"""What Slack's payloads say about who and where. Nothing is trusted beyond the ids (facts/slack.md, 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.people import Actor, Caller

Body = Mapping[str, Any]


class Kind(StrEnum):
    """What came from Slack."""

    COMMAND = "command"
    ACTION = "action"
    VIEW = "view"
    EVENT = "event"
    OPTIONS = "options"
    SHORTCUT = "shortcut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """An element that was used. `value` is its opaque id: of a button, or of the option that was chosen."""

    action_id: str
    block_id: str
    value: str


def caller_of(kind: Kind, body: Body, *, installed: str | None) -> Caller:
    """Who sent this, from where. `installed` is the workspace that the request was authorised for."""
    if kind is Kind.COMMAND:
        return _caller(
            team_id=_text(body, "team_id"),
            user_id=_text(body, "user_id"),
            installed=installed or _text(body, "team_id"),
            delivery=_text(body, "trigger_id"),
            channel=_text(body, "channel_id"),
        )
    if kind is Kind.EVENT:
        event = _inner(body, "event")
        user = event.get("user")
        return _caller(
            team_id=_text(body, "team_id"),
            user_id=user if isinstance(user, str) else "",
            installed=installed or _text(body, "team_id"),
            delivery=_text(body, "event_id"),
            channel=_text(event, "channel"),
        )
    user, view = _inner(body, "user"), _inner(body, "view")
    owner = _text(view, "app_installed_team_id") or installed or _text(_inner(body, "team"), "id")
    home = _home(kind, body, owner=owner)
    # A view is submitted again by pressing again: its hash changes with every drawing, the trigger with every press.
    delivery = f"{_text(view, 'id')}:{_text(view, 'hash')}" if kind is Kind.VIEW else _text(body, "trigger_id")
    return _caller(
        team_id=home,
        user_id=_text(user, "id"),
        installed=owner,
        delivery=delivery,
        channel=_text(_inner(body, "channel"), "id") or _text(_inner(body, "container"), "channel_id"),
    )


def pressed_of(body: Body) -> Pressed:
    """The element that was used; empty texts where the payload holds none."""
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}
    chosen = _text(_inner(action, "selected_option"), "value")
    return Pressed(
        action_id=_text(action, "action_id"),
        block_id=_text(action, "block_id"),
        value=chosen or _text(action, "value"),
    )


def chosen_option(body: Body, *, block_id: str, action_id: str) -> str:
    """The value of the option that was chosen in a menu of a submitted modal; empty for none."""
    values = _inner(_inner(_inner(body, "view"), "state"), "values")
    return _text(_inner(_inner(_inner(values, block_id), action_id), "selected_option"), "value")


def typed(body: Body, *, block_id: str, action_id: str) -> str:
    """What was typed into an input of a submitted modal; empty for nothing."""
    values = _inner(_inner(_inner(body, "view"), "state"), "values")
    return _text(_inner(_inner(values, block_id), action_id), "value")


def chosen_user(body: Body, *, block_id: str, action_id: str) -> str:
    """The user id that was chosen in a menu of people of a submitted modal; empty for nobody."""
    values = _inner(_inner(_inner(body, "view"), "state"), "values")
    return _text(_inner(_inner(values, block_id), action_id), "selected_user")


def view_of(body: Body) -> Mapping[str, Any]:
    """The view that this came from; empty where it came from none."""
    return _inner(body, "view")


def first_block_id(body: Body) -> str:
    """The id of the first block of a submitted view that says its language; empty where there is none."""
    blocks = _inner(body, "view").get("blocks")
    found = (
        (_text(each, "block_id") for each in blocks if isinstance(each, Mapping)) if isinstance(blocks, list) else ()
    )
    return next((each for each in found if "." in each), "")


def text_of(body: Body, *path: str) -> str:
    """A text somewhere inside the payload; empty where there is none."""
    found: Mapping[str, Any] = body
    for name in path[:-1]:
        found = _inner(found, name)
    return _text(found, path[-1])


def _home(kind: Kind, body: Body, *, owner: str) -> str:
    """The workspace of whoever used something. Where it is concluded, what Slack says about them decides all the same.

    A message shortcut may not say it: nobody of another workspace can use one (facts/slack.md, 1.1). A menu may name
    the enterprise instead (1.2), which counts where it is the one that the payload itself comes from.
    """
    home = _text(_inner(body, "user"), "team_id")
    if kind is Kind.SHORTCUT and not home:
        return _text(_inner(body, "team"), "id")
    if kind is Kind.OPTIONS and home.startswith("E") and home == _text(_inner(body, "enterprise"), "id"):
        return owner
    return home


def _caller(*, team_id: str, user_id: str, installed: str, delivery: str, channel: str) -> Caller:
    actor = Actor(team_id=team_id, user_id=user_id)
    return Caller(actor=actor, installed_team_id=installed, delivery_id=delivery, channel_id=channel or None)


def _inner(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
