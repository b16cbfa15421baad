"""The language gate finds what it must find (design.md, rule 10)."""

import json
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.locales import check
from bot.locales.extract import Malformed, Sentence, sentences_in, sentences_under
from bot.locales.never import NEVER, missing_from_table, never_words_in, table_in

ROOT = Path(__file__).parents[3]
SCREENS = ROOT.parent / "shared" / "screens.md"
SEATS = Sentence(singular="{count} seat", plural="{count} seats", file="a.py", line=1)
HELLO = Sentence(singular="Hello {name}", plural=None, file="a.py", line=2)


BANNED = (
    "25 Sitze",
    "Plätze",
    "Bitte aktualisieren",
    "aktualisiert",
    "wird abgebrochen",
    "abbrechen",
    "storniert",
    "nicht berechtigt",
    "freigegeben",
    "im Kanal",
    "Kanäle",
    "Stornierung",
)


def catalogue(**entries: str) -> Catalog:
    made = Catalog(locale="de")
    made.add(("{count} seat", "{count} seats"), ("{count} Lizenz", "{count} Lizenzen"))
    made.add("Hello {name}", entries.get("hello", "Guten Tag, {name}"))
    return made


def faults(made: Catalog, *sentences: Sentence) -> list[str]:
    return list(check.catalogue_faults(made, sentences or (SEATS, HELLO)))


def test_everything_that_people_read_is_in_order() -> None:
    """The gate itself, on this checkout."""
    assert check.faults(ROOT) == []
    assert check.main() == 0


def test_a_missing_translation_is_found_with_its_place() -> None:
    """File and line."""
    new = Sentence(singular="New", plural=None, file="b.py", line=7)
    assert faults(catalogue(), SEATS, HELLO, new) == ['b.py:7: no de translation of "New"']


def test_an_unused_translation_is_found() -> None:
    """Nothing in the code says it."""
    assert "nothing in the code says it" in faults(catalogue(), SEATS)[0]


def test_a_fuzzy_and_an_empty_translation_are_found() -> None:
    """Neither is ever shown."""
    made = catalogue()
    made["Hello {name}"].flags.add("fuzzy")
    assert "is marked fuzzy" in faults(made)[0]
    assert "is not translated" in faults(catalogue(hello=" "))[0]


@pytest.mark.parametrize("hello", ["Guten Tag", "Guten Tag, {nam}", "Guten Tag, {name} {0}", "Guten Tag, {name"])
def test_a_translation_with_other_placeholders_is_found(hello: str) -> None:
    """It would fail, or say less."""
    assert faults(catalogue(hello=hello)) == ['de: "Hello {name}" has other placeholders in its translation']


@pytest.mark.parametrize("text", BANNED)
def test_a_word_that_is_never_used_is_found_in_any_form(text: str) -> None:
    """The table of screens.md."""
    assert never_words_in(text)
    assert any("uses" in fault for fault in faults(catalogue(hello=f"{text} {{name}}")))


@pytest.mark.parametrize("text", ["Lizenzen", "Sitzung", "Platzhalter", "Berechtigung", "Abbrechen", "Kanalisation"])
def test_other_words_are_left_alone(text: str) -> None:
    """`Abbrechen` alone is a dialog's way out (screens.md, 2)."""
    assert never_words_in(text) == []


@pytest.mark.skipif(not SCREENS.is_file(), reason="screens.md is not beside this checkout")
def test_the_table_is_that_of_the_screens() -> None:
    """Word for word."""
    assert set(table_in(SCREENS.read_text(encoding="utf-8"))) == set(NEVER)


def test_a_word_that_the_screens_add_is_found(tmp_path: Path) -> None:
    """The page can change without this house."""
    page = tmp_path / "screens.md"
    page.write_text("| English | German | never |\n|---|---|---|\n| cloud | Cloud | Wolke, (nicht) Kanal |\n")
    assert missing_from_table(page) == ["Wolke"]
    assert missing_from_table(tmp_path / "none.md") == []


def test_sentences_are_found_wherever_they_stand() -> None:
    """Calls, tables, counting ones; what is built from pieces is refused."""
    calls = ('pen.t("A {b}", b=1)', 'X = {1: msg("C")}', 'texts.n("d", "ds", count=2)', "pen.t(k)")
    built = ('pen.t(f"E {x}")', 'pen.t("F" + g)', "msg(h)")
    found = list(sentences_in("\n".join((*calls, *built)), file="x.py"))
    assert {each.singular for each in found if isinstance(each, Sentence)} == {"A {b}", "C", "d"}
    assert len([each for each in found if isinstance(each, Malformed)]) == len(built)


def test_no_sentence_holds_markup() -> None:
    """Formatting comes from the code: a translator cannot break it, and nothing of ours is escaped away."""
    said = [each for each in sentences_under(ROOT, check.FOLDERS) if isinstance(each, Sentence)]
    assert len(said) > 150
    assert not [each for each in said if any(mark in each.singular for mark in "*_~`<>&")]


def test_the_page_of_the_workspace_is_held_to_the_same(tmp_path: Path) -> None:
    """Both languages, the same placeholders, no banned word."""
    texts = tmp_path / "texts.json"
    pages = {
        "ok": {"en": "Hi {n}", "de": "Tag {n}"},
        "one": {"en": "x"},
        "empty": {"en": "x", "de": ""},
        "other": {"en": "{a}", "de": "{b}"},
        "word": {"en": "channel", "de": "Kanal"},
    }
    texts.write_text(json.dumps(pages), encoding="utf-8")
    assert [fault.split('"')[1] for fault in check.page_faults(texts)] == ["one", "empty", "other", "word"]
    assert list(check.page_faults(tmp_path / "none.json")) == []
