"""How long the trail is kept: for ever, unless a duration of at least thirty days is set."""

from datetime import timedelta

import pytest

from bot.settings import Settings
from bot.settings_faults import SettingsError


@pytest.mark.parametrize(
    ("text", "kept"), [("730 d", timedelta(days=730)), ("30d", timedelta(days=30)), ("", None), (" ", None)]
)
def test_a_duration_or_for_ever(monkeypatch: pytest.MonkeyPatch, text: str, kept: timedelta | None) -> None:
    monkeypatch.setenv("AUDIT_KEEP", text)
    assert Settings.load(_env_file=None).audit_keep == kept


@pytest.mark.parametrize("text", ["29 d", "0 d", "-30 d", "2 years", "P730D", "730"])
def test_anything_else_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AUDIT_KEEP", text)
    with pytest.raises(SettingsError, match="AUDIT_KEEP"):
        Settings.load(_env_file=None)
