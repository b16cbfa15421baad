"""How names are folded, once for the desk and the store: any case, marks dropped from Latin and Greek letters only.

In other scripts a mark makes another letter (ガ is not カ). The German spelling of umlauts is a second folding.
"""

import unicodedata
from typing import Final

GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_PUNCTUATION: Final[dict[str, str]] = {
    **dict.fromkeys("‘’‚‛′´`", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "\xad": "",
}
_MARKS: Final = {ord(mark): plain for mark, plain in _PUNCTUATION.items()}
_MARKED: Final = ("LATIN ", "GREEK ")


def folded(text: str) -> str:
    """Case folded, one kind of quotes and dashes, composed; marks are still there."""
    if text.isascii():
        return text.casefold().replace("`", "'")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text.translate(_MARKS)).casefold())


def unmarked(text: str) -> str:
    """A folded text without the marks of its Latin and Greek letters, decomposed; ß was casefolded to ss before."""
    if text.isascii():
        return text
    return _without_marks(unicodedata.normalize("NFKD", text)).translate(_LETTERS)


def visible(text: str) -> str:
    """Without characters that nobody sees (zero-width spaces, direction marks)."""
    if text.isascii():
        return text
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def _without_marks(decomposed: str) -> str:
    kept, droppable = [], False
    for each in decomposed:
        if not unicodedata.combining(each):
            droppable = unicodedata.name(each, "").startswith(_MARKED)
        elif droppable:
            continue
        kept.append(each)
    return "".join(kept)
