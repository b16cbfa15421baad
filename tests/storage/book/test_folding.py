import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.book.folding import KEY_LENGTH, fold, prefixes


def found(name: str, text: str) -> bool:
    return any(key.startswith(start) for key in fold(name) for start in prefixes(text))


@pytest.mark.parametrize(
    "text", ["Müller", "Muller", "Mueller", "MÜLLER", "mu", "mue", "mül", "Mueller G", "u\u0308".join("Mller"[:1])]
)
def test_each_spelling_finds_a_name_with_an_umlaut(text: str) -> None:
    """Any case, umlauts or not (issue 2, 3)."""
    assert found("Müller GmbH", text)


def test_a_name_written_with_ue_is_found_by_its_umlaut_and_is_not_confused_with_others() -> None:
    assert found("Mueller GmbH", "Müller")
    assert not found("Bauer AG", "Baur")
    assert not found("Baumann AG", "Baue")
    assert not found("Muller", "Mueller")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Weiß & Söhne", "WEISS"),
        ("İstanbul Ltd", "istanbul"),
        ("Łódź Sp.", "lodz"),
        ("  Two   Spaces", "two spaces"),
        ("ＦＵＬＬ", "full"),
    ],
)
def test_letters_of_other_kinds_fold_too(name: str, text: str) -> None:
    assert found(name, text)


@given(st.text(min_size=1, max_size=60))
def test_every_name_is_found_by_itself_and_by_its_upper_case(name: str) -> None:
    assert found(name, name)


@given(st.text(max_size=400))
def test_keys_are_bounded_and_hold_nothing_that_a_database_refuses(name: str) -> None:
    for key in fold(name):
        assert len(key) <= KEY_LENGTH
        assert "\0" not in key


@given(st.text(max_size=40))
def test_no_prefix_covers_another(text: str) -> None:
    """Otherwise a customer would come twice."""
    starts = prefixes(text)
    assert starts
    assert not any(a != b and a.startswith(b) for a in starts for b in starts)
