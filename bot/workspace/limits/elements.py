"""Block elements and where each may stand (facts/slack.md 2.3; the element pages of Slack's reference)."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.limits.objects import (
    ACTION_ID,
    BOX_OPTION,
    CONFIRM,
    DISPATCH_CONFIG,
    GROUPS,
    MENU,
    MENU_OPTION,
    MENU_OPTIONS,
    OVERFLOW_OPTION,
    initial_among_options,
    plain_text,
)
from bot.workspace.limits.rich_text import RICH_TEXT
from bot.workspace.limits.rules import (
    Problem,
    Rule,
    boolean,
    choice,
    exactly_one,
    integer,
    many,
    record,
    string,
    url,
    wrong,
)

_ID = {"action_id": ACTION_ID}
_MENU = {**_ID, "confirm": CONFIRM, "focus_on_load": boolean, "placeholder": plain_text(150)}
_MULTI = {**_MENU, "max_selected_items": integer(least=1)}
_BOXES = {**_ID, "confirm": CONFIRM, "focus_on_load": boolean}
_TYPED = {
    **_ID,
    "placeholder": plain_text(150),
    "dispatch_action_config": DISPATCH_CONFIG,
    "focus_on_load": boolean,
}
_VALUE = string()
_USER, _CONVERSATION = string(least=1, most=255), string(least=1, most=255)
_FILTER = record(
    {},
    {
        "include": many(choice("im", "mpim", "private", "public"), least=1),
        "exclude_bot_users": boolean,
        "exclude_external_shared_channels": boolean,
    },
)
_DATE = string(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", expected="date")
_TIME = string(pattern=r"([01]\d|2[0-3]):[0-5]\d", expected="time")
_NUMBER = string(pattern=r"-?\d+(\.\d+)?", expected="number")
_CONVERSATION_MENU = {"default_to_current_conversation": boolean, "filter": _FILTER}


def _lengths_in_order(element: Any, at: str) -> Iterator[Problem]:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield wrong("min_length must not be greater than max_length", f"{at}/min_length")


IMAGE = record(
    {"alt_text": string(least=1, most=2000)},
    {
        "image_url": url(),
        "slack_file": record({}, {"id": string(least=1), "url": url()}, also=exactly_one("id", "url")),
    },
    also=exactly_one("image_url", "slack_file"),
)

BUTTON = record(
    {"text": plain_text(75)},
    {
        **_ID,
        "url": url(),
        "value": string(most=2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(most=75),
        "agent_prompt": string(most=4000),
        "agent_prompt_display": string(),
        "visible_to_user_ids": many(_USER),
    },
)

_FEEDBACK = record(
    {"text": plain_text(75), "value": string(least=1, most=2000)},
    {"accessibility_label": string(most=75)},
)

_INPUTS = many(record({"name": string(), "value": string()}))
_WORKFLOW = record({"trigger": record({"url": url()}, {"customizable_input_parameters": _INPUTS})})

ELEMENTS: dict[str, Rule] = {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": record({"options": many(OVERFLOW_OPTION, least=1, most=5)}, {**_ID, "confirm": CONFIRM}),
    "checkboxes": record(
        {"options": many(BOX_OPTION, least=1, most=10)},
        {**_BOXES, "initial_options": many(BOX_OPTION, least=1, most=10)},
        also=initial_among_options,
    ),
    "radio_buttons": record(
        {"options": many(BOX_OPTION, least=1, most=10)},
        {**_BOXES, "initial_option": BOX_OPTION},
        also=initial_among_options,
    ),
    "static_select": record(
        {},
        {**_MENU, "options": MENU_OPTIONS, "option_groups": GROUPS, "initial_option": MENU_OPTION},
        also=MENU,
    ),
    "multi_static_select": record(
        {},
        {**_MULTI, "options": MENU_OPTIONS, "option_groups": GROUPS, "initial_options": many(MENU_OPTION, least=1)},
        also=MENU,
    ),
    "external_select": record({}, {**_MENU, "min_query_length": integer(least=0), "initial_option": MENU_OPTION}),
    "multi_external_select": record(
        {},
        {**_MULTI, "min_query_length": integer(least=0), "initial_options": many(MENU_OPTION, least=1, most=100)},
    ),
    "users_select": record({}, {**_MENU, "initial_user": _USER}),
    "multi_users_select": record({}, {**_MULTI, "initial_users": many(_USER, least=1)}),
    "conversations_select": record(
        {},
        {**_MENU, **_CONVERSATION_MENU, "initial_conversation": _CONVERSATION, "response_url_enabled": boolean},
    ),
    "multi_conversations_select": record(
        {},
        {**_MULTI, **_CONVERSATION_MENU, "initial_conversations": many(_CONVERSATION, least=1)},
    ),
    "channels_select": record({}, {**_MENU, "initial_channel": _CONVERSATION, "response_url_enabled": boolean}),
    "multi_channels_select": record({}, {**_MULTI, "initial_channels": many(_CONVERSATION, least=1)}),
    "datepicker": record({}, {**_MENU, "initial_date": _DATE}),
    "timepicker": record({}, {**_MENU, "initial_time": _TIME, "timezone": string(least=1)}),
    "datetimepicker": record({}, {**_BOXES, "initial_date_time": integer(least=1_000_000_000, most=9_999_999_999)}),
    "plain_text_input": record(
        {},
        {
            **_TYPED,
            "initial_value": string(most=3000),
            "multiline": boolean,
            "min_length": integer(least=0, most=3000),
            "max_length": integer(least=1, most=3000),
        },
        also=_lengths_in_order,
    ),
    "email_text_input": record({}, {**_TYPED, "initial_value": _VALUE}),
    "url_text_input": record({}, {**_TYPED, "initial_value": _VALUE}),
    "number_input": record(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "rich_text_input": record(
        {},
        {
            **_TYPED,
            "initial_value": RICH_TEXT,
            "min_lines": integer(least=1, most=100),
            "max_lines": integer(least=1, most=100),
        },
    ),
    "file_input": record(
        {},
        {**_ID, "filetypes": many(string(least=1), least=1), "max_files": integer(least=1, most=10)},
    ),
    "feedback_buttons": record({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ID),
    "icon_button": record(
        {"icon": choice("trash"), "text": plain_text(75)},
        {
            **_ID,
            "value": string(most=2000),
            "confirm": CONFIRM,
            "accessibility_label": string(most=75),
            "visible_to_user_ids": many(_USER),
        },
    ),
    "workflow_button": record(
        {"text": plain_text(75), "workflow": _WORKFLOW},
        {**_ID, "style": choice("primary", "danger"), "accessibility_label": string(most=75)},
    ),
}

_SINGLE = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTIPLE = tuple(f"multi_{name}" for name in _SINGLE)
_PICK = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
_TEXT = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")

IN_SECTION = ("button", "image", "overflow", "workflow_button", *_PICK, *_SINGLE, *_MULTIPLE)
IN_ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *_PICK, *_SINGLE)
IN_INPUT = ("datetimepicker", *_PICK, *_SINGLE, *_MULTIPLE, *_TEXT)
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")


def only(*names: str) -> dict[str, Rule]:
    """The rules of these element types."""
    return {name: ELEMENTS[name] for name in names}
