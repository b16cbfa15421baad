"""The gettext catalogues, read from their .po files and compiled in memory: no compiled file can be out of date."""

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.locales.texts import Texts

DOMAIN: Final = "upgrade_desk"
SOURCE_LANGUAGE: Final = "en"
TRANSLATED: Final = ("de",)
_KEPT: Final = 64


@dataclass(slots=True)
class Catalogues:
    """Every language we speak. German readers get German, everybody else English."""

    translations: Mapping[str, gettext.NullTranslations]
    _made: dict[str, Texts] = field(default_factory=dict)

    def for_locale(self, locale: str | None) -> Texts:
        """The words for a Slack locale such as `de-AT`. Never fails: what is not known is read in English."""
        key = (locale or SOURCE_LANGUAGE).replace("_", "-")[:35]
        found = self._made.get(key)
        if found is None:
            found = self._make(key)
            if len(self._made) < _KEPT:
                self._made[key] = found
        return found

    def _make(self, key: str) -> Texts:
        language = key.split("-", maxsplit=1)[0].lower()
        if language not in self.translations:
            return self._make(SOURCE_LANGUAGE)
        try:
            locale = Locale.parse(key, sep="-")
        except (UnknownLocaleError, ValueError):
            locale = Locale(language)
        return Texts(language, locale, self.translations[language])


def read_catalogue(language: str) -> Catalog:
    """The .po file of a language, as it stands in the package."""
    source = files("bot.locales") / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    return read_po(io.BytesIO(source.read_bytes()), locale=language, domain=DOMAIN, abort_invalid=True)


def compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    """A catalogue as gettext looks it up. Fuzzy entries are left out: the gate refuses them anyway."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


def load() -> Catalogues:
    """Read every language. Raises on a catalogue that is damaged."""
    translated = {language: compiled(read_catalogue(language)) for language in TRANSLATED}
    return Catalogues({SOURCE_LANGUAGE: gettext.NullTranslations(), **translated})
