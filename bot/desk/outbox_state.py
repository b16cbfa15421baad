"""How the outbox stands, for the operator: what waits, since when, what is in its way, what was given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one trouble keeps back: how many items, and since when the oldest of them waits."""

    waiting: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxState:
    """`at` is the database's time. `troubles` go by code: Slack's own, `status 503`, an error's name, or `defect`."""

    at: datetime
    waiting: int
    oldest_at: datetime | None
    given_up: int
    troubles: Mapping[str, Kept]

    @property
    def oldest_age(self) -> timedelta:
        """How long the oldest unsent item has waited; none: zero."""
        return max(self.at - self.oldest_at, timedelta()) if self.oldest_at is not None else timedelta()


async def outbox_state(database: Database) -> OutboxState:
    """Read it. Nobody is asked anything: what is in the way is what the last try of each item met."""
    async with database.read() as tx:
        depth, standing, now = await tx.outbox.depth(), await tx.outbox_trouble.standing(), tx.now
    troubles: dict[str, Kept] = {}
    for each in standing:
        known = troubles.get(each.code, Kept(waiting=0, since=each.since))
        troubles[each.code] = Kept(waiting=known.waiting + each.waiting, since=min(known.since, each.since))
    return OutboxState(at=now, waiting=depth.waiting, oldest_at=depth.oldest_at, given_up=depth.dead, troubles=troubles)


async def given_up_lately(database: Database, *, within: timedelta) -> Mapping[str, int]:
    """How many items were given up within this time, by the code why, the most frequent first."""
    async with database.read() as tx:
        return dict((await tx.outbox_trouble.given_up(since=tx.now - within)).most_common())
