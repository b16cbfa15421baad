"""Where in a JSON text each value stands: on the way of a fault only, so it may be slow."""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined] # the standard library's own string reader

Steps = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r'[^\s,\]}"{\[]+')


def positions(text: str) -> dict[Steps, int]:
    """The offset of each value of a valid JSON text by its place, such as `("users", 0, "id")`. A later double wins.

    The place with `"#key"` at its end is that of the key itself.
    """
    found: dict[Steps, int] = {}
    _value(text, _skip(text, 0), (), found)
    return found


def path_text(steps: Steps) -> str:
    """A place as people read it: `customers[3].subscriptions[0].quantity`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _value(text: str, at: int, place: Steps, found: dict[Steps, int]) -> int:
    found[place] = at
    start = text[at : at + 1]
    if start == "{":
        return _object(text, at + 1, place, found)
    if start == "[":
        return _array(text, at + 1, place, found)
    if start == '"':
        return int(scanstring(text, at + 1, True)[1])  # noqa: FBT003 the standard library's own signature
    match = _SCALAR.match(text, at)
    if match is None:
        raise json.JSONDecodeError("a value is missing", text, at)
    return match.end()


def _object(text: str, at: int, place: Steps, found: dict[Steps, int]) -> int:
    at = _skip(text, at)
    while text[at] != "}":
        begun = at
        key, at = scanstring(text, at + 1, True)  # noqa: FBT003 the standard library's own signature
        if (*place, key) in found:
            found[(*place, key, "#twice")] = begun
        at = _skip(text, _skip(text, at) + 1)
        at = _skip(text, _value(text, at, (*place, key), found))
        found[(*place, key, "#key")] = begun
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _array(text: str, at: int, place: Steps, found: dict[Steps, int]) -> int:
    at = _skip(text, at)
    number = 0
    while text[at] != "]":
        at = _skip(text, _value(text, at, (*place, number), found))
        number += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()
