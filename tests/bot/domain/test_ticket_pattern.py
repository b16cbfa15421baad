"""The pattern of ticket numbers: found as `re.search` finds it, in time that grows with the text alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy_file import PolicyError, parse_policy
from bot.domain.ticket_pattern import MOST_STEPS, ticket_pattern

TEXTS = st.text(alphabet="abAB01-. \näÄß\u212a", max_size=12)
ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "B",
        "0",
        "-",
        ".",
        r"\.",
        "[ab]",
        "[^a0]",
        r"\d",
        r"\w",
        r"[^\W\d]",
        r"\s",
        "ä",
        "k",
        "^",
        "$",
        r"\b",
        r"\B",
        r"\Z",
    ]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{0,2}?", "{,2}", "{2,}"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
        inner.map(lambda one: f"(?i:{one})"),
        inner.map(lambda one: f"(?ms:{one})"),
        inner.map(lambda one: f"(?-i:{one})"),
    ),
    max_leaves=6,
)


@settings(max_examples=600, deadline=None)
@given(pattern=PATTERNS, text=TEXTS, flags=st.sampled_from(["", "(?i)", "(?a)", "(?x)", "(?im)"]))
def test_it_finds_what_a_search_of_pythons_own_finds(pattern: str, text: str, flags: str) -> None:
    """The policy's author knows one language of patterns."""
    whole = flags + pattern
    assert ticket_pattern(whole).fits(text) is (re.search(whole, text) is not None)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(a+)+$", "a" * 500 + "!"),
        (r"(a|a)*b", "a" * 500),
        (r"(.*)*(.*)*(.*)*x", "a" * 500),
        (r"(a?){130}a{130}b", "a" * 500),
        (r"\d*\d*\d*\d*x", "1" * 500),
    ],
)
def test_a_pattern_that_pythons_own_search_would_never_end_with_is_answered(pattern: str, text: str) -> None:
    """Nothing is timed here: tried one way after the other, these would outlast every time-out of this suite."""
    assert not ticket_pattern(pattern).fits(text)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "regular expression"),
        ("(" * 3000 + ")" * 3000, "regular expression"),
        ("a{99999999999}", "regular expression"),
        (r"(a)\\1", "reference to a group"),
        (r"(a)?(?(1)b|c)", "reference to a group"),
        ("(?=INC)", "ahead or behind"),
        ("(?<!X)INC", "ahead or behind"),
        ("a*+", "cannot be used"),
        ("(?>a)", "cannot be used"),
        (f"a{{{MOST_STEPS}}}", "too long"),
        ("((a{100}){100}){100}", "too long"),
        ("((a{1,100}){1,100}){1,100}", "too long"),
    ],
)
def test_a_pattern_that_cannot_be_searched_so_is_refused_with_its_line(pattern: str, words: str) -> None:
    """At the start and at a change of the file, not at a press."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(f'[operation]\nticket_pattern = "{pattern}"\n', source="policy.toml")
    assert refused.value.line == 2
    assert words in refused.value.sentence


def test_a_pattern_of_the_policy_is_taken_as_it_stands() -> None:
    policy = parse_policy("[operation]\nticket_pattern = '^(INC|CHG)-\\d{4,}$'\n", source="policy.toml")
    assert policy.operation.ticket_pattern == r"^(INC|CHG)-\d{4,}$"
