from typing import Any

import pytest

from bot.workspace.limits import validate_message, validate_options, validate_view
from tests.support.block_samples import (
    Json,
    actions,
    button,
    card,
    container,
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


@pytest.mark.parametrize(
    ("kept", "broken", "at"),
    [
        ({"title": plain(24)}, {"title": plain(25)}, "/title/text"),
        ({"submit": plain(24)}, {"submit": plain(25)}, "/submit/text"),
        ({"close": plain(24)}, {"close": plain(25)}, "/close/text"),
        ({"private_metadata": "m" * 3000}, {"private_metadata": "m" * 3001}, "/private_metadata"),
        ({"callback_id": "c" * 255}, {"callback_id": "c" * 256}, "/callback_id"),
        ({"external_id": "e" * 255}, {"external_id": "e" * 256}, "/external_id"),
        ({"blocks": [section()] * 100}, {"blocks": [section()] * 101}, "/blocks"),
        ({"title": plain()}, {"title": mrkdwn()}, "/title/type"),
        ({}, {"hash": "1.2"}, ""),
    ],
)
def test_a_view_is_taken_at_its_limit_and_refused_one_beyond(kept: Json, broken: Json, at: str) -> None:
    assert validate_view(modal(**kept)) == []
    assert pointers(validate_view(modal(**broken))) == [f"/view{at}"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (section(emoji=True), "invalid additional property: emoji"),
        (section(text={**mrkdwn(), "emoji": True}), "invalid additional property: emoji"),
        (section(text={**plain(), "verbatim": True}), "invalid additional property: verbatim"),
        ({"type": "section"}, "must provide at least one of: text, fields"),
        ({"type": "header", "text": mrkdwn()}, "unsupported type: mrkdwn"),
        ({"type": "shiny"}, "unsupported type: shiny"),
        ({}, "missing required field: type"),
        ({"type": "image", "image_url": "https://x"}, "missing required field: alt_text"),
        ({"type": "image", "alt_text": "a"}, "must provide exactly one of: image_url, slack_file"),
        (section(accessory=button(text=mrkdwn())), "unsupported type: mrkdwn"),
        (section(accessory=typed()), "unsupported type: plain_text_input"),
        (actions(typed()), "unsupported type: plain_text_input"),
        (actions(typed("multi_static_select", options=options(1))), "unsupported type: multi_static_select"),
        (field(button()), "unsupported type: button"),
        (section(accessory=button(value=3)), "must provide a string"),
        (section(accessory=button(url="no address")), "must be a valid url"),
        (section(accessory=typed("static_select")), "must provide exactly one of: options, option_groups"),
        (section(accessory=select(option_groups=groups(1))), "must provide exactly one of: options, option_groups"),
        (section(accessory=select(initial_option=option(1, 2))), "must be one of the provided options"),
        (section(accessory=select(options=[{"text": mrkdwn(), "value": "v"}])), "unsupported type: mrkdwn"),
        (section(accessory=button(confirm={"title": plain()})), "missing required field: text"),
        (field(typed("file_input"), dispatch_action=True), "dispatch_action is not allowed for file_input"),
        ("text", "must provide an object"),
    ],
)
def test_what_does_not_belong_is_refused_by_name(block: Any, message: str) -> None:
    assert message in [one.message for one in validate_message({"blocks": [block]})]


def test_block_ids_are_unique_in_a_message_and_action_ids_in_a_block() -> None:
    same = validate_message({"blocks": [section(block_id="b"), section(block_id="b")]})
    assert pointers(same) == ["/blocks/1/block_id"]
    twice = validate_message({"blocks": [actions(button(action_id="a"), button(action_id="a"))]})
    assert pointers(twice) == ["/blocks/0/elements/1/action_id"]
    apart = [actions(button(action_id="a")), actions(button(action_id="a"))]
    assert validate_message({"blocks": apart}) == []
    assert pointers(validate_view(modal(blocks=[section(block_id="b")] * 2))) == ["/view/blocks/1/block_id"]


def test_only_one_element_may_ask_for_the_focus() -> None:
    fields = [field(typed(focus_on_load=True, action_id=str(number))) for number in range(2)]
    assert pointers(validate_view(modal(blocks=fields))) == ["/view/blocks/1/element/focus_on_load"]


def test_a_modal_with_inputs_needs_a_submit_button() -> None:
    view = modal(blocks=[field()])
    del view["submit"]
    assert [one.line for one in validate_view(view)] == ["[ERROR] missing required field: submit [json-pointer:/view]"]


@pytest.mark.parametrize("block", [{"type": "markdown", "text": "x"}, card(), container()])
def test_some_blocks_stand_in_messages_only(block: Json) -> None:
    assert validate_message({"blocks": [block]}) == []
    assert pointers(validate_view(modal(blocks=[block]))) == ["/view/blocks/0/type"]


def test_a_file_input_stands_in_modals_only() -> None:
    block = field(typed("file_input", max_files=10))
    assert validate_view(modal(blocks=[block])) == []
    assert validate_message({"blocks": [block]})
    assert validate_view({"type": "home", "blocks": [block]})
    assert validate_view(modal(blocks=[field(typed("file_input", max_files=11))]))


def test_a_home_has_no_title_and_a_method_wants_its_kind_of_view() -> None:
    assert validate_view({"type": "home", "blocks": []}) == []
    assert validate_view({"type": "home", "blocks": [], "title": plain()})
    assert pointers(validate_view(modal(), kind="home")) == ["/view/type"]


def test_a_view_above_250_kB_is_too_large() -> None:  # noqa: N802 - kB is written so
    small = modal(blocks=[section(text=mrkdwn(2400)) for _ in range(100)])
    assert validate_view(small) == []
    assert (
        validate_view({**small, "blocks": [section(text=mrkdwn(2500)) for _ in range(100)]})[0].code == "view_too_large"
    )


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x", "blocks": {}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section()] * 51}, "invalid_blocks"),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"text": "x", "attachments": "a"}, "invalid_attachments"),
        ({"markdown_text": "x", "text": "x"}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2}, "only_one_table_allowed"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a", "event_payload": {"b": "c" * 16_000}}}, "metadata_too_large"),
        ({"blocks": [{"type": "markdown", "text": "x" * 6001}] * 2}, "invalid_blocks"),
        ([], "invalid_arguments"),
    ],
)
def test_a_message_is_refused_under_slacks_own_name(payload: Any, code: str) -> None:
    assert validate_message(payload)[0].code == code


def test_a_message_at_every_limit_is_taken() -> None:
    assert (
        validate_message({"text": "x" * 50_000, "blocks": [section()] * 50, "attachments": [{"text": "a"}] * 100}) == []
    )
    assert validate_message({"text": "x" * 4000}, text_limit=4000) == []
    assert validate_message({"text": "x" * 4001}, text_limit=4000)[0].code == "msg_too_long"
    assert validate_message({"text": "x", "metadata": {"event_type": "a", "event_payload": {"b": 1}}}) == []


def test_a_problem_reads_as_in_slacks_answers() -> None:
    (problem,) = validate_message({"blocks": [section(text=mrkdwn(3001))]})
    assert problem.line == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


def test_an_app_offers_at_most_a_hundred_options() -> None:
    assert validate_options({"options": options(100)}) == []
    assert validate_options({"options": []}) == []
    assert validate_options({"option_groups": groups(2)}) == []
    assert validate_options({"options": options(101)})
    assert validate_options({"options": options(1), "option_groups": groups(1)})
    assert validate_options({})
    assert validate_options("nonsense")
