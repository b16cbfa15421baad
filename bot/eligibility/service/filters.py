"""`filter`, a JSON object in the query: one simple filter, `{"Field":…,"Value":…,"Operator":…}` (facts, 4)."""

import json
from dataclasses import dataclass
from typing import Final

from bot.eligibility.service.errors import InvalidInput

_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleFilter:
    """A filter, its words in lower case."""

    field: str
    value: str
    operator: str


def filter_of(text: str | None, *, allowed: dict[str, frozenset[str]]) -> SimpleFilter | None:
    """The filter of a query; None without one. `allowed` has the operators of each field, in lower case."""
    if text is None or not text.strip():
        return None
    if len(text) > _LONGEST:
        raise InvalidInput("The filter is too long.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise InvalidInput("The filter is not valid JSON.") from fault
    if not isinstance(found, dict):
        raise InvalidInput("The filter must be a JSON object.")
    words = {str(key).casefold(): value for key, value in found.items()}
    field, value, operator = (words.get(each) for each in ("field", "value", "operator"))
    if not isinstance(field, str) or not isinstance(value, str) or not isinstance(operator, str):
        raise InvalidInput("The filter needs Field, Value and Operator, each a text.")
    if field.casefold() not in allowed:
        raise InvalidInput(f"The filter's Field must be one of: {', '.join(sorted(allowed))}.")
    operators = allowed[field.casefold()]
    if operator.casefold() not in operators:
        raise InvalidInput(f"The filter's Operator must be one of: {', '.join(sorted(operators))}.")
    if "\0" in value or not _whole(value):
        raise InvalidInput("The filter's Value holds a character that no name has.")
    return SimpleFilter(field=field.casefold(), value=value, operator=operator.casefold())


def _whole(text: str) -> bool:
    """Whether no character is half of a pair, which no database stores."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
