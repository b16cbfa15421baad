"""How well a customer fits what was typed: the same judgement on both engines, over the folded names."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.customers import Customer
from storage.customers.folding import domain_texts, name_texts
from storage.customers.slips import begins_almost

FULL_NAME: Final = 0
FULL_DOMAIN: Final = 1
NAME_BEGINS_WITH_WORDS: Final = 2
NAME_BEGINS: Final = 3
WORDS_BEGIN: Final = 4
IN_NAME: Final = 5
ELSEWHERE: Final = 6


class Score(NamedTuple):
    """Smaller is better. `errors`: typing errors that had to be taken back."""

    errors: int
    tier: int
    respelt: int
    parts: int
    length: int
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word in its spellings. `almost`: also where it stands with one typing error."""

    spellings: tuple[str, ...]
    almost: bool = False


Reading = tuple[Word, ...]


def best(customer: Customer, readings: tuple[Reading, ...], typed: str) -> Score | None:
    """How well it fits the best of the readings of `typed` (casefolded); None where it fits none."""
    names = tuple(f" {each} " for each in name_texts(customer.name))
    domains = tuple(f" {each} " for each in domain_texts(customer.domain))
    found = [score for each in readings if (score := _score(customer, each, names, domains)) is not None]
    score = min(found, default=None)
    if score is None or typed in score.name:
        return score
    return score._replace(respelt=score.respelt + 1)


def _score(customer: Customer, reading: Reading, names: tuple[str, ...], domains: tuple[str, ...]) -> Score | None:
    errors = respelt = parts = 0
    worst = WORDS_BEGIN
    for word in reading:
        found = _find(word, names) or _find(word, domains, elsewhere=True)
        if found is None:
            return None
        wrong, tier, spelt, part = found
        errors, worst, respelt, parts = errors + wrong, max(worst, tier), respelt + spelt, parts + part
    if errors == 0:
        worst = min(worst, _whole(reading, names, domains))
    return Score(errors, worst, respelt, parts, len(customer.name), customer.name.casefold(), customer.id)


def _find(word: Word, texts: tuple[str, ...], *, elsewhere: bool = False) -> tuple[int, int, int, int] | None:
    """Errors, tier, whether it had to be spelt otherwise, whether it is but the beginning or a part of a word."""
    begins = part = None
    for at, spelling in enumerate(word.spellings):
        for text in texts:
            if f" {spelling} " in text:
                return 0, ELSEWHERE if elsewhere else WORDS_BEGIN, int(at > 0), 0
            if begins is None and f" {spelling}" in text:
                begins = 0, ELSEWHERE if elsewhere else WORDS_BEGIN, int(at > 0), 1
            if part is None and spelling in text:
                part = 0, ELSEWHERE if elsewhere else IN_NAME, int(at > 0), 2
    if begins or part:
        return begins or part
    if word.almost and any(_almost(spelling, text) for spelling in word.spellings for text in texts):
        return 1, ELSEWHERE if elsewhere else WORDS_BEGIN, 0, 1
    return None


def _almost(spelling: str, text: str) -> bool:
    """Whether something from the beginning of a word on is this but for one error."""
    at = text.find(" ")
    while -1 < at < len(text) - 1:
        if begins_almost(spelling, text[at + 1 :]):
            return True
        at = text.find(" ", at + 1)
    return False


def _whole(reading: Reading, names: tuple[str, ...], domains: tuple[str, ...]) -> int:
    """The tier of the text as a whole: all of the name, all of the domain, the beginning of the name."""
    longest = max(len(word.spellings) for word in reading)
    phrases = dict.fromkeys(
        " ".join(word.spellings[min(at, len(word.spellings) - 1)] for word in reading) for at in range(longest)
    )
    tier = ELSEWHERE
    for phrase in phrases:
        if f" {phrase} " in names:
            return FULL_NAME
        if f" {phrase} " in domains:
            tier = min(tier, FULL_DOMAIN)
        elif any(name.startswith(f" {phrase} ") for name in names):
            tier = min(tier, NAME_BEGINS_WITH_WORDS)
        elif any(name.startswith(f" {phrase}") for name in names):
            tier = min(tier, NAME_BEGINS)
    return tier
