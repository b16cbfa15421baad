"""Customers on their way into the directory: a segment's worth of them, with the grams and words of their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.customers import Customer
from storage.customers.folding import domain_words, token_words, tokens
from storage.customers.grams import BEGIN, DOMAIN, bits_of, grams_of, packed, packed_few
from storage.customers.slips import slips, stem
from storage.customers.tables import SEGMENT

_MANY = 64
_SHORTEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What is written: customers in the order of their places, grams in theirs, and beginnings of words."""

    customers: list[Customer]
    grams: list[tuple[str, bytes]]
    words: list[str]


class Batch:
    """Grows to a segment at most. Works on threads; one at a time."""

    def __init__(self) -> None:
        self._customers: dict[str, Customer] = {}
        self._words: defaultdict[str, list[str]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._customers)

    @property
    def room(self) -> int:
        """How many more fit."""
        return SEGMENT - len(self)

    def add(self, customers: Iterable[Customer]) -> None:
        """Take these in. One that is here already is taken as it came last."""
        for each in customers:
            if self._customers.get(each.id) == each:
                continue
            self._customers[each.id] = each
            for word in _indexed(each):
                self._words[word].append(each.id)

    def segment(self) -> Segment:
        """What to write. Short names come first: of very many that fit alike, the first ones are looked at."""
        ordered = sorted(self._customers.values(), key=lambda each: (len(each.name), each.name, each.id))
        place = {each.id: at for at, each in enumerate(ordered)}
        few: defaultdict[str, list[int]] = defaultdict(list)
        many: defaultdict[str, int] = defaultdict(int)
        for word, ids in self._words.items():
            if len(ids) < _MANY:
                held = [place[each] for each in ids]
                for gram in grams_of(word):
                    few[gram] += held
            else:
                bits = bits_of(place[each] for each in ids)
                for gram in grams_of(word):
                    many[gram] |= bits
        grams = [(gram, _packed(few.get(gram, ()), many.get(gram, 0))) for gram in sorted(few.keys() | many.keys())]
        return Segment(customers=ordered, grams=grams, words=sorted(stems(self._words)))


def _indexed(customer: Customer) -> set[str]:
    """The words by which a customer is found: of the name, its first ones once more as such, and of the domain."""
    found: set[str] = set()
    begun = False
    for token in tokens(customer.name):
        words, first = token_words(token)
        found.update(words)
        if first and not begun:
            begun = True
            found.update([BEGIN + each[:2] for each in first])
    found.update([DOMAIN + each for each in domain_words(customer.domain)])
    return found


def stems(words: Iterable[str]) -> set[str]:
    """The beginnings of words that are kept for typing errors: those of names."""
    return {stem(each) for each in words if len(each) >= _SHORTEST and each[0] not in (BEGIN, DOMAIN)}


def slips_of(words: Iterable[str]) -> list[tuple[str, str]]:
    """The slips of these words, each once, in order."""
    return sorted({slip for each in words for slip in slips(each)})


def _packed(few: Iterable[int], bits: int) -> bytes:
    if bits:
        return packed(bits | bits_of(few))
    return packed_few(sorted(set(few)))
