"""Which places of the segments hold what: a few grams are read, and put together one segment at a time."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from storage.customers.grams import LAST, SEGMENT, all_of, any_of, inside, places
from storage.customers.session import Session

_SQLITE: Final = (
    "SELECT g.gram, g.segment, g.docs FROM segment s CROSS JOIN json_each(?) p CROSS JOIN gram g "
    "ON g.segment = s.segment AND g.gram "
)
_POSTGRES: Final = (
    "SELECT g.gram, g.segment, g.docs FROM segment s CROSS JOIN unnest(%s::text[]) p(value) CROSS JOIN LATERAL "
    "(SELECT t.gram, t.segment, t.docs FROM gram t WHERE t.segment = s.segment AND t.gram "
)
# Fenced: else a planner without statistics reads an index for a gram alone, all of it before PostgreSQL 18.
_FENCE: Final = " OFFSET 0) g"
_EXACT: Final = "= p.value"
_BEGINNING: Final = f">= p.value AND g.gram < p.value || '{LAST}'"
_EXACT_C: Final = '= p.value COLLATE "C"' + _FENCE
_BEGINNING_C: Final = f'>= p.value COLLATE "C" AND t.gram < (p.value || \'{LAST}\') COLLATE "C"' + _FENCE

Places = dict[int, int]
"""Bitmaps by segment; a segment without any is not in it."""

All = tuple[str, ...]
"""Grams that must all be there."""


@dataclass(slots=True)
class Index:
    """Grams as they are read, for one search. `whole`: all grams of a text are looked up, not only a few."""

    session: Session
    whole: bool = False
    _kept: dict[str, dict[int, bytes]] = field(default_factory=dict)
    _beginnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _found: dict[All, Places] = field(default_factory=dict)
    _begun: dict[str, Places] = field(default_factory=dict)

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

    def inside(self, text: str, space: str) -> All:
        """The grams by which a text is looked up."""
        return inside(text, space, whole=self.whole)

    def every(self, grams: All) -> Places:
        """Where all of these are."""
        if grams not in self._found:
            kept = [self._kept.get(each, {}) for each in grams]
            rarest: dict[int, bytes] = min(kept, key=len, default={})
            here = ((each, [one[each] for one in kept if each in one]) for each in rarest)
            found = {each: all_of(some_) for each, some_ in here if len(some_) == len(kept)}
            self._found[grams] = {each: bits for each, bits in found.items() if bits}
        return self._found[grams]

    def beginning(self, begin: str) -> Places:
        """Where any gram that begins so is."""
        if begin not in self._begun:
            kept: defaultdict[int, list[bytes]] = defaultdict(list)
            for gram in self._beginnings.get(begin, ()):
                for segment, docs in self._kept[gram].items():
                    kept[segment].append(docs)
            self._begun[begin] = {each: any_of(some_) for each, some_ in kept.items()}
        return self._begun[begin]


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
    left = [(segment * SEGMENT, places(bits)) for segment, bits in sorted(of.items())]
    found: list[int] = []
    while left and len(found) < most:
        still = []
        for first, each in left:
            if (place := next(each, None)) is not None:
                found.append(first + place)
                still.append((first, each))
        left = still
    return found[:most]
