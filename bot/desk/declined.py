"""A service that declined an order: read once more what it acted on before the change is called failed.

Something between us may have sent the order twice. Then the answer that came back is the second copy's, and says no
because the first one acted. What was upgraded is no longer there as it was; only what is proves that nothing happened.
"""

import asyncio
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.domain.changes import Change
from bot.domain.customers import Subscription
from bot.domain.errors import NotThere, ServiceTrouble
from bot.eligibility.client import Declined, OrderAnswer, Unclear

log = structlog.get_logger(__name__)

_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds after each reading that failed; the last one again and again."""


async def proven(desk: Desk, *, change: Change, answer: Declined, until: float) -> OrderAnswer:
    """The refusal, if the subscription is still there as it was ordered from; else Unclear.

    Reads until `until`, by the desk's monotonic clock. Never raises ServiceTrouble.
    """
    facts, tried = change.facts, 0
    try:
        async with asyncio.timeout(max(until - desk.clock.monotonic(), 0.0)):
            while True:
                try:
                    found = await desk.service.subscription(
                        facts.customer_id, facts.subscription_id, correlation_id=desk.ids.uuid()
                    )
                except NotThere:
                    return Unclear(why="declined_but_gone")
                except ServiceTrouble as error:
                    log.warning("refusal_not_proven", change_id=change.id, error=type(error).__name__)
                else:
                    return answer if _untouched(change, found) else Unclear(why="declined_but_moved")
                await asyncio.sleep(_PAUSES[min(tried, len(_PAUSES) - 1)])
                tried += 1
    except TimeoutError:
        return Unclear(why="declined_unproven")


def _untouched(change: Change, found: Subscription) -> bool:
    facts = change.facts
    same_offer = found.offer.id.casefold() == facts.offer_id.casefold()
    return found.active and same_offer and found.quantity == facts.quantity
