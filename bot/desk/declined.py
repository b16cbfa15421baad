"""A service that declined an order: read once more what it acted on before the change is called failed.

Something between us may have sent the order twice. Then the answer that came back is the second copy's, and says no
because the first one acted, or is still under way. What was upgraded is no longer there as it was; only what is, with
nothing under way, proves that nothing happened.
"""

import asyncio
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.desk.orders import order_of
from bot.domain.changes import Change
from bot.domain.customers import ReasonKind
from bot.domain.errors import NotThere, ServiceTrouble
from bot.eligibility.client import Declined, OrderAnswer, Unclear

log = structlog.get_logger(__name__)

_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds after each reading that failed, or that saw something under way; the last one again and again."""

_PENDING: Final = frozenset({"4", "concurrency_conflicts", "800060", "800082", "900278", "http_409"})
"""Codes that say that another operation is under way (facts/partner-center.md, 1, 3 and 7); so may a bare 409."""

_CALM: Final = 2
"""Readings in a row without anything under way, after a refusal that said there was: one may be a moment too early."""


async def proven(desk: Desk, *, change: Change, answer: Declined, until: float) -> OrderAnswer:
    """The refusal, if the subscription is still there as it was ordered from; else Unclear.

    After a refusal because of another operation, only once none is under way: it may be our own order's first copy.
    Reads until `until`, by the desk's monotonic clock, for such a one at most `pending_wait`. Never raises
    ServiceTrouble.
    """
    pending, busy, tried, calm = is_pending(answer), False, 0, 0
    left = until - desk.clock.monotonic()
    if pending:
        left = min(left, desk.config.pending_wait)
    try:
        async with asyncio.timeout(max(left, 0.0)):
            while True:
                try:
                    told = await _told(desk, change, answer)
                    if told is None:
                        return Unclear(why="declined_but_moved")
                    answer = told
                    busy = pending and await _under_way(desk, change)
                    calm = 0 if busy else calm + 1
                except NotThere:
                    return Unclear(why="declined_but_gone")
                except ServiceTrouble as error:
                    calm = 0
                    log.warning("refusal_not_proven", change_id=change.id, error=type(error).__name__)
                if calm >= (_CALM if pending else 1):
                    return answer
                await asyncio.sleep(_PAUSES[min(tried, len(_PAUSES) - 1)])
                tried += 1
    except TimeoutError:
        return Unclear(why="declined_pending" if busy else "declined_unproven")


def is_pending(answer: Declined) -> bool:
    """Whether the service refused because it is busy with this subscription: perhaps with this very order."""
    kinds = {each.kind for each in answer.reasons}
    return answer.code.casefold() in _PENDING or ReasonKind.OPERATION_PENDING in kinds


async def _told(desk: Desk, change: Change, answer: Declined) -> Declined | None:
    facts = change.facts
    found = await desk.service.subscription(facts.customer_id, facts.subscription_id, correlation_id=desk.ids.uuid())
    return order_of(change.kind).declined(change, answer, found)


async def _under_way(desk: Desk, change: Change) -> bool:
    facts = change.facts
    options = await desk.service.options(facts.customer_id, facts.subscription_id, correlation_id=desk.ids.uuid())
    return any(reason.kind is ReasonKind.OPERATION_PENDING for each in options for reason in each.reasons)
