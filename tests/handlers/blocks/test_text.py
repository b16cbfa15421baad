"""The one place where text of others is cleaned, escaped and clamped (design.md, rule 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.blocks.text import Md, clamp, clamp_md, clean, esc, link, mention, plain, unescaped
from tests.handlers.generated import texts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Contoso &amp; Söhne", "Contoso & Söhne"),
        ("<http://contoso.de|contoso.de>", "contoso.de"),
        ("<https://contoso.de>", "contoso.de"),
        ("<mailto:it@contoso.de|it@contoso.de>", "it@contoso.de"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&amp;lt;", "&lt;"),
        ("  Payload Logistics ", "Payload Logistics"),
    ],
)
def test_what_was_typed_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    """Slack escapes three characters and makes links of domains; a doubled escape is undone once."""
    assert unescaped(typed) == meant


@pytest.mark.parametrize(
    "hostile", ["<!channel>", "<@U1>", "<https://x|Approve>", "*bold*", "_it_", "~no~", "`c`", ":smile:"]
)
def test_nothing_can_be_made_of_text_of_others(hostile: str) -> None:
    """No mention, link, formatting or emoji."""
    shown = esc(hostile)
    assert "<" not in shown
    assert not any(mark in shown for mark in ("*", "`", "~", "_", ":smile:"))


@pytest.mark.parametrize("name", ["A*STAR", "snake_case_name", "10:30", "R&D"])
def test_marks_inside_words_stay_as_they_are(name: str) -> None:
    """They format nothing, and people copy names."""
    assert esc(name).replace("&amp;", "&") == name


def test_right_to_left_text_is_isolated_and_marks_of_direction_are_removed() -> None:
    """What stands around it keeps its order."""
    assert esc("שלום") == "\u2068שלום\u2069"
    assert clean("abc\u202ecba\x00\ud800") == "abccba"


@given(text=texts(), most=st.integers(30, 3000))
def test_clamped_mrkdwn_is_never_torn(text: str, most: int) -> None:
    """An entity, a link or a mention is kept whole or left out, and what was opened is closed."""
    whole = Md(f"{mention('U123')} *{esc(text, 3000)}* {link('https://a.example/?b=1&c=2', esc(text, 50))}")
    cut = clamp_md(whole, most)
    assert len(cut) <= most
    assert cut.count("<") == cut.count(">")
    assert cut.count("\u2068") == cut.count("\u2069")
    for at in (at for at, char in enumerate(cut) if char == "&"):
        assert cut[at:].startswith(("&amp;", "&lt;", "&gt;"))


@given(text=texts(), most=st.integers(5, 200))
def test_plain_text_is_never_empty_nor_too_long(text: str, most: int) -> None:
    """Slack refuses both."""
    assert 1 <= len(plain(text, most)) <= most


def test_a_clamp_says_that_it_cut() -> None:
    """By an ellipsis."""
    assert clamp("abcdef", 4) == "abc…"
    assert clamp("abcd", 4) == "abcd"
