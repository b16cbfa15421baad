"""What an app may answer to a `block_suggestion`: at most 100 options or groups (facts/slack.md 1.2, 2.3)."""

from typing import Any

from bot.workspace.limits.objects import GROUPS, MENU_OPTION
from bot.workspace.limits.rules import Problem, exactly_one, many, record

_ANSWER = record(
    {},
    {"options": many(MENU_OPTION, most=100), "option_groups": GROUPS},
    also=exactly_one("options", "option_groups"),
)


def validate_options(payload: Any) -> list[Problem]:
    """All that is wrong with an app's options; no options at all is a legal answer."""
    return list(_ANSWER(payload, ""))
