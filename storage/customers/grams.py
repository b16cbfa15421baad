"""Three characters at a time: the places of a segment that hold them, as bitmaps or, where they are few, as a list.

A name's grams are those of its words, " mueller " and " bau ", with "^mu" for its beginning; a domain's begin with "@".
Where all grams of a text are, the text may be: every candidate is read and judged by `matching`.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

SEGMENT: Final = 32_768
"""Numbers of a segment: a bitmap of them has 4 KB, which still fits into PostgreSQL's row (`tables.ROOMY`)."""

_BITMAP: Final = SEGMENT // 8
_FEW: Final = 1024
_CHEAPER: Final = 128
"""So many places are put together as bitmaps faster than one by one."""

_MOST: Final = 5
"""Grams of a word that are looked up: more would cost more than they exclude."""

DOMAIN: Final = "@"
BEGIN: Final = "^"
LAST: Final = "\U0010ffff"


def grams_of(word: str) -> list[str]:
    """The grams of a word. One that begins with a sign (BEGIN, DOMAIN) has it in front of each."""
    if word[0] == DOMAIN:
        padded = f" {word[1:]} "
        return [DOMAIN + padded[at : at + 3] for at in range(len(padded) - 2)]
    if word[0] == BEGIN:
        return [word]
    padded = f" {word} "
    return [padded[at : at + 3] for at in range(len(padded) - 2)]


def inside(text: str, space: str = "", *, whole: bool = False) -> tuple[str, ...]:
    """Grams that whatever holds `text` has: all, or a few of them. Empty for less than three characters."""
    last = len(text) - 3
    at = range(last + 1) if whole or last < _MOST else sorted({0, 1, last // 2, last - 1, last})
    return tuple(dict.fromkeys(space + text[each : each + 3] for each in at))


def packed_few(places_: Sequence[int]) -> bytes:
    """Places in ascending order, as they are kept."""
    return array("H", places_).tobytes() if 2 * len(places_) < _BITMAP else bitmap(bits_of(places_))


def packed(bits: int) -> bytes:
    """A bitmap, as it is kept."""
    return array("H", _listed(bits)).tobytes() if 2 * bits.bit_count() < _FEW else bitmap(bits)


def _listed(bits: int) -> list[int]:
    """The places of few, byte by byte: shifting all of a bitmap for each would take longer."""
    return [at << 3 | bit for at, byte in enumerate(bitmap(bits)) if byte for bit in range(8) if byte >> bit & 1]


def all_of(kept: Sequence[bytes]) -> int:
    """The places that are in each of these, as one number, a bit each."""
    lists = sorted((each for each in kept if len(each) < _BITMAP), key=len)
    maps = [each for each in kept if len(each) == _BITMAP]
    if not lists:
        bits = -1
        for each in maps:
            bits &= int.from_bytes(each, "little")
        return bits
    found: Sequence[int] = array("H", lists[0])
    for each in lists[1:]:
        found = _in_both(found, array("H", each))
    if len(found) > _CHEAPER:
        bits = bits_of(found)
        for each in maps:
            bits &= int.from_bytes(each, "little")
        return bits
    for each in maps:
        found = [place for place in found if each[place >> 3] >> (place & 7) & 1]
    return bits_of(found) if found else 0


def _in_both(found: Sequence[int], other: Sequence[int]) -> Sequence[int]:
    """Those of a shorter list that a longer one has; both ascend."""
    if len(found) * _CHEAPER > len(other) * 8:
        return sorted(set(found).intersection(other))
    last = len(other) - 1
    return [place for place in found if other[min(bisect_left(other, place), last)] == place]


def any_of(kept: Iterable[bytes]) -> int:
    """The places that are in any of these."""
    bits, found = 0, bytearray(_BITMAP)
    for each in kept:
        if len(each) == _BITMAP:
            bits |= int.from_bytes(each, "little")
        else:
            _mark(found, array("H", each))
    return bits | int.from_bytes(found, "little")


def bits_of(places_: Iterable[int]) -> int:
    """One number, a bit for each place."""
    bits = bytearray(_BITMAP)
    _mark(bits, places_)
    return int.from_bytes(bits, "little")


def _mark(bits: bytearray, places_: Iterable[int]) -> None:
    for each in places_:
        bits[each >> 3] |= 1 << (each & 7)


def bitmap(bits: int) -> bytes:
    """All places of a segment, whatever they are."""
    return bits.to_bytes(_BITMAP, "little")


def places(bits: int) -> Iterator[int]:
    """The places, in ascending order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
