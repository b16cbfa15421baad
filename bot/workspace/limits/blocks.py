"""Blocks and the surfaces that each may stand on (facts/slack.md 2.1, 2.2; the block pages of Slack's reference)."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.limits.elements import IMAGE, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION, only
from bot.workspace.limits.objects import BLOCK_ID, any_text, plain_text
from bot.workspace.limits.rich_text import RICH_TEXT
from bot.workspace.limits.rules import (
    Problem,
    Rule,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    many,
    record,
    string,
    url,
    wrong,
)

_ID = {"block_id": BLOCK_ID}
MARKDOWN = 12_000


def _no_dispatch_for_files(block: Any, at: str) -> Iterator[Problem]:
    element = block.get("element")
    if block.get("dispatch_action") and isinstance(element, dict) and element.get("type") == "file_input":
        yield wrong("dispatch_action is not allowed for file_input", f"{at}/dispatch_action")


def _number(value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        yield wrong("must provide a number", at)


_TEXTS = {"plain_text": any_text(), "mrkdwn": any_text()}
_CELL = by_type(
    {
        "raw_text": record({"text": string(least=1)}),
        "raw_number": record({"value": _number}, {"text": string()}),
        "rich_text": RICH_TEXT,
    },
)
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})
_BUTTONS = by_type(only("button"))
_CARD = record(
    {},
    {
        **_ID,
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": many(_BUTTONS, least=1, most=25),
    },
    also=at_least_one("hero_image", "title", "actions", "body"),
)
_STATUS = choice("pending", "in_progress", "complete", "error")
_TASK = record(
    {"task_id": string(least=1), "title": string(least=1)},
    {
        **_ID,
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": many(by_type({"url": record({"url": url(), "text": string(least=1)})})),
        "status": _STATUS,
    },
)

EVERYWHERE: dict[str, Rule] = {
    "section": record(
        {},
        {
            **_ID,
            "text": any_text(3000),
            "fields": many(any_text(2000), least=1, most=10),
            "accessory": by_type(only(*IN_SECTION)),
            "expand": boolean,
        },
        also=at_least_one("text", "fields"),
    ),
    "divider": record({}, _ID),
    "header": record({"text": plain_text(150)}, _ID),
    "context": record({"elements": many(by_type({**_TEXTS, "image": IMAGE}), least=1, most=10)}, _ID),
    "actions": record({"elements": many(by_type(only(*IN_ACTIONS)), least=1, most=25)}, _ID),
    "image": record(
        {"alt_text": string(least=1, most=2000)},
        {
            **_ID,
            "image_url": url(),
            "slack_file": record({}, {"id": string(least=1), "url": url()}, also=exactly_one("id", "url")),
            "title": plain_text(2000),
        },
        also=exactly_one("image_url", "slack_file"),
    ),
    "input": record(
        {"label": plain_text(2000), "element": by_type(only(*IN_INPUT))},
        {**_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
        also=_no_dispatch_for_files,
    ),
    "rich_text": RICH_TEXT,
    "video": record(
        {
            "alt_text": string(least=1),
            "video_url": url(),
            "thumbnail_url": url(),
            "title": plain_text(200),
        },
        {
            **_ID,
            "title_url": url(),
            "description": plain_text(200),
            "provider_icon_url": url(),
            "provider_name": string(),
            "author_name": string(most=50),
        },
    ),
    "alert": record({"text": any_text()}, {**_ID, "level": choice("default", "info", "warning", "error", "success")}),
}

_SIMPLE = by_type({name: EVERYWHERE[name] for name in EVERYWHERE if name != "input"})
MESSAGES_ONLY: dict[str, Rule] = {
    "markdown": record({"text": string(least=1, most=MARKDOWN)}, _ID),
    "context_actions": record({"elements": many(by_type(only(*IN_CONTEXT_ACTIONS)), least=1, most=5)}, _ID),
    "table": record(
        {"rows": many(many(_CELL, least=1, most=20), least=1, most=100)},
        {
            **_ID,
            "column_settings": many(_COLUMN, most=20),
        },
    ),
    "card": _CARD,
    "carousel": record({"elements": many(by_type({"card": _CARD}), least=1, most=10)}, _ID),
    "container": record(
        {"child_blocks": many(_SIMPLE, least=1, most=10)},
        {
            **_ID,
            "title": plain_text(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": plain_text(150),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
    "task_card": _TASK,
    "plan": record({"title": string(least=1)}, {**_ID, "tasks": many(by_type({"task_card": _TASK}))}),
}

IN_MESSAGES = by_type({**EVERYWHERE, **MESSAGES_ONLY})
IN_VIEWS = by_type(EVERYWHERE)
