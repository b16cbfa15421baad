"""What Slack's user object says about a person, on the payloads of shared/wire/slack."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.directory.slack_people import standing_of
from bot.domain.people import Standing

WIRE = Path(__file__).resolve().parents[3].parent / "shared" / "wire" / "slack"
MEMBER: dict[str, Any] = json.loads((WIRE / "api.users_info.response.json").read_text())["user"]


def with_(**fields: object) -> dict[str, Any]:
    return {**MEMBER, "is_restricted": False, "is_ultra_restricted": False, "deleted": False, "is_bot": False, **fields}


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        (with_(), Standing.MEMBER),
        (with_(is_restricted=True), Standing.GUEST),
        (with_(is_restricted=True, is_ultra_restricted=True), Standing.GUEST),
        (with_(is_invited_user=True), Standing.GUEST),
        (with_(is_bot=True), Standing.BOT),
        (with_(id="USLACKBOT"), Standing.BOT),
        (with_(deleted=True), Standing.DELETED),
        (with_(team_id="T0OTHER"), Standing.OTHER_ORGANISATION),
        (with_(team_id="T0OTHER", is_stranger=False), Standing.OTHER_ORGANISATION),
    ],
)
def test_only_a_full_member_of_the_workspace_is_a_member(user: dict[str, Any], standing: Standing) -> None:
    """facts/slack.md, 5: guests of both kinds, bots, deleted users and others' users never get in."""
    assert standing_of(user, installed_team_id=MEMBER["team_id"]) is standing
