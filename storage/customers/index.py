"""Which places of the segments hold what: a few grams are read, and put together one segment at a time."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from storage.customers import tables
from storage.customers.grams import LAST, places, unpacked
from storage.customers.session import Session

_SQLITE: Final = (
    "SELECT g.gram, g.segment, g.docs FROM segment s CROSS JOIN json_each(?) p CROSS JOIN gram g "
    "ON g.segment = s.segment AND g.gram "
)
_POSTGRES: Final = (
    "SELECT g.gram, g.segment, g.docs FROM segment s CROSS JOIN unnest(%s::text[]) p(value) JOIN gram g "
    "ON g.segment = s.segment AND g.gram "
)
_EXACT: Final = "= p.value"
_BEGINNING: Final = f">= p.value AND g.gram < p.value || '{LAST}'"
_EXACT_C: Final = '= p.value COLLATE "C"'
_BEGINNING_C: Final = f'>= p.value COLLATE "C" AND g.gram < (p.value || \'{LAST}\') COLLATE "C"'

Places = dict[int, int]
"""Bitmaps by segment; a segment without any is not in it."""

All = tuple[str, ...]
"""Grams that must all be there."""


@dataclass(slots=True)
class Index:
    """Grams as they are read, for one search."""

    session: Session
    _kept: dict[str, dict[int, bytes]] = field(default_factory=dict)
    _beginnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _bits: dict[tuple[str, int], int] = field(default_factory=dict)

    async def read(self, grams: Iterable[str]) -> None:
        """Read what is not read yet."""
        wanted = [each for each in dict.fromkeys(grams) if each not in self._kept]
        if not wanted:
            return
        self._kept |= {each: {} for each in wanted}
        for gram, segment, docs in await self._rows(wanted, beginning=False):
            self._kept[gram][segment] = docs

    async def read_beginning(self, beginnings: Iterable[str]) -> None:
        """Read all grams that begin so (two characters, or one behind a sign)."""
        wanted = [each for each in dict.fromkeys(beginnings) if each not in self._beginnings]
        if not wanted:
            return
        found: dict[str, None] = {}
        for gram, segment, docs in await self._rows(wanted, beginning=True):
            self._kept.setdefault(gram, {})[segment] = docs
            found[gram] = None
        for each in wanted:
            self._beginnings[each] = tuple(gram for gram in found if gram.startswith(each))

    async def _rows(self, grams: Sequence[str], *, beginning: bool) -> Sequence[Any]:
        if self.session.postgres:
            how = _BEGINNING_C if beginning else _EXACT_C
            return (await self.session.driven(_POSTGRES + how, (list(grams),))).all()
        how = _BEGINNING if beginning else _EXACT
        return (await self.session.driven(_SQLITE + how, (json.dumps(grams),))).all()

    def every(self, grams: All) -> Places:
        """Where all of these are."""
        kept = [self._kept.get(each, {}) for each in grams]
        if not kept:
            return {}
        rarest = min(kept, key=len)
        found: Places = {}
        for segment in rarest:
            if bits := self._every(grams, segment):
                found[segment] = bits
        return found

    def beginning(self, begin: str) -> Places:
        """Where any gram that begins so is."""
        return united(self.every((gram,)) for gram in self._beginnings.get(begin, ()))

    def _every(self, grams: All, segment: int) -> int:
        kept = []
        for gram in grams:
            docs = self._kept[gram].get(segment)
            if docs is None:
                return 0
            kept.append((len(docs), gram, docs))
        kept.sort()
        bits = -1
        for _, gram, docs in kept:
            one = self._bits.get((gram, segment))
            if one is None:
                one = self._bits[gram, segment] = unpacked(docs)
            bits &= one
            if not bits:
                return 0
        return bits


def united(some_: Iterable[Places]) -> Places:
    """Where any of these are."""
    found: Places = {}
    for each in some_:
        for segment, bits in each.items():
            found[segment] = found.get(segment, 0) | bits
    return found


def shared(all_: Sequence[Places]) -> Places:
    """Where all of these are."""
    if not all_:
        return {}
    first, *others = sorted(all_, key=len)
    found: Places = {}
    for segment, bits in first.items():
        for each in others:
            bits &= each.get(segment, 0)  # noqa: PLW2901 - narrowed down
        if bits:
            found[segment] = bits
    return found


def many(of: Places) -> int:
    """How many places."""
    return sum(bits.bit_count() for bits in of.values())


def without(one: Places, other: Places) -> Places:
    """Where the first is and the other is not."""
    left = {segment: bits & ~other.get(segment, 0) for segment, bits in one.items()}
    return {segment: bits for segment, bits in left.items() if bits}


def some(of: Places, most: int) -> list[int]:
    """So many numbers, from the beginnings of all segments alike, where the short names are."""
    left = [(segment * tables.SEGMENT, places(bits)) for segment, bits in sorted(of.items())]
    found: list[int] = []
    while left and len(found) < most:
        still = []
        for first, each in left:
            if (place := next(each, None)) is not None:
                found.append(first + place)
                still.append((first, each))
        left = still
    return found[:most]
