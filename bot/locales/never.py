"""Words that a language never uses here, with their other forms (../shared/screens.md, "Words")."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

NEVER: Final[Mapping[str, re.Pattern[str]]] = {
    "Sitze": re.compile(r"\bSitz(?:e|en|es)?\b", re.IGNORECASE),
    "Plätze": re.compile(r"\bPl(?:atz|atzes|ätze|ätzen)\b", re.IGNORECASE),
    "aktualisieren": re.compile(r"\b(?:ge)?aktualisier\w*", re.IGNORECASE),
    "abbrechen": re.compile(r"\b(?:abbrech\w*|abgebrochen\w*|abbruch\w*|abbricht)", re.IGNORECASE),
    "storniert": re.compile(r"\bstornier\w*|\bstorno\w*", re.IGNORECASE),
    "berechtigt": re.compile(r"\b(?:nicht )?berechtigt(?:e|en|er|es)?\b", re.IGNORECASE),
    "freigeben": re.compile(r"\b(?:freigeb\w*|freigegeben\w*|freigabe\w*|freigibt)", re.IGNORECASE),
    "Kanal": re.compile(r"\bKan(?:al|als|äle|älen)\b", re.IGNORECASE),
}

ALLOWED: Final = frozenset({"Abbrechen"})
"""The whole text of a dialog's way out (screens.md, 2). The word is banned for cancelling a subscription."""

_COLUMNS: Final = 3


def never_words_in(text: str) -> list[str]:
    """The words of the table that a text uses, in any form."""
    return [] if text in ALLOWED else [word for word, pattern in NEVER.items() if pattern.search(text)]


def table_in(screens: str) -> Iterator[str]:
    """The words of the `never` column of screens.md."""
    rows = [line for line in screens.splitlines() if line.startswith("|")]
    start = next((at for at, row in enumerate(rows) if "never" in row and "German" in row), None)
    for row in rows[start + 2 :] if start is not None else []:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) == _COLUMNS and cells[-1]:
            yield from (re.sub(r"\(.*?\)", "", word).strip() for word in cells[-1].split(","))


def missing_from_table(screens: Path) -> list[str]:
    """Words of screens.md that `NEVER` does not know; none where the file is not there."""
    if not screens.is_file():
        return []
    return [word for word in table_in(screens.read_text(encoding="utf-8")) if word not in NEVER]
