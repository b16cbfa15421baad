"""Text, options and confirm dialogs (facts/slack.md 2.2, 2.3)."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.limits.rules import (
    Problem,
    Rule,
    boolean,
    both,
    by_type,
    choice,
    exactly_one,
    many,
    record,
    string,
    url,
    wrong,
)

TEXT = 3000
ACTION_ID = string(most=255, least=1)
BLOCK_ID = string(most=255, least=1)


def plain_text(most: int = TEXT) -> Rule:
    """A `plain_text` object of 1 to `most` characters."""
    return by_type({"plain_text": record({"text": string(least=1, most=most)}, {"emoji": boolean})})


def any_text(most: int = TEXT) -> Rule:
    """A `plain_text` (may have `emoji`) or `mrkdwn` (may have `verbatim`) object of 1 to `most` characters."""
    return by_type(
        {
            "plain_text": record({"text": string(least=1, most=most)}, {"emoji": boolean}),
            "mrkdwn": record({"text": string(least=1, most=most)}, {"verbatim": boolean}),
        },
    )


CONFIRM = record(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": choice("primary", "danger")},
)

DISPATCH_CONFIG = record(
    {},
    {"trigger_actions_on": many(choice("on_enter_pressed", "on_character_entered"), least=1, most=2)},
)


def option(*, text: Rule, with_url: bool = False) -> Rule:
    """An option: text 75, value 150, description 75; `url` (3000) in overflow menus only."""
    extra = {"url": url()} if with_url else {}
    return record({"text": text, "value": string(most=150, least=1)}, {"description": text, **extra})


MENU_OPTION = option(text=plain_text(75))
BOX_OPTION = option(text=any_text(75))
OVERFLOW_OPTION = option(text=plain_text(75), with_url=True)
MENU_OPTIONS = many(MENU_OPTION, least=1, most=100)
GROUPS = many(record({"label": plain_text(75), "options": MENU_OPTIONS}), least=1, most=100)


def offered(element: Any) -> list[Any]:
    """Every option that an element carries, in or out of groups."""
    groups = element.get("option_groups")
    lists = [group.get("options") for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    return [one for options in [element.get("options"), *lists] if isinstance(options, list) for one in options]


def _same(one: Any, other: Any) -> bool:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return False
    texts = [side.get("text", {}) for side in (one, other)]
    return bool(one.get("value") == other.get("value") and texts[0].get("text") == texts[1].get("text"))


def initial_among_options(element: Any, at: str) -> Iterator[Problem]:
    """`initial_option(s)` repeat options of the element exactly."""
    single, several = element.get("initial_option"), element.get("initial_options")
    pairs = [("initial_option", single)] if single is not None else []
    pairs += [(f"initial_options/{number}", one) for number, one in enumerate(several or [])]
    for name, value in pairs:
        if not any(_same(value, one) for one in offered(element)):
            yield wrong("must be one of the provided options", f"{at}/{name}")


MENU = both(exactly_one("options", "option_groups"), initial_among_options)
