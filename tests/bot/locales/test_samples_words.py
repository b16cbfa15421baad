"""What the local workspace and the catalogue say in two languages keeps to the words of screens.md."""

from pathlib import Path

from bot.locales.check import offer_faults
from bot.locales.never import never_words_in
from bot.workspace.sample import PEOPLE, SHARED
from bot.workspace.sample_tasks import sample_tasks


def test_the_tasks_use_no_word_of_the_never_column() -> None:
    """Tasks are read by everybody who opens the page, in both languages."""
    labels = [label for task in sample_tasks(people=PEOPLE, channel=SHARED) for label in (task.title, task.hint)]
    assert all(label.en.strip() and label.de.strip() for label in labels)
    assert {label.de: never_words_in(label.de) for label in labels if never_words_in(label.de)} == {}


def test_a_banned_word_in_the_catalogue_is_a_fault(tmp_path: Path) -> None:
    """The gate reads the catalogue of offers too."""
    file = tmp_path / "catalogue.toml"
    file.write_text('[[family]]\nkey = "x"\nname = { en = "Seats", de = "Sitze" }\n')
    assert list(offer_faults(file)) == ['catalogue.toml: "Sitze" uses "Sitze"']
