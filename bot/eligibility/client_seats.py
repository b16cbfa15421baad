"""The body that sets a number of seats: the very text of the subscription as just read, with that number in it.

A PATCH resets what its body leaves out (facts/partner-center.md, 3), so nothing is read into a model and written again:
fields that we do not know, nulls, spelling and order all go back as they came.
"""

import re
from json import JSONDecoder
from typing import Final

_SPACE: Final = re.compile(r"[ \t\n\r]*")


def quantity_body(raw: bytes, *, quantity: int) -> bytes:
    """`raw`, an object in JSON, with `quantity` in the place of its own. Raises ValueError where it has none.

    Keys are compared in any case of letters, as Partner Center writes them; of several, each is replaced.
    """
    text = raw.decode("utf-8")
    parts: list[str] = []
    kept = 0
    for key, begin, end in _members(text):
        if key.casefold() == "quantity":
            parts += [text[kept:begin], str(quantity)]
            kept = end
    if not parts:
        raise ValueError("no quantity")
    return "".join([*parts, text[kept:]]).encode("utf-8")


def _members(text: str) -> list[tuple[str, int, int]]:
    """Key, begin and end of the value of each member of the outermost object."""
    decoder = JSONDecoder()
    members: list[tuple[str, int, int]] = []
    at = _after(text, 0, "{")
    while text[at : at + 1] != "}":
        if members:
            at = _after(text, at, ",")
        key, at = decoder.raw_decode(text, at)
        begin = _after(text, at, ":")
        _, end = decoder.raw_decode(text, begin)
        members.append((str(key), begin, end))
        at = _skip(text, end)
    return members


def _after(text: str, at: int, mark: str) -> int:
    """The place of what follows a mark."""
    at = _skip(text, at)
    if text[at : at + 1] != mark:
        raise ValueError("no object")
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()
