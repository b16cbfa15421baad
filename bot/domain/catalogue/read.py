"""Reading typed values out of a catalogue's TOML, each fault with its line."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, NoReturn

from bot.domain.catalogue.model import CatalogueError, LocalizedText
from bot.domain.toml_lines import Place, line_of

_KINDS = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}


class Table:
    """One table of the file, with its place. Every getter raises `CatalogueError` for a missing or wrong value."""

    def __init__(self, *, source: str, text: str, place: Place, what: str, values: dict[str, Any]) -> None:
        self._source = source
        self._text = text
        self.place = place
        self.what = what
        self.values = values

    def fail(self, sentence: str, *steps: str | int) -> NoReturn:
        """Raise, naming this table and the line of `steps` inside it."""
        line = line_of(self._text, (*self.place, *steps))
        raise CatalogueError(source=self._source, line=line, sentence=f"{self.what}: {sentence}")

    def only(self, *known: str) -> None:
        """Refuse keys that nobody reads: most are slips of the pen."""
        for key in self.values:
            if key not in known:
                self.fail(f"unknown key `{key}` (known: {', '.join(known)})", key)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        found = self._of(key, str)
        if not found.strip():
            self.fail(f"`{key}` is empty", key)
        return str(found)

    def number(self, key: str, *, default: int | None) -> int | None:
        """A whole number from 1."""
        if key not in self.values:
            return default
        found = self._of(key, int)
        if found < 1:
            self.fail(f"`{key}` must be 1 or more", key)
        return int(found)

    def flag(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        return bool(self._of(key, bool)) if key in self.values else False

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        found = self._of(key, list) if key in self.values else []
        for at, each in enumerate(found):
            if not isinstance(each, str) or not each.strip():
                self.fail(f"`{key}` must hold texts only", key, at)
        return tuple(found)

    def both_languages(self, key: str) -> LocalizedText:
        """A text in English and German: a table with `en` and `de`, or one text where both say the same."""
        found = self.values.get(key)
        if isinstance(found, str) and found.strip():
            return LocalizedText(en=found, de=found)
        if not isinstance(found, dict):
            self.fail(f'`{key}` must be a text or {{ en = "…", de = "…" }}', key)
        inner = Table(source=self._source, text=self._text, place=(*self.place, key), what=self.what, values=found)
        inner.only("en", "de")
        return LocalizedText(en=inner.text("en"), de=inner.text("de"))

    def tables(self, key: str, *, what: str) -> tuple["Table", ...]:
        """An array of tables; empty where there is none. `what` starts each one's faults."""
        found = self._of(key, list) if key in self.values else []
        made = []
        for at, each in enumerate(found):
            if not isinstance(each, dict):
                self.fail(f"`{key}` must be an array of tables ([[{key}]])", key, at)
            name = each.get("key")
            told = f"{what} `{name}`" if isinstance(name, str) and name else f"{what} {at + 1}"
            place = (*self.place, key, at)
            made.append(Table(source=self._source, text=self._text, place=place, what=told, values=each))
        return tuple(made)

    def _of(self, key: str, kind: type) -> Any:
        if key not in self.values:
            self.fail(f"`{key}` is missing")
        found = self.values[key]
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            self.fail(f"`{key}` must be {_KINDS[kind]}", key)
        return found


class Unique:
    """Refuses what is already taken. Case of letters makes no difference."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], str] = {}

    def claim(self, table: Table, key: str, value: str, *, what: str) -> None:
        """Take `value`, read from `key` of `table`, or fail naming who has it."""
        if (holder := self._taken.get((what, value.casefold()))) is not None:
            table.fail(f"{what} `{value}` is already that of {holder}", key)
        self._taken[what, value.casefold()] = table.what


def first_circle(following: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Some circle in a graph: the keys along it, the first one again at the end. None where there is none."""
    try:
        TopologicalSorter(following).prepare()
    except CycleError as fault:
        found: list[str] = fault.args[1]
        return tuple(reversed(found))
    return None
