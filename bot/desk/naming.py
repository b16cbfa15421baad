"""When two texts name the same customer: any case, umlauts or not; a different firm never (design.md, rule 11)."""

import re
import unicodedata
import uuid
from typing import Final

from bot.domain.folding import GERMAN, folded, unmarked, visible

_CAPITALS: Final[dict[int, str]] = {ord("Ä"): "Ae", ord("Ö"): "Oe", ord("Ü"): "Ue"}
_WORD_END: Final = re.compile(r"[.,](?=\s|$)")
_AMPERSAND: Final = re.compile(r"\s*([&+/])\s*")
_SPELT: Final = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))
_DOMAIN: Final = re.compile(r"[^\s@/]+\.[^\s@/.]{2,}\.?")


def keys(text: str) -> frozenset[str]:
    """The spellings by which a name is known: marks dropped (ü is u), and as in German (ü is ue). Never an empty one.

    Two names are the same if they share a key. Letters, digits and their order always count; of punctuation only
    what people leave out: stops and commas at the end of a word, spaces around &, the kind of quotes and dashes.
    """
    plain = folded(text)
    return frozenset(key for key in (_bare(plain), _bare(plain.translate(GERMAN))) if key)


def same_name(one: str, other: str) -> bool:
    """Whether both name the same customer, as far as a name can tell."""
    return bool(keys(one) & keys(other))


def spellings(text: str) -> tuple[str, ...]:
    """What to ask a service for that compares letters as they are: as typed, with umlauts, without them."""
    composed = unicodedata.normalize("NFC", text)
    found = [composed, composed.translate(GERMAN).translate(_CAPITALS)]
    with_umlauts = composed
    for digraph, umlaut in _SPELT:
        with_umlauts = with_umlauts.replace(digraph, umlaut).replace(digraph.capitalize(), umlaut.upper())
    return tuple(dict.fromkeys([*found, with_umlauts]))


def domain_key(text: str) -> str | None:
    """A domain in one spelling: lower case, international labels as the DNS has them; None for what is no domain.

    Not casefolded: straße.de and strasse.de are two domains.
    """
    bare = unicodedata.normalize("NFC", text.strip().rstrip(".").lower())
    if _DOMAIN.fullmatch(bare) is None:
        return None
    labels = (each if each.isascii() else f"xn--{each.encode('punycode').decode('ascii')}" for each in bare.split("."))
    return ".".join(labels)


def tenant_id(text: str) -> str | None:
    """A tenant id in its usual spelling; None for what is none."""
    bare = text.strip()
    if len(bare) != len("00000000-0000-0000-0000-000000000000"):
        return None
    try:
        return str(uuid.UUID(bare))
    except ValueError:
        return None


def _bare(text: str) -> str:
    plain = visible(unmarked(text))
    return " ".join(_AMPERSAND.sub(r" \1 ", _WORD_END.sub(" ", plain)).split())
