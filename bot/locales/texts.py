"""The words of one reader: sentences, numbers, dates. The English sentence is the msgid (gettext)."""

import gettext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

_TOO_LONG: Final = 10**15
"""From here on a number is garbage that somebody sent; Babel would fail on it."""

_WRITTEN_ALIKE: Final = 1000
"""Below it English and German write a number as Python does, and most numbers are; Babel takes long for each."""


def msg(msgid: str, /) -> str:
    """Mark a sentence that stands in a table and is translated later, by `Texts.t(TABLE[key])`."""
    return msgid


@dataclass(frozen=True, slots=True)
class Texts:
    """One language in one region. `language` is `de` or `en`; `locale` gives the forms of dates and numbers.

    What comes back is plain text: whoever puts it into mrkdwn escapes it (handlers/blocks/text.py).
    """

    language: str
    locale: Locale
    catalogue: gettext.NullTranslations

    def t(self, msgid: str, /, **values: object) -> str:
        """The sentence with its `{placeholders}` filled. Whole numbers are written as the reader writes them."""
        return self.catalogue.gettext(msgid).format_map(self._shown(values))

    def n(self, singular: str, plural: str, /, *, count: int, **values: object) -> str:
        """The sentence for this many; `{count}` is the number."""
        return self.catalogue.ngettext(singular, plural, count).format_map(self._shown({**values, "count": count}))

    def template(self, msgid: str, /) -> str:
        """The sentence with its placeholders still open."""
        return self.catalogue.gettext(msgid)

    def plural_template(self, singular: str, plural: str, /, *, count: int) -> str:
        """The sentence for this many, with its placeholders still open."""
        return self.catalogue.ngettext(singular, plural, count)

    def number(self, value: int) -> str:
        """A whole number: `1,250` or `1.250`."""
        if _WRITTEN_ALIKE > value >= 0:
            return str(value)
        return str(format_decimal(value, locale=self.locale)) if abs(value) < _TOO_LONG else str(value)

    def date(self, day: date) -> str:
        """A day: `Mar 31, 2027` or `31.03.2027`."""
        return str(format_date(day, format="medium", locale=self.locale))

    def instant(self, at: datetime) -> str:
        """An instant in UTC, and saying so. Where Slack's own date format works, use that."""
        return f"{format_datetime(at.astimezone(UTC), 'short', locale=self.locale)} UTC".replace("\u202f", " ")

    def names(self, items: list[str]) -> str:
        """Several things in a row: `a, b and c`."""
        return str(format_list(items, style="standard", locale=self.locale))

    def any_of(self, items: list[str]) -> str:
        """A choice of things: `a, b or c`."""
        return str(format_list(items, style="or", locale=self.locale))

    def _shown(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self.number(value) if type(value) is int else value for name, value in values.items()}
