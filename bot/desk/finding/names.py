"""Words of a message that may be a customer's name, and how well a name fits a message. Guesses: only ever offered."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.desk.naming import keys

MOST: Final = 8
"""Phrases, each of which is looked for."""
_LONGEST_NAME: Final = 6  # words
_WORDS: Final = 400
_SHORTEST: Final = 3  # letters of a word that tells something

_LEGAL_WORDS: Final = """
gmbh mbh ag kg kgaa ohg gbr ug ek e.k ev e.v eg e.g e.gen gen se sa s.a sas sarl s.a.r.l srl s.r.l spa s.p.a bv b.v
nv n.v ltd limited plc llc llp inc corp co company pvt pte pty oy ab as a/s aps sp z o.o s.l sl stiftung
"""
_LEGAL: Final = frozenset(_LEGAL_WORDS.split())
"""Folded; what firms are, not who."""
_ORDINARY_WORDS: Final = """
hallo guten morgen abend liebe lieber moin danke vielen bitte kunde kunden kundin firma frau herr herrn lizenz
lizenzen upgrade upgrades abo abonnement abonnements microsoft office enterprise business basic standard premium
teams exchange apps ticket tickets mandant tenant domain anfrage braucht brauchen möchte moechte kann können koennen
könnt kannst jemand heute gestern nicht noch schon auch eine einen einem einer eines der die das den dem des und
oder aber für fuer von vom mit bei nach aus auf über ueber unter beim zur zum ist sind war wird werden haben hat
hatte wir ihr sie ich uns euch ihnen mehr weniger alle alles neue neuen neuer mal wie was wer wo wann warum dass
wenn dann hier dort grüße gruss gruß viele mfg hello dear please thanks thank you regards best customer customers
company mister from with for the and that this they their them there have has had need needs want wants would could
should can will are were been more less seat seats licence licences license licenses option options today tomorrow
yesterday not about into our your his her its who what when where why how all any new one two some anyone somebody
someone team know check look looking ask asks asked
"""
_ORDINARY: Final = frozenset(_ORDINARY_WORDS.split())

_WORD: Final = re.compile(r"[^\W_](?:[\w'’./-]*[^\W_])?|[&+]")
_QUOTED: Final = re.compile(r"[„“”\"»«‚‘`]([^„“”\"»«‚‘`\n]{3,100})[“”\"«»‘’`]")
_BREAK: Final = re.compile(r"[\n;:,!?()\[\]{}|•>]+|(?<![Cc]o)(?<!e\.[KVG])\.(?=\s|$)|\s[-–—]\s")


def phrases(text: str) -> tuple[str, ...]:
    """What to look for, likeliest first: with a legal form, in quotes, several capitalised words, one, any other."""
    runs = [run for part in _BREAK.split(text) for run in _runs(part)]
    formed = [each for run in runs for each in _with_form(run)]
    quoted = [" ".join(each.split()) for each in _QUOTED.findall(text) if any(map(str.isalpha, each))]
    capitalised = [run for run in runs if len(run) > 1 and not all(_dull(word) for word in run)]
    words = [word for word in _words(text) if not _dull(word)]
    singles = sorted(words, key=lambda word: not word[0].isupper())
    found = [*formed, *quoted, *(" ".join(run[:_LONGEST_NAME]) for run in capitalised), *singles]
    once: dict[str, str] = {}
    for each in found:
        once.setdefault(each.casefold(), each)
    return tuple(once.values())[:MOST]


def spelt(text: str) -> frozenset[str]:
    """The spellings of each word of a text, folded (bot/desk/naming.py)."""
    return frozenset(key for word in _words(text) for key in keys(word))


def fit(name: str, words: frozenset[str]) -> float:
    """How much of a name is among the words of a message: 1 for all of it, 0 for nothing that tells anything."""
    telling = [word for word in _words(name) if not _legal(word) and len(word) >= _SHORTEST]
    if not telling:
        return 0.0
    return sum(bool(keys(word) & words) for word in telling) / len(telling)


def _words(text: str) -> list[str]:
    return [match[0] for match, _ in zip(_WORD.finditer(text), range(_WORDS), strict=False) if match[0] not in "&+"]


def _runs(part: str) -> Iterator[list[str]]:
    """Words in a row that begin with a capital or a digit, or are a legal form or what joins two such."""
    run: list[str] = []
    for match, _ in zip(_WORD.finditer(part), range(_WORDS), strict=False):
        word = match[0]
        if word[0].isupper() or word[0].isdigit() or (run and (_legal(word) or word in "&+")):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _with_form(run: list[str]) -> Iterable[str]:
    """A run up to its legal form, and without the words before: a sentence may begin with `Bitte Contoso GmbH`."""
    ends = [at for at, word in enumerate(run) if _legal(word)]
    if not ends or ends[0] == 0:
        return []
    last = ends[-1] + 1
    first = next((at for at in range(ends[0]) if not _dull(run[at])), ends[0])
    starts = range(max(first, ends[0] - _LONGEST_NAME), ends[0])
    return [" ".join(run[start:last]) for start in starts if run[start] not in "&+"]


def _legal(word: str) -> bool:
    return word.casefold().rstrip(".") in _LEGAL


def _dull(word: str) -> bool:
    """A word that says nothing about who is meant."""
    folded = word.casefold()
    return len(word) < _SHORTEST or folded in _ORDINARY or _legal(word) or not any(each.isalpha() for each in word)
