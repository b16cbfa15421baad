"""Who fits what was typed: candidates from the index, one circle after the other, each of them read and judged."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam

from storage.customers import tables
from storage.customers.folding import readings
from storage.customers.grams import BEGIN, DOMAIN, LAST, SEGMENT
from storage.customers.index import Index, Places, many, shared, some, united, without
from storage.customers.keeping import ROW, kept
from storage.customers.matching import WORDS_BEGIN, Reading, Score, Word, best
from storage.customers.meant import meant_by
from storage.customers.records import Hits, Kept
from storage.customers.session import Session
from storage.customers.slips import SHORTEST
from storage.types import storable

_ROUND: Final = 256
_FEW: Final = 256
_ROUNDS: Final = 12
_ALMOST_ROUNDS: Final = 3
_DIRECT: Final = 100
_TENANT: Final = re.compile(r"[0-9a-f]{4}[0-9a-f-]{0,32}")
_PAIR: Final = 2
_C: Final = tables.customers.c

Circle = Callable[[Index, tuple[Reading, ...]], Awaitable[Places]]


@dataclass(slots=True)
class Search:
    """One search, in one snapshot."""

    session: Session
    _typed: str = ""
    _scored: dict[int, tuple[Score, Kept]] = field(default_factory=dict)
    _done: Places = field(default_factory=dict)

    async def find(self, typed: str, *, limit: int) -> Hits:
        """The best `limit`, in order."""
        text = typed.strip().rpartition("@")[2]
        self._typed = " ".join(text.split()).casefold()
        exact = tuple(tuple(Word(each) for each in reading) for reading in readings(text))
        direct = await self._direct(storable(text.lower()))
        if exact:
            index = Index(self.session)
            for circle in (_begin, _words_begin, _in_name, _anywhere):
                if len(self._scored) + len(direct) < limit:
                    await self._circle(index, circle, exact, limit=limit)
            strong = sum(score.tier <= WORDS_BEGIN for score, _ in self._scored.values())
            if not direct and not strong and (almost := _almost(exact, few=not self._scored)):
                self._done = _places(self._scored)  # who did not fit as it stands may fit with an error
                spaces = ("", DOMAIN) if "." in text else ("",)
                near = await _corrected(self.session, index, almost[0], spaces)
                for _ in range(_ALMOST_ROUNDS):
                    near, _fits = await self._round(near, almost, limit=limit)
        scored = sorted(self._scored.values(), key=lambda pair: pair[0])
        found = {each.key: each for each in (*direct, *(each for _, each in scored))}
        exactly = len(direct) + sum(not score.errors for score, _ in scored)
        return Hits(found=tuple(found.values())[:limit], fitting=min(exactly, limit))

    async def _direct(self, text: str) -> list[Kept]:
        """By the beginning of a domain or of a tenant id as they are written: the full one before the longer ones."""
        found: list[Any] = []
        if "." in text and " " not in text:
            found += await self.session.rows(_BY_DOMAIN, {"begin": text, "end": text + LAST})
        if _TENANT.fullmatch(text):
            found += await self.session.rows(_BY_TENANT, {"begin": text, "end": text + LAST})
        return [kept(row) for row in found]

    async def _circle(self, index: Index, circle: Circle, wanted: tuple[Reading, ...], *, limit: int) -> None:
        """Judge candidates, those with short names first, until there are enough of them or none are left.

        Where few of them fit, the few grams that were read let too many others in: then all of a text's are.
        """
        candidates = await circle(index, wanted)
        for _ in range(_ROUNDS):
            candidates, fits = await self._round(candidates, wanted, limit=limit)
            if not candidates:
                return
            if not index.whole and fits < _ROUND // 4 and many(candidates) > _ROUND:
                index.whole = True
                candidates = await circle(index, wanted)

    async def _round(self, candidates: Places, wanted: tuple[Reading, ...], *, limit: int) -> tuple[Places, int]:
        """Judge some candidates; those that are left, none where there are enough, and how many of the some fit."""
        candidates = without(candidates, self._done)
        numbers = some(candidates, _ROUND) if len(self._scored) < limit else []
        if not numbers:
            return {}, 0
        before = len(self._scored)
        self._done = united((self._done, _places(numbers)))
        for row in await self.session.rows(ROW.where(self.session.among(_C.num, numbers))):
            one = kept(row)
            score = best(one.customer, wanted, self._typed)
            if score is not None:
                self._scored[row.num] = score, one
        return candidates, len(self._scored) - before


_BY_DOMAIN: Final = (
    ROW.where(_C.domain >= bindparam("begin"), _C.domain < bindparam("end")).order_by(_C.domain, _C.id).limit(_DIRECT)
)
_BY_TENANT: Final = ROW.where(_C.id >= bindparam("begin"), _C.id < bindparam("end")).order_by(_C.id).limit(_DIRECT)


async def _begin(index: Index, wanted: tuple[Reading, ...]) -> Places:
    """Names whose first word begins as the first one typed, and that hold the others as words or their beginnings."""
    firsts = [[BEGIN + spelling[:_PAIR] for spelling in each[0].spellings] for each in wanted]
    await index.read(gram for each in firsts for gram in each)
    await index.read_beginning(gram for each in firsts for gram in each if len(gram) == _PAIR)
    found = []
    for each, grams in zip(wanted, firsts, strict=True):
        begun = united(
            index.beginning(gram) if len(gram) == _PAIR else index.every((gram,)) for gram in dict.fromkeys(grams)
        )
        found.append(await _narrowed(index, each, before=" ", spaces=("",), within=begun))
    return united(found)


async def _words_begin(index: Index, wanted: tuple[Reading, ...]) -> Places:
    """Names with words that begin so, in any order."""
    return await _each_word(index, wanted, before=" ", spaces=("",))


async def _in_name(index: Index, wanted: tuple[Reading, ...]) -> Places:
    """Names that hold the words at any place."""
    return await _each_word(index, wanted, before="", spaces=("",))


async def _anywhere(index: Index, wanted: tuple[Reading, ...]) -> Places:
    """Each word in the name or in the domain."""
    return await _each_word(index, wanted, before="", spaces=("", DOMAIN))


async def _each_word(index: Index, wanted: tuple[Reading, ...], *, before: str, spaces: Sequence[str]) -> Places:
    return united([await _narrowed(index, each, before=before, spaces=spaces) for each in wanted])


async def _narrowed(
    index: Index, reading: Reading, *, before: str, spaces: Sequence[str], within: Places | None = None
) -> Places:
    """Where all words of a reading are; or most of them, as soon as so few are left that each can be judged.

    A single letter at any place excludes nobody: that is left to judging.
    """
    told = [word for word in reading if all(len(before + spelling) >= _PAIR for spelling in word.spellings)]
    found = within
    for word in sorted(told, key=lambda each: -len(each.spellings[0])):
        if found is not None and many(found) <= _FEW:
            break
        here = await _of(index, [before + each for each in word.spellings], spaces)
        found = here if found is None else shared((found, here))
    return found or {}


async def _of(index: Index, texts: Sequence[str], spaces: Sequence[str]) -> Places:
    await index.read(gram for text in texts for space in spaces for gram in index.inside(text, space))
    await index.read_beginning(space + text for text in texts for space in spaces if len(text) == _PAIR)
    return united(
        index.beginning(space + text) if len(text) == _PAIR else index.every(index.inside(text, space))
        for text in texts
        for space in spaces
    )


def _places(numbers: Iterable[int]) -> Places:
    found: Places = {}
    for number in numbers:
        segment, place = divmod(number, SEGMENT)
        found[segment] = found.get(segment, 0) | 1 << place
    return found


def _almost(exact: tuple[Reading, ...], *, few: bool) -> tuple[Reading, ...]:
    """The same, with an error in any word that is long enough for one."""
    shortest = SHORTEST if few else SHORTEST + 1
    first = [tuple(Word(word.spellings, almost=len(word.spellings[0]) >= shortest) for word in exact[0])]
    return tuple(each for each in first if any(word.almost for word in each))


async def _corrected(session: Session, index: Index, reading: Reading, spaces: Sequence[str]) -> Places:
    """Where each word is, as it stands or as it may have been meant; the longest words first, as in `_narrowed`."""
    found: Places | None = None
    for word in sorted(reading, key=lambda each: -len(each.spellings[0])):
        if len(word.spellings[0]) < _PAIR:
            continue
        if found is not None and many(found) <= _FEW:
            break
        texts = [f" {each}" for each in await meant_by(session, word)] if word.almost else []
        here = united((await _of(index, texts, ("",)), await _of(index, word.spellings, spaces)))
        found = here if found is None else shared((found, here))
    return found or {}
