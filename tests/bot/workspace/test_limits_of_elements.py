import pytest

from bot.workspace.limits import validate_message, validate_view
from tests.support.block_samples import (
    Json,
    button,
    confirm,
    field,
    groups,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    pointers,
    section,
    select,
    typed,
)

# The same for elements, shown as the accessory of a section or as an input's element; the pointer is below the element.
ELEMENT_LIMITS: list[tuple[str, Json, Json, str]] = [
    ("action_id", button(action_id="a" * 255), button(action_id="a" * 256), "/action_id"),
    ("button text", button(text=plain(75)), button(text=plain(76)), "/text/text"),
    ("button value", button(value="v" * 2000), button(value="v" * 2001), "/value"),
    ("button url", button(url="https:" + "x" * 2994), button(url="https:" + "x" * 2995), "/url"),
    (
        "button label",
        button(accessibility_label="a" * 75),
        button(accessibility_label="a" * 76),
        "/accessibility_label",
    ),
    ("button style", button(style="danger"), button(style="default"), "/style"),
    ("button prompt", button(agent_prompt="a" * 4000), button(agent_prompt="a" * 4001), "/agent_prompt"),
    (
        "confirm title",
        button(confirm=confirm(title=plain(100))),
        button(confirm=confirm(title=plain(101))),
        "/confirm/title/text",
    ),
    (
        "confirm text",
        button(confirm=confirm(text=mrkdwn(300))),
        button(confirm=confirm(text=mrkdwn(301))),
        "/confirm/text/text",
    ),
    (
        "confirm yes",
        button(confirm=confirm(confirm=plain(30))),
        button(confirm=confirm(confirm=plain(31))),
        "/confirm/confirm/text",
    ),
    (
        "confirm no",
        button(confirm=confirm(deny=plain(30))),
        button(confirm=confirm(deny=plain(31))),
        "/confirm/deny/text",
    ),
    ("confirm style", button(confirm=confirm(style="danger")), button(confirm=confirm(style="red")), "/confirm/style"),
    ("option text", select(options=[option(75)]), select(options=[option(76)]), "/options/0/text/text"),
    ("option value", select(options=[option(1, 150)]), select(options=[option(1, 151)]), "/options/0/value"),
    (
        "option description",
        select(options=[option(description=plain(75))]),
        select(options=[option(description=plain(76))]),
        "/options/0/description/text",
    ),
    ("select options", select(options=options(100)), select(options=options(101)), "/options"),
    ("no options", select(options=options(1)), select(options=[]), "/options"),
    (
        "groups",
        {"type": "static_select", "option_groups": groups(100)},
        {"type": "static_select", "option_groups": groups(101)},
        "/option_groups",
    ),
    (
        "group options",
        {"type": "static_select", "option_groups": groups(1, 100)},
        {"type": "static_select", "option_groups": groups(1, 101)},
        "/option_groups/0/options",
    ),
    (
        "group label",
        {"type": "static_select", "option_groups": groups(1, 1, 75)},
        {"type": "static_select", "option_groups": groups(1, 1, 76)},
        "/option_groups/0/label/text",
    ),
    ("placeholder", select(placeholder=plain(150)), select(placeholder=plain(151)), "/placeholder/text"),
    ("overflow", typed("overflow", options=options(5)), typed("overflow", options=options(6)), "/options"),
    ("empty overflow", typed("overflow", options=options(1)), typed("overflow", options=[]), "/options"),
    (
        "overflow url",
        typed("overflow", options=[option(url="https:" + "x" * 2994)]),
        typed("overflow", options=[option(url="https:" + "x" * 2995)]),
        "/options/0/url",
    ),
    ("checkboxes", typed("checkboxes", options=options(10)), typed("checkboxes", options=options(11)), "/options"),
    (
        "radio buttons",
        typed("radio_buttons", options=options(10)),
        typed("radio_buttons", options=options(11)),
        "/options",
    ),
    (
        "selected items",
        typed("multi_static_select", options=options(2), max_selected_items=1),
        typed("multi_static_select", options=options(2), max_selected_items=0),
        "/max_selected_items",
    ),
    (
        "external query",
        typed("external_select", min_query_length=0),
        typed("external_select", min_query_length=-1),
        "/min_query_length",
    ),
    (
        "date",
        typed("datepicker", initial_date="2026-11-22"),
        typed("datepicker", initial_date="22.11.2026"),
        "/initial_date",
    ),
    ("time", typed("timepicker", initial_time="13:37"), typed("timepicker", initial_time="25:00"), "/initial_time"),
]

INPUT_LIMITS: list[tuple[str, Json, Json, str]] = [
    ("longest", typed(max_length=3000), typed(max_length=3001), "/max_length"),
    ("shortest", typed(min_length=3000), typed(min_length=3001), "/min_length"),
    ("lengths in order", typed(min_length=2, max_length=2), typed(min_length=3, max_length=2), "/min_length"),
    ("initial value", typed(initial_value="x" * 3000), typed(initial_value="x" * 3001), "/initial_value"),
    ("rich lines", typed("rich_text_input", max_lines=100), typed("rich_text_input", max_lines=101), "/max_lines"),
    (
        "number",
        typed("number_input", is_decimal_allowed=True, min_value="1.5"),
        typed("number_input", is_decimal_allowed=True, min_value="x"),
        "/min_value",
    ),
    (
        "date and time",
        typed("datetimepicker", initial_date_time=1628633820),
        typed("datetimepicker", initial_date_time=1),
        "/initial_date_time",
    ),
    (
        "dispatch",
        typed(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
        typed(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "/dispatch_action_config/trigger_actions_on/0",
    ),
]


@pytest.mark.parametrize(
    ("kept", "broken", "at"), [row[1:] for row in ELEMENT_LIMITS], ids=[row[0] for row in ELEMENT_LIMITS]
)
def test_an_element_is_taken_at_its_limit_and_refused_one_beyond(kept: Json, broken: Json, at: str) -> None:
    assert validate_message({"blocks": [section(accessory=kept)]}) == []
    problems = validate_message({"blocks": [section(accessory=broken)]})
    assert set(pointers(problems)) == {f"/blocks/0/accessory{at}"}
    assert {one.code for one in problems} == {"invalid_blocks"}


@pytest.mark.parametrize(
    ("kept", "broken", "at"), [row[1:] for row in INPUT_LIMITS], ids=[row[0] for row in INPUT_LIMITS]
)
def test_an_input_is_taken_at_its_limit_and_refused_one_beyond(kept: Json, broken: Json, at: str) -> None:
    assert validate_view(modal(blocks=[field(kept)])) == []
    problems = validate_view(modal(blocks=[field(broken)]))
    assert set(pointers(problems)) == {f"/view/blocks/0/element{at}"}
    assert {one.code for one in problems} == {"invalid_arguments"}


@pytest.mark.parametrize(
    "element",
    [
        typed("users_select", initial_user="U1"),
        typed("multi_users_select", initial_users=["U1"]),
        typed("conversations_select", default_to_current_conversation=True, filter={"include": ["im"]}),
        typed("multi_conversations_select", initial_conversations=["C1"]),
        typed("channels_select", initial_channel="C1", response_url_enabled=True),
        typed("multi_channels_select", initial_channels=["C1"]),
        typed("external_select", initial_option=option()),
        typed("multi_external_select", initial_options=[option()], min_query_length=1),
        typed("email_text_input", initial_value="a@b.c"),
        typed("url_text_input", placeholder=plain()),
        typed("rich_text_input", initial_value={"type": "rich_text", "elements": []}),
        typed("radio_buttons", options=[{"text": mrkdwn(), "value": "v"}]),
        typed("checkboxes", options=options(2), initial_options=options(2)),
    ],
)
def test_every_input_of_the_reference_is_taken(element: Json) -> None:
    assert validate_view(modal(blocks=[field(element)])) == []
