"""Durations as people write them in a policy file: `24 h`, `90 min`, `2 d`."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_FORM: Final = re.compile(r"([1-9][0-9]{0,5}) ?(s|min|h|d)")


def parse_duration(text: object) -> timedelta:
    """A positive duration: a whole number and one of s, min, h, d. ValueError says what was expected."""
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f'{text!r} is no duration; write for example "24 h", "90 min" or "2 d"')
    return int(match[1]) * _UNITS[match[2]]
