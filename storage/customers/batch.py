"""Customers on their way into the directory: a segment's worth of them, with the grams and words of their names."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.customers import Customer
from storage.customers.folding import domain_words, token_words, tokens
from storage.customers.grams import BEGIN, DOMAIN, SEGMENT, bits_of, grams_of, packed, packed_few
from storage.customers.slips import stem

_MANY: Final = 64
_SHORTEST: Final = 2

Row = Sequence[str]
"""A customer as it is computed with: id, name, domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What is computed of customers. `order`: which of them comes first; the rest as one statement takes it.

    `grams`: JSON of each gram with where its places begin in `docs` (from 1), and their length; `words`: JSON too.
    """

    order: Sequence[int]
    grams: str
    docs: bytes
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What is written: customers in the order of their places, and `Built`."""

    customers: list[Customer]
    built: Built


class Batch:
    """Grows to a segment at most."""

    def __init__(self) -> None:
        self._customers: dict[str, Customer] = {}

    def __len__(self) -> int:
        return len(self._customers)

    @property
    def room(self) -> int:
        """How many more fit."""
        return SEGMENT - len(self)

    def add(self, customers: Iterable[Customer]) -> None:
        """Take these in. One that is here already is taken as it came last."""
        self._customers.update((each.id, each) for each in customers)

    def rows(self) -> list[Row]:
        """As they are computed with."""
        return [(each.id, each.name, each.domain) for each in self._customers.values()]

    def with_(self, built: Built) -> Segment:
        """What to write, with what was computed of `rows`."""
        here = list(self._customers.values())
        return Segment(customers=[here[at] for at in built.order], built=built)

    def segment(self) -> Segment:
        """What to write. Computes; for threads."""
        return self.with_(build(self.rows()))


def build(rows: Sequence[Row]) -> Built:
    """Of a segment at most. Short names come first: of very many that fit alike, the first ones are looked at."""
    order = sorted(range(len(rows)), key=lambda at: (len(rows[at][1]), rows[at][1], rows[at][0]))
    words: defaultdict[str, list[int]] = defaultdict(list)
    for place, at in enumerate(order):
        for word in indexed(rows[at][1], rows[at][2]):
            words[word].append(place)
    few: defaultdict[str, list[int]] = defaultdict(list)
    many: defaultdict[str, int] = defaultdict(int)
    for word, held in words.items():
        grams = grams_of(word)
        if len(held) < _MANY:
            for gram in grams:
                few[gram] += held
        else:
            bits = bits_of(held)
            for gram in grams:
                many[gram] |= bits
    index, docs = [], bytearray()
    for gram in sorted(few.keys() | many.keys()):
        kept = _packed(few.get(gram, ()), many.get(gram, 0))
        index.append((gram, len(docs) + 1, len(kept)))
        docs += kept
    return Built(
        order=order,
        grams=json.dumps(index, ensure_ascii=False),
        docs=bytes(docs),
        words=json.dumps(sorted(stems(words)), ensure_ascii=False),
    )


def indexed(name: str, domain: str) -> set[str]:
    """The words by which a customer is found: of the name, its first ones once more as such, and of the domain."""
    found: set[str] = set()
    begun = False
    for token in tokens(name):
        words, first = token_words(token)
        found.update(words)
        if first and not begun:
            begun = True
            found.update([BEGIN + each[:2] for each in first])
    found.update([DOMAIN + each for each in domain_words(domain)])
    return found


def stems(words: Iterable[str]) -> set[str]:
    """The beginnings of words that are kept for typing errors: those of names."""
    return {stem(each) for each in words if len(each) >= _SHORTEST and each[0] not in (BEGIN, DOMAIN)}


def _packed(few: Iterable[int], bits: int) -> bytes:
    if bits:
        return packed(bits | bits_of(few))
    return packed_few(sorted(set(few)))
