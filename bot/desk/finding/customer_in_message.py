"""Whom a message is about. A domain or a tenant id of exactly one customer is sure; everything else is a guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.directory_search import FoundCustomer, search_customers
from bot.desk.finding.clues import Clues, clues_in
from bot.desk.finding.names import fit
from bot.desk.naming import domain_key
from bot.domain.audit import AuditName
from bot.domain.people import Caller
from bot.domain.policy import Action
from bot.eligibility.client_together import side_by_side

OFFERED: Final = 20
"""Customers that a message is said to be about, at most."""
_SEARCHED: Final = 6
"""Of each kind of clue."""
_WITHIN: Final = 2.0
_BY_NAME: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class InMessage:
    """`sure`: the text (a domain, a tenant id) by which one customer is found, to be opened by `find_customer`.

    `candidates`: who may be meant, best first; that one alone where `sure` is set.
    """

    sure: str | None
    candidates: tuple[FoundCustomer, ...]


async def customer_in_message(desk: Desk, *, caller: Caller, text: str) -> InMessage:
    """Admit, then look. Nothing of the text is logged or kept. Raises what `admit` raises."""
    await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    clues = clues_in(text)
    named = [*clues.tenants[:_SEARCHED], *clues.domains[:_SEARCHED]]
    exact, complete = await _exact(desk, named)
    sure = [pair for pair in exact if pair[0] not in clues.called]
    if sure and len({found.customer.id for _, found in exact}) == 1 and _nobody_else(clues, named, complete=complete):
        return InMessage(sure=sure[0][0], candidates=(sure[0][1],))
    above, _ = await _exact(desk, clues.above[:_SEARCHED])
    guessed = await _by_name(desk, clues)
    once: dict[str, FoundCustomer] = {}
    for each in (*(found for _, found in (*exact, *above)), *guessed):
        once.setdefault(each.customer.id, each)
    return InMessage(sure=None, candidates=tuple(once.values())[:OFFERED])


def _nobody_else(clues: Clues, named: Sequence[str], *, complete: bool) -> bool:
    """Whether all that the message names was looked for, where everybody is found."""
    every = clues.whole and len(named) == len(clues.tenants) + len(clues.domains)
    return every and (complete or len(named) == 1)


async def _exact(desk: Desk, texts: Sequence[str]) -> tuple[list[tuple[str, FoundCustomer]], bool]:
    """Each customer who has exactly such a domain or tenant id, with it; and whether there can be no others."""
    searches = [search_customers(desk, text=each, within=_WITHIN) for each in texts]
    answers = await side_by_side(searches, most=desk.config.side_by_side)
    pairs = zip(texts, answers, strict=True)
    found = [(text, each) for text, answer in pairs for each in answer.matches if _is(each, text)]
    return found, all(each.complete for each in answers)


def _is(found: FoundCustomer, text: str) -> bool:
    return found.customer.id.lower() == text or domain_key(found.customer.domain) == text


async def _by_name(desk: Desk, clues: Clues) -> list[FoundCustomer]:
    """Whose name is in the message, the whole of it before a part."""
    searches = [search_customers(desk, text=each, limit=_BY_NAME, within=_WITHIN) for each in clues.names[:_SEARCHED]]
    answers = await side_by_side(searches, most=desk.config.side_by_side)
    fitting = [(fit(each.customer.name, clues.words), each) for answer in answers for each in answer.matches]
    return [each for part, each in sorted(fitting, key=lambda pair: -pair[0]) if part > 0]
