"""The language gate: `python -m bot.locales.check` (design.md, rule 10). A sentence for each fault; exit code 1."""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel.messages.catalog import Catalog, Message

from bot.locales.catalogues import TRANSLATED, read_catalogue
from bot.locales.extract import Malformed, Sentence, sentences_under
from bot.locales.never import missing_from_table, never_words_in

FOLDERS: Final = ("bot", "handlers")
PAGE_TEXTS: Final = Path("bot/workspace/page/texts.json")
OFFERS: Final = Path("bot/eligibility/catalogue.toml")
PAGE_LANGUAGES: Final = ("en", "de")
_PAGE_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def faults(root: Path) -> list[str]:
    """Everything that is wrong with what people read, each as a sentence."""
    found = sentences_under(root, FOLDERS)
    sentences = [each for each in found if isinstance(each, Sentence)]
    return [
        *(f"{each.file}:{each.line}: {each.what}" for each in found if isinstance(each, Malformed)),
        *(fault for language in TRANSLATED for fault in catalogue_faults(read_catalogue(language), sentences)),
        *page_faults(root / PAGE_TEXTS),
        *offer_faults(root / OFFERS),
        *(
            f'screens.md bans "{word}", but bot/locales/never.py does not know it'
            for word in missing_from_table(root.parent / "shared" / "screens.md")
        ),
    ]


def catalogue_faults(catalogue: Catalog, sentences: Iterable[Sentence]) -> Iterator[str]:
    """Missing, unused, fuzzy and differently formatted translations, and words that are never used."""
    language = str(catalogue.locale)
    wanted = {(each.singular, each.plural): each for each in sentences}
    had = {_key(message): message for message in catalogue if message.id}
    for key, sentence in wanted.items():
        if key not in had:
            yield f'{sentence.file}:{sentence.line}: no {language} translation of "{sentence.singular}"'
    for key, message in had.items():
        where = f'{language}: "{key[0]}"'
        if key not in wanted:
            yield f"{where} is translated, but nothing in the code says it"
        if message.fuzzy:
            yield f"{where} is marked fuzzy"
        yield from (f"{where} {fault}" for fault in _translation_faults(message, plurals=catalogue.num_plurals))


def page_faults(texts: Path) -> Iterator[str]:
    """The same of the local workspace's page: `{key: {"en": …, "de": …}}`."""
    if not texts.is_file():
        return
    entries: dict[str, Any] = json.loads(texts.read_text(encoding="utf-8"))
    for key, entry in entries.items():
        if not isinstance(entry, dict) or set(entry) != set(PAGE_LANGUAGES):
            yield f'{texts.name}: "{key}" must have exactly the languages {", ".join(PAGE_LANGUAGES)}'
            continue
        if not all(isinstance(text, str) and text.strip() for text in entry.values()):
            yield f'{texts.name}: "{key}" has an empty text'
            continue
        if set(_PAGE_PLACEHOLDER.findall(entry["en"])) != set(_PAGE_PLACEHOLDER.findall(entry["de"])):
            yield f'{texts.name}: "{key}" has other placeholders in German than in English'
        yield from (f'{texts.name}: "{key}" uses "{word}"' for word in never_words_in(entry["de"]))


def offer_faults(catalogue: Path) -> Iterator[str]:
    """The same of the catalogue of offers, wherever it says something in two languages (its shape is its parser's)."""
    if catalogue.is_file():
        for text in _german_in(tomllib.loads(catalogue.read_text(encoding="utf-8"))):
            yield from (f'{catalogue.name}: "{text}" uses "{word}"' for word in never_words_in(text))


def _german_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(text := value.get("de"), str):
            yield text
        for each in value.values():
            yield from _german_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _german_in(each)


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id[0], message.id[1]) if isinstance(message.id, list | tuple) else (str(message.id), None)


def _translation_faults(message: Message, *, plurals: int) -> Iterator[str]:
    originals = list(message.id) if isinstance(message.id, list | tuple) else [str(message.id)]
    texts = list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]
    if len(originals) > 1 and len(texts) != plurals:
        yield f"needs {plurals} forms"
    for at, text in enumerate(texts):
        if not text.strip():
            yield "is not translated"
        elif placeholders(text) != placeholders(originals[min(at, len(originals) - 1)]):
            yield "has other placeholders in its translation"
        yield from (f'uses "{word}"' for word in never_words_in(text))


def placeholders(text: str) -> set[str] | None:
    """The `{names}` of a sentence; None where its braces do not match."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def main() -> int:
    """Check the checkout that this file stands in."""
    found = faults(Path(__file__).resolve().parents[2])
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.stdout.write(f"languages: {len(found)} faults\n" if found else "languages: in order\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
