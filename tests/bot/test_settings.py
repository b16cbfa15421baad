import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.settings_faults import SettingsError

SECRET = "xoxp-this-must-never-be-shown"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("slack_bot_token", SECRET, "SLACK_BOT_TOKEN: must begin with xoxb-."),
        ("slack_app_token", SECRET, "SLACK_APP_TOKEN: must begin with xapp-."),
        ("slack_api_url", "slack.com/api", "SLACK_API_URL: must be a full address"),
        ("database_url", "mysql://x", "DATABASE_URL: must begin with sqlite:/// or postgresql://"),
        ("eligibility_url", "ftp://x", "ELIGIBILITY_URL: must be a full address"),
        ("policy_file", "nowhere.toml", "POLICY_FILE: there is no file nowhere.toml"),
        ("catalogue_file", "nowhere.toml", "CATALOGUE_FILE: there is no file nowhere.toml"),
        ("audit_key", "short", "AUDIT_KEY: must have at least 32 characters"),
        ("audit_channel", "#audit", "AUDIT_CHANNEL: must be a channel's id"),
        ("language", "fr", "LANGUAGE: must be one of 'de' or 'en'."),
        ("log_format", "xml", "LOG_FORMAT: must be one of 'json' or 'console'."),
    ],
)
def test_a_senseless_setting_is_named_in_one_sentence_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name.upper(), value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(expected)
    assert SECRET not in str(caught.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load(language="fr", audit_key="short")
    assert len(caught.value.faults) == 2


def test_what_is_missing_is_named_with_its_meaning() -> None:
    with pytest.raises(SettingsError, match=r"AUDIT_KEY is not set\. The key of the audit table"):
        Settings.load().require("slack_api_url", "audit_key")


def test_a_blank_setting_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_CHANNEL", "  ")
    assert Settings.load().audit_channel is None


def test_settings_come_from_the_env_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AUDIT_CHANNEL=C0AUDIT\nSOMETHING_ELSE=1\n")
    assert Settings.load().audit_channel == "C0AUDIT"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://h/d", "postgresql+psycopg://h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("sqlite+aiosqlite:////a/x.db", "sqlite+aiosqlite:////a/x.db"),
    ],
)
def test_the_usual_forms_of_a_database_url_are_understood(given: str, expected: str) -> None:
    assert Settings.load(database_url=given).database_url == expected


def test_the_service_has_a_database_of_its_own_beside_the_desks_file() -> None:
    settings = Settings.load(database_url="sqlite:////data/desk.sqlite3")
    assert settings.eligibility_database == "sqlite+aiosqlite:////data/desk-book.sqlite3"


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings.load(slack_bot_token="xoxb-secret", audit_key="k" * 40)
    assert "xoxb-secret" not in repr(settings)
    assert "kkkk" not in repr(settings)


IMPORT_ALL = """
import pkgutil, importlib, socket, sqlite3, sys, traceback
opened = []
def audit(event, args):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect"):
        # urllib3 (under MSAL) finds out at import whether the machine speaks IPv6.
        if not any("urllib3" in frame.filename for frame in traceback.extract_stack()): opened.append(event)
sys.addaudithook(audit)
import bot, handlers, storage
for package in (bot, handlers, storage):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if "migrations" in found.name: continue
        importlib.import_module(found.name)
assert not opened, opened
"""


def test_importing_everything_with_an_empty_environment_works_and_opens_nothing(tmp_path: Path) -> None:
    """design.md, rule 8."""
    run = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-W", "error", "-c", IMPORT_ALL],
        env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert list(tmp_path.iterdir()) == []
