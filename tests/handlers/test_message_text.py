"""What can be read in a message, whoever wrote it (issue 5, 2)."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.finding.clues import clues_in
from handlers.shortcuts.message_text import message_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["text", "blocks", "url", "x"]), inner),
    max_leaves=30,
)


def test_a_person_wrote_the_text() -> None:
    """Blocks of a person's message say the same once more."""
    message = {"text": "ask <mailto:a@contoso.de|a@contoso.de>", "blocks": [{"text": "other.example"}]}
    assert message_text(message) == "ask <mailto:a@contoso.de|a@contoso.de>"


def test_an_app_writes_blocks_and_attachments() -> None:
    """A ticket system's message says whose ticket it is wherever it likes."""
    link = {"type": "link", "url": "https://tickets.example/4711"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
    message = {
        "bot_id": "B1",
        "text": "New ticket",
        "blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "anna@contoso.de"}]}, rich],
        "attachments": [{"fallback": "x", "fields": [{"title": "Tenant", "value": "fabrikam.example"}]}],
    }
    assert set(clues_in(message_text(message)).domains) == {"contoso.de", "fabrikam.example", "tickets.example"}


def test_a_message_without_text_is_read_in_its_blocks() -> None:
    """As messages that carry blocks alone."""
    assert "contoso.de" in message_text({"text": "", "blocks": [{"type": "header", "text": {"text": "contoso.de"}}]})


@given(message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "bot_id"]), JSON))
def test_any_message_can_be_read(message: dict[str, Any]) -> None:
    """Whatever is in it."""
    clues_in(message_text(message))


def test_a_message_that_is_nested_without_end_is_read_as_far_as_it_makes_sense() -> None:
    """Made by hand, to break things."""
    deep: dict[str, Any] = {"text": "contoso.de"}
    for _ in range(5_000):
        deep = {"elements": [deep]}
    assert message_text({"bot_id": "B", "text": "x", "blocks": [deep]}) == "x"
    wide = [{"text": f"d{number}.example"} for number in range(5_000)]
    assert len(message_text({"bot_id": "B", "blocks": wide})) < 12_000
