"""The app's manifest against what the program registers and calls: the test and `doctor` ask the same."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bot.settings import Settings
from handlers.payload import Kind
from handlers.registry import ROUTES

MANIFEST: Final = Path(__file__).parents[2] / "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Why the app asks for a scope: what fails without it, and for which settings it is needed."""

    without: str
    needed: Callable[[Settings], bool] = lambda _: True


SCOPES: Final[Mapping[str, Scope]] = MappingProxyType(
    {
        "commands": Scope(without="the commands do not exist in Slack"),
        "chat:write": Scope(without="no card, step or notice can be posted"),
        "im:write": Scope(without="nobody is told the outcome by direct message"),
        "users:read": Scope(without="nobody is let in: who is a member and who a guest cannot be read"),
        "channels:read": Scope(without="no channel is used: whether others share it cannot be read"),
        "groups:read": Scope(without="no private channel is used: whether others share it cannot be read"),
        "channels:history": Scope(without="a card whose answer was lost is posted a second time"),
        "groups:history": Scope(without="the same in private channels"),
        "im:history": Scope(without="a notice whose answer was lost is sent a second time"),
        "metadata.message:read": Scope(without="a message whose answer was lost is not found again"),
        "files:write": Scope(without="the audit trail cannot be sent as a file"),
        "usergroups:read": Scope(
            without="no role is read from Slack user groups", needed=lambda settings: bool(settings.usergroups)
        ),
        "users:read.email": Scope(
            without="nobody is found in Microsoft's directory by e-mail", needed=lambda settings: settings.uses_graph
        ),
    }
)
"""Every bot scope of the manifest."""


def read_manifest(path: Path = MANIFEST) -> Mapping[str, Any]:
    """The manifest document. Raises OSError and ValueError."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - whatever is wrong with a file is one type here
    return document


def manifest_gaps(document: Mapping[str, Any]) -> list[str]:
    """What the manifest lacks or has too much of, a sentence each; empty where it is what the program registers."""
    features, settings = _table(document, "features"), _table(document, "settings")
    commands = {each["command"] for each in features.get("slash_commands", [])}
    shortcuts = {each["callback_id"] for each in features.get("shortcuts", [])}
    events = set(_table(settings, "event_subscriptions").get("bot_events", []))
    scopes = set(_table(_table(document, "oauth_config"), "scopes").get("bot", []))
    sentences = [
        *_differences("command", found=commands, wanted=_registered(Kind.COMMAND)),
        *_differences("shortcut", found=shortcuts, wanted=_registered(Kind.SHORTCUT)),
        *_differences("event", found=events, wanted=_registered(Kind.EVENT)),
        *_differences("scope", found=scopes, wanted=set(SCOPES)),
    ]
    interactivity = _table(settings, "interactivity")
    if not interactivity.get("is_enabled"):
        sentences.append("interactivity is not enabled: no button would do anything")
    if interactivity.get("request_url") and not interactivity.get("message_menu_options_url"):
        sentences.append("message_menu_options_url is missing: over HTTP the field that searches would find nobody")
    home = _table(features, "app_home")
    if not home.get("home_tab_enabled"):
        sentences.append("the Home tab is not enabled")
    if not home.get("messages_tab_enabled"):
        sentences.append("the Messages tab is not enabled: nobody would find their notices")
    return sentences


def _registered(kind: Kind) -> set[str]:
    return {route.name for route in ROUTES if route.kind is kind and route.name != "*"}


def _differences(what: str, *, found: Iterable[str], wanted: Iterable[str]) -> list[str]:
    found, wanted = set(found), set(wanted)
    return [
        *(f"the {what} {each} is missing" for each in sorted(wanted - found)),
        *(f"the {what} {each} is of no use to the program" for each in sorted(found - wanted)),
    ]


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}
