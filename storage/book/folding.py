"""Names folded for search: any case, with umlauts or without (issue 2, 3: "Müller", "Muller", "Mueller").

A name has one key, in which marks are dropped (ü is u), and a second one where the German spelling differs (ü is ue).
What is looked for is folded both ways too, so each spelling finds each other one of the three where either says ü.
"""

import unicodedata

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "\x00": "", "\U0010ffff": ""})

LAST = "\U0010ffff"
"""Sorts behind every character of a key: a prefix `p` is the range from `p` up to `p + LAST`."""


KEY_LENGTH = 200
"""Characters of a key: PostgreSQL indexes no entry above 2,704 bytes. Longer names are found by their first 200."""


def fold(text: str) -> tuple[str, ...]:
    """One key, or two where the German spelling differs: `("muller", "mueller")`. Spaces are single."""
    return _both(text)


def prefixes(text: str) -> tuple[str, ...]:
    """What a key must begin with to be found; none of them begins with another one. Empty text finds everything."""
    found = _both(text)
    return tuple(each for each in found if not any(each != other and each.startswith(other) for other in found))


def _both(text: str) -> tuple[str, ...]:
    if text.isascii():
        return (_bare(text.casefold()),)
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    plain = _bare(_without_marks(composed))
    german = _bare(_without_marks(composed.translate(_GERMAN)))
    return (plain,) if plain == german else (plain, german)


def _without_marks(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _bare(text: str) -> str:
    return " ".join(text.translate(_LETTERS).split())[:KEY_LENGTH]
