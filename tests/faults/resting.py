"""Waiting until nothing is left to be done, with the clock moved from one thing that is due to the next."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.changes import OPEN, Change, ChangeState
from bot.workspace.sample import TEAM
from storage.records import OutboxItem
from tests.faults.world import World

STILL: Final = 0.15
STILL_AT_WORK: Final = 3.0
"""Seconds without a change in the rows after which the clock may move to what is due next: longer while a process that
lives has a lease, because its work would be taken from it."""

_PATIENCE: Final = 60.0
_PAUSE: Final = 0.03
_TICK: Final = timedelta(milliseconds=200)

Rows = tuple[tuple[Change, ...], tuple[OutboxItem, ...]]


async def rows_of(world: World, customer_ids: Sequence[str]) -> Rows:
    """The changes of these customers, newest first, and what of them waits to go out."""
    async with world.look.desk.database.read() as tx:
        pages = [await tx.changes.of_customer(TEAM.id, each) for each in customer_ids]
        changes = tuple(change for page in pages for change in page.items)
        waiting = [item for change in changes for item in await tx.outbox.of(change.id)]
    return changes, tuple(waiting)


async def at_rest(world: World, customer_ids: Sequence[str], *, dead: int = 0, wanted: int = 1) -> tuple[Change, ...]:
    """Their changes (`wanted` or more), once each is final, or unknown with nothing at the service that could end it.

    `dead`: the number of a process whose leases nobody works under. AssertionError where it does not come to that.
    """
    seen: object = None
    still = began = time.monotonic()
    while time.monotonic() - began < _PATIENCE:
        changes, waiting = rows = await rows_of(world, customer_ids)
        ended = [await _ended(world, change) for change in changes]
        if len(changes) >= wanted and not waiting and all(ended):
            return changes
        if rows != seen:
            seen, still = rows, time.monotonic()
        elif changes and time.monotonic() - still > _patience(rows, dead):
            _to_what_is_due(world, rows)
            still = time.monotonic()
        await asyncio.sleep(_PAUSE)
    raise AssertionError(f"it does not come to rest: {_told(seen)}")


async def _ended(world: World, change: Change) -> bool:
    if change.state is ChangeState.UNKNOWN:
        return change.checked_at is not None and not await world.orders(change.facts.customer_id)
    return change.state not in OPEN


def _patience(rows: Rows, dead: int) -> float:
    owners = [each.lease_owner for part in rows for each in part if each.lease_owner is not None]
    return STILL_AT_WORK if any(f":{dead}:" not in owner for owner in owners) else STILL


def _to_what_is_due(world: World, rows: Rows) -> None:
    changes, waiting = rows
    times: list[datetime | None] = [each.lease_until or each.due_at for each in waiting]
    times += [each.lease_until for each in changes if each.state is ChangeState.SUBMITTING]
    times += [each.due_at for each in changes if each.state in OPEN - {ChangeState.SUBMITTING}]
    times += [each.expires_at for each in changes if each.state is ChangeState.AWAITING_APPROVAL]
    now = world.clock.now()
    later = [each for each in times if each is not None and each > now]
    world.clock.advance((min(later) - now if later else timedelta(0)) + _TICK)


def _told(rows: object) -> str:
    if not isinstance(rows, tuple):
        return "there is no change"
    changes, waiting = rows
    return ", ".join(
        [f"change {each.number} {each.state} (lease {each.lease_owner} until {each.lease_until})" for each in changes]
        + [f"{each.kind} (lease {each.lease_owner}, due {each.due_at}, tried {each.attempts})" for each in waiting]
    )
