"""What a reader reads: the language, the forms of dates and numbers (issue 2, 7)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.locales import load, msg
from bot.locales.texts import Texts

CATALOGUES = load()
AT = datetime(2026, 11, 22, 15, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de-DE", "de"),
        ("de_AT", "de"),
        ("DE", "de"),
        ("en-GB", "en"),
        ("fr-FR", "en"),
        ("", "en"),
        (None, "en"),
        ("de-" + "x" * 5000, "de"),
        ("../../etc", "en"),
    ],
)
def test_german_readers_get_german_and_everybody_else_english(locale: str | None, language: str) -> None:
    """Whatever Slack says, it never fails."""
    assert CATALOGUES.for_locale(locale).language == language


def german() -> Texts:
    return CATALOGUES.for_locale("de-DE")


def english() -> Texts:
    return CATALOGUES.for_locale("en-US")


def test_sentences_count_in_both_languages() -> None:
    """One seat, two seats."""
    counted = [texts.n("{count} seat", "{count} seats", count=n) for texts in (english(), german()) for n in (1, 1250)]
    assert counted == ["1 seat", "1,250 seats", "1 Lizenz", "1.250 Lizenzen"]


def test_days_and_instants_are_written_as_the_reader_writes_them() -> None:
    """Instants in UTC, and saying so."""
    day = date(2027, 3, 31)
    assert (english().date(day), german().date(day)) == ("Mar 31, 2027", "31.03.2027")
    assert english().instant(AT) == "11/22/26, 2:05 PM UTC"
    assert german().instant(AT.astimezone(UTC)) == "22.11.26, 14:05 UTC"


def test_values_are_filled_in_as_they_are() -> None:
    """Braces in them mean nothing, and a yes is no number."""
    assert english().t(msg("Change {number}"), number="{0} %s {x}") == "Change {0} %s {x}"
    assert english().t("Change {number}", number=True) == "Change True"


def test_numbers_beyond_reason_are_shown_and_do_not_fail() -> None:
    """Somebody sent garbage."""
    assert english().number(10**30) == "1" + "0" * 30


def test_names_in_a_row() -> None:
    """All of them, or any of them."""
    assert german().names(["a", "b", "c"]) == "a, b und c"
    assert german().any_of(["a", "b", "c"]) == "a, b oder c"
