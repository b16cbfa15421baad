"""The documentation is complete, files are of a size to be read, and the manifest is what the handlers register."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer

from bot.bootstrap.manifest import SCOPES, manifest_gaps
from bot.cli.program import new_app
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT.parent / "shared" / "wire" / "slack" / "manifest-schema"
MOST_LINES = 250


def commands(group: Any, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{name.upper()}` |" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_says_what_it_means(name: str) -> None:
    assert Settings.model_fields[name].description


def test_no_setting_is_documented_that_there_is_not() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))
    assert documented == {name.upper() for name in Settings.model_fields}


def test_the_documented_commands_are_those_that_there_are() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z ]+)` \|", text, re.MULTILINE))
    assert documented == set(commands(typer.main.get_command(new_app())))


def test_every_slash_command_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(/[a-z-]+)", text, re.MULTILINE))
    assert documented == {each["command"] for each in manifest()["features"]["slash_commands"]}


def source_files() -> list[Path]:
    folders = (ROOT / name for name in ("bot", "handlers", "storage", "tests", "bench"))
    return [path for folder in folders for path in folder.rglob("*.py")]


def test_no_source_file_is_too_long_to_be_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in source_files()
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def test_the_manifest_is_valid_by_slacks_own_schema() -> None:
    schema = json.loads((SCHEMAS / "manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    jsonschema.validate(manifest(), schema)


def test_the_manifest_is_what_the_handlers_register_and_asks_for_no_scope_without_a_reason() -> None:
    assert manifest_gaps(manifest()) == []


def test_over_http_the_manifest_names_where_options_are_loaded_from() -> None:
    """Slack asks for a menu's options elsewhere than it sends presses to; nobody would be found."""
    changed = manifest()
    changed["settings"]["interactivity"]["request_url"] = "https://desk.example/slack/events"
    assert ["message_menu_options_url" in each for each in manifest_gaps(changed)] == [True]
    changed["settings"]["interactivity"]["message_menu_options_url"] = "https://desk.example/slack/events"
    assert manifest_gaps(changed) == []
    changed["features"]["shortcuts"] = []
    assert manifest_gaps(changed) == ["the shortcut message.upgrade_options is missing"]


def test_whatever_the_manifest_lacks_or_has_too_much_of_is_named() -> None:
    changed = manifest()
    del changed["features"]["slash_commands"][0]
    changed["oauth_config"]["scopes"]["bot"] = ["chat:write", "files:read"]
    changed["settings"]["interactivity"]["is_enabled"] = False
    changed["settings"]["event_subscriptions"]["bot_events"].append("message.im")
    found = manifest_gaps(changed)
    assert "the command /upgrade-options is missing" in found
    assert "the scope users:read is missing" in found
    assert "the scope files:read is of no use to the program" in found
    assert "the event message.im is of no use to the program" in found
    assert "interactivity is not enabled: no button would do anything" in found
    assert len(manifest_gaps({})) > len(SCOPES)
