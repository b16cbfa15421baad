"""A customer's names as they are searched in, and a typed text as it is searched for.

A name has up to three spellings: marks dropped (ü is u), as in German (ü is ue), and that with its digraphs drawn
together (ue is u). What is typed has the same three, so "Müller", "Mueller" and "Muller" each find each other.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bot.domain.folding import GERMAN, folded, unmarked

LONGEST: Final = 200
"""Characters of a name that are searched in; longer ones are found by their first 200."""

_DIGRAPHS: Final = re.compile("(?<=[aou])e|(?<=a)a")
_DRAWN: Final = ("ae", "oe", "ue", "aa")


class _Letters(dict[int, int | str]):
    """For `str.translate`: letters, digits and marks stay, anything else becomes `instead`."""

    def __init__(self, instead: str) -> None:
        super().__init__()
        self._instead = instead

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        kept: int | str = code if character == " " or unicodedata.category(character)[0] in "LNM" else self._instead
        self[code] = kept
        return kept


_SPACED: Final = _Letters(" ")
_SQUEEZED: Final = _Letters("")


def drawn(text: str) -> str:
    """The German digraphs drawn together: mueller is muller. Of what has none, itself."""
    return _DIGRAPHS.sub("", text) if any(each in text for each in _DRAWN) else text


def _spellings(text: str) -> tuple[str, ...]:
    base = folded(text[:LONGEST])
    if base.isascii():
        return (base,)
    plain, german = _composed(unmarked(base)), _composed(unmarked(base.translate(GERMAN)))
    return (plain,) if plain == german else (plain, german)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _words(text: str) -> tuple[str, ...]:
    """With single spaces between words, and where a word has a stop or a dash in it, also without that."""
    spaced = " ".join(text.translate(_SPACED).split())
    squeezed = " ".join(text.translate(_SQUEEZED).split())
    return (spaced,) if spaced == squeezed else (spaced, squeezed)


def tokens(name: str) -> list[str]:
    """What stands between the spaces of a name, of as much of it as is searched in."""
    found = name.split()
    return found if len(name) <= LONGEST else " ".join(found)[:LONGEST].split()


def _forms(token: str) -> tuple[str, ...]:
    """The eight spellings of a token in their order; one where all are the same."""
    spelt = _spellings(token)
    plain, german = _words(spelt[0]), _words(spelt[-1])
    four = (plain[0], plain[-1], german[0], german[-1])
    eight = (*four, *(drawn(each) for each in four))
    return eight if len(set(eight)) > 1 else eight[:1]


_kept_forms = lru_cache(maxsize=16_384)(_forms)


def name_texts(name: str) -> tuple[str, ...]:
    """The spellings of a name, the plainest first. Empty where it has neither letter nor digit.

    Put together from those of its tokens, which names share: a search spells thousands of names.
    """
    forms = [_kept_forms(each) for each in tokens(name)]
    ways = max(map(len, forms), default=0)
    texts = [" ".join([each[way if len(each) > 1 else 0] for each in forms if each[0]]) for way in range(ways)]
    return tuple(each for each in dict.fromkeys(texts) if each)


def domain_texts(domain: str) -> tuple[str, ...]:
    """The spellings of a domain, its labels as words, international ones as people write them."""
    if domain.isascii() and "xn--" not in (plain := domain[:LONGEST].lower()):
        return (words,) if (words := " ".join(plain.translate(_SPACED).split())) else ()
    found = [" ".join(each.translate(_SPACED).split()) for each in _spellings(_shown(domain))]
    return tuple(each for each in dict.fromkeys(found) if each)


def _label(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


@lru_cache(maxsize=65_536)
def token_words(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of what stands between two spaces of a name: the words of all its spellings, and which of them are first."""
    split = [each.split(" ") for each in dict.fromkeys(_forms(token)) if each]
    return tuple(dict.fromkeys(word for each in split for word in each)), tuple(
        dict.fromkeys(each[0] for each in split)
    )


def domain_words(domain: str) -> list[str]:
    """The words of a domain. They are typed as they are, so their digraphs are not drawn together."""
    return [word for each in domain_texts(domain) for word in each.split(" ")]


def _shown(domain: str) -> str:
    bare = domain[:LONGEST]
    return " ".join(_label(each) for each in bare.split(".")) if "xn--" in bare.lower() else bare


@lru_cache(maxsize=4096)
def readings(typed: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """What was typed: the ways to read it, each as words, each of these as its spellings.

    There is a second way where it has a stop or a dash inside a word ("h&m": two words, or one).
    """
    found = [_one(words) for words in _both(typed)]
    return tuple(dict.fromkeys(each for each in found if each))


def _both(typed: str) -> tuple[tuple[str, ...], ...]:
    """The texts of each way, spelt in each way: the same words in each spelling, in the same order."""
    spelt = [_words(each) for each in _spellings(" ".join(typed.split()))]
    ways = max(len(each) for each in spelt)
    return tuple(tuple(each[min(way, len(each) - 1)] for each in spelt) for way in range(ways))


def _one(texts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    split = [each.split() for each in texts]
    return tuple(_spelt(spellings) for spellings in zip(*split, strict=False))


def _spelt(spellings: tuple[str, ...]) -> tuple[str, ...]:
    """With the digraphs drawn together, unless a single letter would be left, which is found everywhere."""
    shorter = (drawn(each) for each in spellings)
    return tuple(dict.fromkeys((*spellings, *(each for each in shorter if len(each) > 1))))
