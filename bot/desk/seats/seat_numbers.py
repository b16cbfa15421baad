"""What a number of seats means: so many more, so many in total, or either. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from bot.desk.reasons import Problem
from bot.domain.catalogue import NO_LIMIT
from bot.domain.errors import BadInput

FIELD: Final = "seats"

_PARTS: Final = re.compile(r"([+=]?)\s*(.*)", re.DOTALL)
_DIGITS: Final = re.compile(r"[0-9]+")
_NEGATIVE: Final = re.compile(r"[-\u2010-\u2015\u2212]\s*[0-9]+(?:[.,][0-9]*)?")
_DECIMAL: Final = re.compile(r"[0-9]+[.,][0-9.,]*|[.,][0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """So many seats more."""

    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """So many seats in total."""

    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """A bare number that can mean both: `added` seats more, or `total` in total. The reader is asked."""

    added: Added
    total: Total


Wanted = Added | Total


def read_number(text: str, *, current: int | None) -> Added | Total | Either:
    """What was typed beside a customer: `+25` is more, `=25` is in total, `25` is both where it can be.

    `current` is how many seats there are, None where it is not known yet. Raises BadInput, at the field `seats`.
    """
    sign, count = _read(text)
    if sign == "+":
        return Added(seats=count)
    if sign == "=":
        if current is not None and count <= current:
            raise BadInput(field=FIELD, problem=Problem.NOT_MORE_THAN_NOW, current=current)
        return Total(seats=count)
    if current is not None and count <= current:
        return Added(seats=count)
    return Either(added=Added(seats=count), total=Total(seats=count))


def read_added(text: str) -> int:
    """What was typed where seats to add are asked for. Raises BadInput, at the field `seats`."""
    sign, count = _read(text)
    if sign == "=":
        raise BadInput(field=FIELD, problem=Problem.NOT_A_NUMBER)
    return count


def read_part(text: str, *, most: int) -> int:
    """How many of `most` seats are meant. Raises BadInput, at the field `seats`."""
    sign, count = _read(text)
    if sign:
        raise BadInput(field=FIELD, problem=Problem.NOT_A_NUMBER)
    if count > most:
        raise BadInput(field=FIELD, problem=Problem.MORE_THAN_THERE, most=most)
    return count


def added_by(wanted: Wanted, *, current: int) -> int:
    """How many seats are added; 0 or less where a total is no more than there are."""
    return wanted.seats if isinstance(wanted, Added) else wanted.seats - current


def within_limit(count: int, *, current: int, limit: int | None) -> int:
    """The new total. Raises BadInput, at the field `seats`, where it is over the limit."""
    total = current + count
    if total > (NO_LIMIT if limit is None else limit):
        most = max((NO_LIMIT if limit is None else limit) - current, 0)
        raise BadInput(field=FIELD, problem=Problem.OVER_LIMIT, limit=limit or NO_LIMIT, most=most)
    return total


def _read(text: str) -> tuple[str, int]:
    """The sign, and a whole number above 0. Digits are those of ASCII: no other spelling is guessed at."""
    bare = text.strip()
    if not bare:
        raise BadInput(field=FIELD, problem=Problem.EMPTY)
    found = _PARTS.fullmatch(bare)
    sign, rest = ("", bare) if found is None else (found[1], found[2])
    if _DIGITS.fullmatch(rest) is None:
        raise BadInput(field=FIELD, problem=_problem(rest))
    if len(rest.lstrip("0")) > len(str(NO_LIMIT)) or (count := int(rest)) > NO_LIMIT:
        raise BadInput(field=FIELD, problem=Problem.NUMBER_TOO_LARGE, most=NO_LIMIT)
    if count == 0:
        raise BadInput(field=FIELD, problem=Problem.NOT_POSITIVE)
    return sign, count


def _problem(rest: str) -> Problem:
    if _NEGATIVE.fullmatch(rest):
        return Problem.NOT_POSITIVE
    return Problem.NOT_WHOLE if _DECIMAL.fullmatch(rest) else Problem.NOT_A_NUMBER
