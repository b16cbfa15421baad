import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.toml_lines import line_of, lines_of, syntax_fault

TEXT = '''# a comment = with a sign
title = "x"
[actions]
look = ["a",  # not ] the end
  "b",
  "c"]
"quoted key" = 1
long = """
[not.a.table]
key = 2
"""
[[offer]]
key = "one"
[offer.name]
en = "One"
[[offer]]
key = "two"
name = { en = "Two", de = "Zwei, [drei]" }
rows = [[1, 2],
  [3]]
a.b.c = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("actions",), 3),
        (("actions", "look"), 4),
        (("actions", "look", 0), 4),
        (("actions", "look", 2), 6),
        (("actions", "quoted key"), 7),
        (("actions", "long"), 8),
        (("offer",), 12),
        (("offer", 0, "key"), 13),
        (("offer", 0, "name", "en"), 15),
        (("offer", 1), 16),
        (("offer", 1, "name", "de"), 18),
        (("offer", 1, "rows", 1, 0), 20),
        (("offer", 1, "a", "b", "c"), 21),
        (("offer", 1, "missing"), 16),
        (("nowhere", "at", "all"), 1),
    ],
)
def test_a_place_is_found_or_else_what_is_around_it(path: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, path) == line


def test_lines_count_the_same_with_windows_line_ends() -> None:
    assert line_of(TEXT.replace("\n", "\r\n"), ("offer", 1, "name")) == 18


def test_a_syntax_fault_tells_its_line() -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads("a = 1\nb = = 2\n")
    assert syntax_fault(caught.value)[0] == 2


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3),
        st.lists(st.text("x#]\"'\\,[ü\n", max_size=5), max_size=4),
        max_size=5,
    )
)
def test_whatever_stands_in_the_values_every_key_and_element_has_its_line(values: dict[str, list[str]]) -> None:
    """Strings with brackets, signs and quotes in them must not lead the scan astray."""
    text, expected, line = "", {}, 1
    for key, texts in values.items():
        text += f"{key} = [\n"
        expected[(key,)] = line
        line += 1
        for at, each in enumerate(texts):
            quoted = each.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            text += f'  "{quoted}", # [{key} = "\n'
            expected[(key, at)] = line
            line += 1
        text += "]\n"
        line += 1
    assert tomllib.loads(text) == values
    assert lines_of(text) == expected
