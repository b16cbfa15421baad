import pytest

from bot.workspace.limits import validate_message
from tests.support.block_samples import (
    Json,
    actions,
    button,
    card,
    container,
    feedback,
    field,
    image,
    mrkdwn,
    plain,
    pointers,
    section,
    video,
)

# Each row: what the limit is of, a block that keeps it, one that breaks it by one, and where the breach is.
BLOCK_LIMITS: list[tuple[str, Json, Json, str]] = [
    ("block_id", section(block_id="b" * 255), section(block_id="b" * 256), "/block_id"),
    ("section text", section(text=mrkdwn(3000)), section(text=mrkdwn(3001)), "/text/text"),
    ("empty text", section(text=mrkdwn(1)), section(text=mrkdwn(0)), "/text/text"),
    ("section fields", section(fields=[mrkdwn()] * 10), section(fields=[mrkdwn()] * 11), "/fields"),
    ("a field", section(fields=[mrkdwn(2000)]), section(fields=[mrkdwn(2001)]), "/fields/0/text"),
    ("header", {"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}, "/text/text"),
    (
        "context elements",
        {"type": "context", "elements": [mrkdwn()] * 10},
        {"type": "context", "elements": [mrkdwn()] * 11},
        "/elements",
    ),
    ("actions elements", actions(*[button()] * 25), actions(*[button()] * 26), "/elements"),
    ("no actions", actions(button()), actions(), "/elements"),
    (
        "context_actions elements",
        {"type": "context_actions", "elements": [feedback(75, 2000)] * 5},
        {"type": "context_actions", "elements": [feedback(75, 2000)] * 6},
        "/elements",
    ),
    (
        "feedback text",
        {"type": "context_actions", "elements": [feedback(75, 1)]},
        {"type": "context_actions", "elements": [feedback(76, 1)]},
        "/elements/0/positive_button/text/text",
    ),
    ("image url", image(image_url="https:" + "x" * 2994), image(image_url="https:" + "x" * 2995), "/image_url"),
    ("image alt text", image(alt_text="a" * 2000), image(alt_text="a" * 2001), "/alt_text"),
    ("image title", image(title=plain(2000)), image(title=plain(2001)), "/title/text"),
    ("input label", field(label=plain(2000)), field(label=plain(2001)), "/label/text"),
    ("input hint", field(hint=plain(2000)), field(hint=plain(2001)), "/hint/text"),
    ("video title", video(title=plain(200)), video(title=plain(201)), "/title/text"),
    ("video author", video(author_name="a" * 50), video(author_name="a" * 51), "/author_name"),
    (
        "markdown block",
        {"type": "markdown", "text": "x" * 12_000},
        {"type": "markdown", "text": "x" * 12_001},
        "/text",
    ),
    (
        "table rows",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 100},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
        "/rows",
    ),
    (
        "table cells",
        {"type": "table", "rows": [[{"type": "raw_number", "value": 1}] * 20]},
        {"type": "table", "rows": [[{"type": "raw_number", "value": 1}] * 21]},
        "/rows/0",
    ),
    (
        "table columns",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]], "column_settings": [{"align": "left"}] * 20},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]], "column_settings": [{"align": "left"}] * 21},
        "/column_settings",
    ),
    ("card title", card(title=plain(150)), card(title=plain(151)), "/title/text"),
    ("card subtitle", card(subtitle=plain(150)), card(subtitle=plain(151)), "/subtitle/text"),
    ("card body", card(body=plain(200)), card(body=plain(201)), "/body/text"),
    (
        "carousel cards",
        {"type": "carousel", "elements": [card()] * 10},
        {"type": "carousel", "elements": [card()] * 11},
        "/elements",
    ),
    (
        "empty carousel",
        {"type": "carousel", "elements": [card()]},
        {"type": "carousel", "elements": []},
        "/elements",
    ),
    (
        "container blocks",
        container(child_blocks=[section()] * 10),
        container(child_blocks=[section()] * 11),
        "/child_blocks",
    ),
    ("container title", container(title=plain(150)), container(title=plain(151)), "/title/text"),
    ("container subtitle", container(subtitle=plain(150)), container(subtitle=plain(151)), "/subtitle/text"),
    ("container width", container(width="full"), container(width="huge"), "/width"),
    (
        "alert level",
        {"type": "alert", "text": plain(), "level": "error"},
        {"type": "alert", "text": plain(), "level": "bad"},
        "/level",
    ),
    (
        "task status",
        {"type": "task_card", "task_id": "1", "title": "t", "status": "complete"},
        {"type": "task_card", "task_id": "1", "title": "t", "status": "done"},
        "/status",
    ),
]


@pytest.mark.parametrize(
    ("kept", "broken", "at"), [row[1:] for row in BLOCK_LIMITS], ids=[row[0] for row in BLOCK_LIMITS]
)
def test_a_block_is_taken_at_its_limit_and_refused_one_beyond(kept: Json, broken: Json, at: str) -> None:
    assert validate_message({"blocks": [kept]}) == []
    found = pointers(validate_message({"blocks": [{"type": "divider"}, broken]}))
    assert found[0] == f"/blocks/1{at}"
