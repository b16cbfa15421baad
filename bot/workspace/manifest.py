"""What of an app's manifest a workspace holds it to: commands, shortcuts, scopes, events, Home (facts/slack.md 6.1)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashCommand:
    """A command as the manifest declares it; `command` begins with `/`."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut; `kind` is `global` or `message`."""

    callback_id: str
    name: str
    description: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """An app, as far as Slack enforces its manifest."""

    name: str
    bot_name: str
    commands: tuple[SlashCommand, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    home_enabled: bool = False
    messages_enabled: bool = False
    messages_read_only: bool = False
    interactive: bool = False

    def command(self, name: str) -> SlashCommand | None:
        """The command of this name, if the app has it."""
        return next((one for one in self.commands if one.command == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        """The shortcut with this callback id, if the app has it."""
        return next((one for one in self.shortcuts if one.callback_id == callback_id), None)


def parse_manifest(document: dict[str, Any]) -> Manifest:
    """Read a manifest document (version 1 or 2). It is taken to be valid; CI checks it against Slack's schema."""
    features, settings = document.get("features", {}), document.get("settings", {})
    home, name = features.get("app_home", {}), document["display_information"]["name"]
    scopes = document.get("oauth_config", {}).get("scopes", {})
    return Manifest(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        commands=tuple(
            SlashCommand(
                **{key: one[key] for key in ("command", "description", "usage_hint", "should_escape") if key in one}
            )
            for one in features.get("slash_commands", [])
        ),
        shortcuts=tuple(
            Shortcut(
                callback_id=one["callback_id"],
                name=one["name"],
                description=one.get("description", ""),
                kind=one["type"],
            )
            for one in features.get("shortcuts", [])
        ),
        scopes=frozenset(scopes.get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_enabled=home.get("home_tab_enabled", False),
        messages_enabled=home.get("messages_tab_enabled", False),
        messages_read_only=home.get("messages_tab_read_only_enabled", False),
        interactive=settings.get("interactivity", {}).get("is_enabled", False),
    )


def load_manifest(path: Path) -> Manifest:
    """Read a manifest file (JSON). Blocking: call it before the loop runs, or in a thread."""
    return parse_manifest(json.loads(path.read_text(encoding="utf-8")))
