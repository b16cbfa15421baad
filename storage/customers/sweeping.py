"""Of customers who have gone, or have another name, nothing of the name stays: neither its grams nor its words."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, select

from storage.customers import loading, tables
from storage.customers.batch import indexed, stems
from storage.customers.grams import SEGMENT, all_of, bits_of, grams_of, packed
from storage.customers.index import Index, some
from storage.customers.session import Session
from storage.customers.slips import STEM, slips

_LOOKED_AT: Final = 2_000
"""Customers in whose names a word is looked for; it stays where so many may have it and none of these does."""

_C: Final = tables.customers.c
_G: Final = tables.grams.c


@dataclass(frozen=True, slots=True)
class Sweeping:
    """In a transaction that writes."""

    session: Session

    async def forget(self, rows: Sequence[Any]) -> None:
        """Nothing stays of these (num, name, domain), whose own rows are deleted already; of others, all does."""
        gone: set[str] = set()
        places: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            segment, place = divmod(row.num, SEGMENT)
            words = indexed(row.name, row.domain)
            gone |= stems(words)
            for gram in {gram for word in words for gram in grams_of(word)}:
                places[segment][gram].append(place)
        for segment, grams in places.items():
            await self._clear(segment, grams)
        await self._drop([each for each in sorted(gone) if not await self._lives(each)])

    async def _clear(self, segment: int, grams: dict[str, list[int]]) -> None:
        here = (_G.segment == segment) & self.session.among(_G.gram, list(grams))
        kept = await self.session.rows(select(_G.gram, _G.docs).where(here))
        left = [(row.gram, all_of((row.docs,)) & ~bits_of(grams[row.gram])) for row in kept]
        await self.session.execute(delete(tables.grams).where(here))
        if values := [{"segment": segment, "gram": gram, "docs": packed(bits)} for gram, bits in left if bits]:
            await self.session.execute(insert(tables.grams), values)

    async def _lives(self, word: str) -> bool:
        """Whether anybody's name has a word that begins so (all of it, where it is shorter than what is kept)."""
        index = Index(self.session, whole=True)
        text = f" {word}" if len(word) == STEM else f" {word} "
        grams = index.inside(text, "")
        await index.read(grams)
        numbers = some(index.every(grams), _LOOKED_AT)
        for first in range(0, len(numbers), 100):
            chosen = select(_C.name).where(self.session.among(_C.num, numbers[first : first + 100]))
            if any(word in stems(indexed(row.name, "")) for row in await self.session.rows(chosen)):
                return True
        return len(numbers) == _LOOKED_AT

    async def _drop(self, words: Iterable[str]) -> None:
        gone = list(words)
        if gone:
            pairs = json.dumps([pair for each in gone for pair in slips(each)], ensure_ascii=False)
            await self.session.driven(loading.SLIPS_GONE[self.session.postgres], (pairs,))
            await self.session.execute(delete(tables.words).where(self.session.among(tables.words.c.word, gone)))
