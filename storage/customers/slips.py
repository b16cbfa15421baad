"""One typing error: a letter too many, too few, another one, two that changed places; also in a word half typed.

Of each word's beginning the directory keeps what is left without one letter (`slips`). A wrong or missing letter
is looked up there; what the other two errors may have been meant to be is known, and only has to be a word's beginning.
"""

from typing import Final

STEM: Final = 7
"""Letters of a word that are kept; an error behind them is found by those in front of it."""

SHORTEST: Final = 3
"""Letters of a word in which errors are looked for."""


def stem(word: str) -> str:
    """The beginning of a word that is kept."""
    return word[:STEM]


def slips(stem_: str) -> list[tuple[str, str]]:
    """The place of a letter with what is left without it, and the letter."""
    return [(f"{at}{stem_[:at]}{stem_[at + 1 :]}", stem_[at]) for at in range(len(stem_))]


def known(typed: str) -> list[str]:
    """What was meant where a letter is too many, or two changed places, or a space is missing or a letter instead."""
    swapped = [
        f"{typed[:at]}{typed[at + 1]}{typed[at]}{typed[at + 2 :]}"
        for at in range(len(typed) - 1)
        if typed[at] != typed[at + 1]
    ]
    shorter = [typed[:at] + typed[at + 1 :] for at in range(len(typed))]
    apart = [f"{typed[:at]} {typed[at:]}" for at in range(2, len(typed) - 1)]
    instead = [f"{typed[:at]} {typed[at + 1 :]}" for at in range(2, len(typed) - 2)]
    return [each for each in dict.fromkeys([*swapped, *shorter, *apart, *instead]) if len(each) > 1]


def gaps(typed: str) -> list[tuple[str, str, str]]:
    """To look up: what is left when a letter is left out, and what stands before and behind the letter to be found."""
    wrong = [(f"{at}{typed[:at]}{typed[at + 1 :]}"[:STEM], typed[:at], typed[at + 1 :]) for at in range(len(typed))]
    missing = [(f"{at}{typed}"[:STEM], typed[:at], typed[at:]) for at in range(len(typed))]
    return [each for each in (*missing, *wrong) if len(each[1]) < STEM]


def begins_almost(typed: str, text: str) -> bool:
    """Whether `text` begins with `typed`, one error taken back."""
    at = 0
    most = min(len(typed), len(text))
    while at < most and typed[at] == text[at]:
        at += 1
    rest, behind = text[at:], typed[at + 1 :]
    if not typed[at:] or rest.startswith(behind) or rest[1:].startswith((behind, typed[at:])):
        return True
    return len(rest) > 1 and bool(behind) and rest[:2] == behind[0] + typed[at] and rest[2:].startswith(behind[1:])
