"""How commands name a Slack user and a workspace."""

import re
from typing import Annotated, Final

import typer

from bot.cli.running import fail, load_settings
from bot.settings import Settings

User = Annotated[str, typer.Argument(help="The Slack user id (U...), from the person's profile: Copy member ID.")]
Team = Annotated[
    str | None, typer.Option(help="The workspace's id (T...); by default the one that SLACK_BOT_TOKEN belongs to.")
]
_USER: Final = re.compile(r"[UW][A-Z0-9]{2,30}")
_TEAM: Final = re.compile(r"T[A-Z0-9]{2,30}")


def settings_for(user: str, team: str | None) -> Settings:
    """The settings, once the ids look like ids; else it ends with a sentence and code 2."""
    if not _USER.fullmatch(user):
        fail(f"{user} is no Slack user id; it begins with U, such as U0123456789.", code=2)
    if team is not None and not _TEAM.fullmatch(team):
        fail(f"{team} is no workspace id; it begins with T, such as T0123456789.", code=2)
    return load_settings()
