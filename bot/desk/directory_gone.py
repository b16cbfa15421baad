"""The end of a pass: whom it did not meet has gone. Nobody is forgotten on the word of a pass that may be wrong.

A few are asked for one by one: who was renamed while the pass went by may have been missed, and is still there. Where
more than half are missing, another pass has to say so too.
"""

from datetime import timedelta
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.domain.customers import Customer
from bot.domain.errors import CustomerNotFound, ServiceTrouble
from bot.eligibility.client_together import side_by_side
from storage.customers.grams import SEGMENT
from storage.customers.keeping import kept
from storage.customers.merging import Merging, to_merge
from storage.customers.passing import Passing, Turn

ASKED_FOR: Final = 200
"""So many are asked for one by one: more were not renamed in the minutes of a pass."""

_AT_ONCE: Final = 200


async def remove_gone(desk: Desk, *, turn: Turn, lease: timedelta) -> None:
    """Forget who has gone, finish the pass, and tidy up. Raises LeaseLost."""
    store = desk.database.customers
    living: dict[int, int] = {}
    missing: list[int] = []
    async with store.session() as session:
        met = await Passing(session).met()
        segments = await Passing(session).segments()
    for segment in segments:
        async with store.session() as session:
            numbers = await Passing(session).numbers(segment)
        bits = met.get(segment, 0)
        gone = [each for each in numbers if not bits >> (each % SEGMENT) & 1]
        missing += gone
        living[segment] = len(numbers)
    doubted = False
    if len(missing) <= ASKED_FOR:
        missing = await _really_gone(desk, missing)
    elif 2 * len(missing) > sum(living.values()):
        async with store.session() as session:
            doubted = not await Passing(session).doubted()
        missing = [] if doubted else missing
    for first in range(0, len(missing), _AT_ONCE):
        some = missing[first : first + _AT_ONCE]
        async with store.session(writes=True) as session:
            await Passing(session).remove(turn, some, lease=lease)
        for each in some:
            living[each // SEGMENT] -= 1
    async with store.session(writes=True) as session:
        await Passing(session).hold(turn, lease=lease)
        if segments := to_merge(living):
            await Merging(session).merge(segments)
        await Passing(session).finish(turn, doubted=doubted)
    log = structlog.get_logger(__name__)
    if doubted:
        log.error("directory_pass_doubted", number=turn.number, count=sum(living.values()))
    else:
        log.info("directory_pass_done", number=turn.number, count=sum(living.values()), pending=len(missing))


async def _really_gone(desk: Desk, numbers: list[int]) -> list[int]:
    """Those of these whom the service says that it does not know; the others are kept as they are now."""
    if not numbers:
        return []
    store = desk.database.customers
    async with store.session() as session:
        rows = await Passing(session).rows(numbers)
    answers = await side_by_side([_asked(desk, kept(row).customer) for row in rows], most=desk.config.side_by_side)
    found = [each for each in answers if each is not None]
    if found:
        await store.add(found)
    return [row.num for row, answer in zip(rows, answers, strict=True) if answer is None]


async def _asked(desk: Desk, customer: Customer) -> Customer | None:
    try:
        return await desk.service.customer(customer.id, correlation_id=desk.ids.uuid())
    except CustomerNotFound:
        return None
    except ServiceTrouble:
        return customer  # nobody said that they have gone: the next pass asks again
