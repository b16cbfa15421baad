import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.workspace.sample import GENERAL, PEOPLE
from bot.workspace.sample_tasks import sample_tasks

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "bot" / "workspace" / "page"
TEXTS: dict[str, dict[str, str]] = json.loads((PAGE / "texts.json").read_text(encoding="utf-8"))
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGE.glob("*.js"))}
STYLES = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGE.glob("*.css"))}


def test_every_text_exists_in_both_languages_with_the_same_placeholders() -> None:
    for key, both in TEXTS.items():
        assert set(both) == {"en", "de"}, key
        assert all(both.values()), key
        assert set(re.findall(r"{\w+}", both["en"])) == set(re.findall(r"{\w+}", both["de"])), key


def test_every_text_is_used_and_every_used_text_exists() -> None:
    """Keys that are put together (tab.…, day.…) count by their beginning."""
    source = "\n".join(SCRIPTS.values())
    used = set(re.findall(r"\bt\(\s*\"([\w.-]+)\"", source))
    used |= {f"{key}.{form}" for key in re.findall(r"\btn\(\"([\w.-]+)\"", source) for form in ("one", "other")}
    used |= set(re.findall(r"\? \"([\w-]+)\" : \"[\w-]+\"\)", source)) | set(re.findall(r" : \"([\w-]+)\"\)", source))
    beginnings = tuple(re.findall(r"\bt\(`([\w.-]+\.)\$", source))
    assert {key for key in TEXTS if key not in used and not key.startswith(beginnings)} == set()
    assert {key for key in used if key not in TEXTS and re.search(rf"\bt\(\s*\"{re.escape(key)}\"", source)} == set()


@pytest.mark.parametrize("never", ["Sitze", "Plätze", "aktualisier", "storniert", "berechtigt", "freigeb", "Kanal"])
def test_no_word_of_the_never_column_is_used(never: str) -> None:
    assert [key for key, both in TEXTS.items() if never.lower() in both["de"].lower()] == []


def test_every_customer_of_the_tasks_is_in_the_sample_book() -> None:
    book = json.loads((ROOT / "bot" / "eligibility" / "sample_book.json").read_text(encoding="utf-8"))
    names = {customer["companyName"] for customer in book["customers"]}
    tasks = sample_tasks(people=PEOPLE, channel=GENERAL)
    named = [task.text for task in tasks if task.text.startswith("/") and " " in task.text]
    assert {
        each.removeprefix("/upgrade-options ").removeprefix("/add-seats ").removesuffix(" 25") for each in named
    } <= names
    assert "fabrikam.example" in {customer["domain"] for customer in book["customers"]}  # the message's
    assert all(label.en and label.de for task in tasks for label in (task.title, task.hint))


def test_nothing_on_the_page_can_become_markup_or_reach_another_host() -> None:
    for name, source in {**SCRIPTS, **STYLES, "index.html": (PAGE / "index.html").read_text(encoding="utf-8")}.items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser", source
        ), name
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[a-z]", source), name
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", html)


def test_no_file_of_the_page_is_long() -> None:
    assert {
        path.name: count
        for path in PAGE.iterdir()
        if path.suffix in {".js", ".css", ".html"}
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 250
    } == {}


def themes() -> Iterator[tuple[str, dict[str, str]]]:
    """The colours of each theme; the system's dark and the chosen dark are one."""
    blocks = re.findall(r"(:root[^{]*){([^}]*)}", STYLES["colours.css"])
    found = {head.strip(): dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)) for head, body in blocks}
    assert found[':root:not([data-theme="light"])'] == found[':root[data-theme="dark"]']
    yield "light", found[":root"]
    yield "dark", found[':root[data-theme="dark"]']


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2.2, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("ground", "raised", "sunken", "hover", "only-you", "target")
WORDS = [
    *((ink, ground) for ink in ("ink", "soft", "link", "danger") for ground in GROUNDS),
    *((ink, "mention") for ink in ("ink", "link", "soft")),
    ("ink", "mine"), ("ink", "line"), ("code-ink", "sunken"),
    ("on-accent", "accent"), ("on-strong", "primary"), ("on-strong", "danger-fill"),
    ("bar-ink", "bar"), ("bar-ink", "bar-field"), ("side-ink", "bar-field"),
    ("side-ink", "side"), ("side-soft", "side"), ("side-ink", "side-hover"), ("side-current-ink", "side-current"),
]  # fmt: skip
EDGES = [("edge", "ground"), ("edge", "raised"), ("accent", "ground"), ("accent", "raised"), ("primary", "ground")]


@pytest.mark.parametrize(("theme", "colours"), list(themes()))
def test_contrast_is_aa_in_both_themes(theme: str, colours: dict[str, str]) -> None:
    """4.5 for words, 3 for the edges of what can be used."""
    wanted = [*((pair, 4.5) for pair in WORDS), *((pair, 3.0) for pair in EDGES)]
    measured = {pair: (contrast(colours[pair[0]], colours[pair[1]]), least) for pair, least in wanted}
    low = {pair: round(found, 2) for pair, (found, least) in measured.items() if found < least}
    assert low == {}, theme
