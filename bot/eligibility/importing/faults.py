"""What is wrong with a book file, each fault with its line and field."""

from dataclasses import dataclass
from typing import Final

SHOWN: Final = 50
"""Faults that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFault:
    """One fault: line (from 1), place in the file (`customers[3].subscriptions[0].quantity`) and what is wrong."""

    line: int
    path: str
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.path}: {self.sentence}" if self.path else f"line {self.line}: {self.sentence}"


class BookRefused(ValueError):
    """A book file with faults: nothing of it was loaded. `faults` are the first 50, `more` counts the others."""

    def __init__(self, *, faults: tuple[BookFault, ...], more: int = 0) -> None:
        told = [str(each) for each in faults]
        if more:
            told.append(f"and {more} more")
        super().__init__("\n".join(told))
        self.faults = faults
        self.more = more


class Faults:
    """Collects faults; keeps the first 50."""

    def __init__(self) -> None:
        self._kept: list[BookFault] = []
        self._more = 0

    def add(self, *, line: int, path: str, sentence: str) -> None:
        """Note one fault."""
        if len(self._kept) < SHOWN:
            self._kept.append(BookFault(line=line, path=path, sentence=sentence))
        else:
            self._more += 1

    @property
    def wants_more(self) -> bool:
        """Whether the next fault would still be told."""
        return len(self._kept) < SHOWN

    def count(self, number: int) -> None:
        """Count faults that are not told one by one."""
        self._more += number

    def refuse_if_any(self) -> None:
        """Raise `BookRefused` where there were faults."""
        if self._kept:
            raise BookRefused(faults=tuple(sorted(self._kept, key=lambda each: each.line)), more=self._more)
