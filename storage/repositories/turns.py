"""Turns in what Slack counts, shared by all workers of a database: two of them do not send twice as fast.

A lane is a row with the instant at which its last turn is used up. Turns that were not used are saved up to `burst`
(the generic cell rate algorithm). The rows of lanes that have been idle say nothing and may go.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from storage.outgoing_records import Lane
from storage.repositories.pruning import BATCH, prune
from storage.tables.outgoing import outbox_turns
from storage.unit import Unit

IDLE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of all lanes. Lock them before anything of the outbox."""

    unit: Unit

    async def waits(self, lanes: Collection[Lane]) -> dict[str, float]:
        """Seconds until each lane has a turn, by its name; 0.0: now."""
        used = await self._used({lane.name for lane in lanes})
        return {lane.name: self._wait(lane, used.get(lane.name)) for lane in lanes}

    async def lock(self, lanes: Iterable[Lane]) -> None:
        """Keep other workers from these lanes until the commit, always in one order."""
        if not self.unit.postgres:  # on SQLite there is one writer anyway
            return
        names = sorted({lane.name for lane in lanes})
        if names:
            await self.unit.execute(
                self.unit.insert(outbox_turns).on_conflict_do_nothing(),
                [{"lane": name, "used_until": self.unit.now - IDLE / 2} for name in names],
            )
            lanes_of = select(outbox_turns.c.lane).where(outbox_turns.c.lane.in_(names))
            await self.unit.execute(lanes_of.order_by(outbox_turns.c.lane).with_for_update())

    async def take(self, lane: Lane) -> float:
        """Use the next turn; seconds until it comes, 0.0 if that is now."""
        used = (await self._used({lane.name})).get(lane.name)
        wait, begin = self._wait(lane, used), self.unit.now if used is None else max(used, self.unit.now)
        await self._put(lane.name, begin + timedelta(seconds=lane.every))
        return wait

    async def hold(self, lane: Lane, *, seconds: float) -> None:
        """No turn for so long, and no saved ones after it: Slack asked for it, or does not answer."""
        await self.lock([lane])
        until = self.unit.now + timedelta(seconds=seconds + (lane.burst - 1) * lane.every)
        used = (await self._used({lane.name})).get(lane.name)
        await self._put(lane.name, until if used is None else max(used, until))

    async def prune(self, *, limit: int = BATCH) -> int:
        """Forget at most `limit` lanes that have been idle for an hour."""
        before = self.unit.now - IDLE
        return await prune(self.unit, outbox_turns, age=outbox_turns.c.used_until, before=before, limit=limit)

    async def _used(self, names: set[str]) -> dict[str, datetime]:
        if not names:
            return {}
        query = select(outbox_turns).where(outbox_turns.c.lane.in_(sorted(names)))
        return {row.lane: row.used_until for row in (await self.unit.execute(query)).all()}

    def _wait(self, lane: Lane, used: datetime | None) -> float:
        if used is None:
            return 0.0
        saved = timedelta(seconds=(lane.burst - 1) * lane.every)
        return max((used - saved - self.unit.now).total_seconds(), 0.0)

    async def _put(self, name: str, until: datetime) -> None:
        statement = self.unit.insert(outbox_turns).values(lane=name, used_until=until)
        given = statement.excluded
        await self.unit.execute(
            statement.on_conflict_do_update(index_elements=[outbox_turns.c.lane], set_={"used_until": given.used_until})
        )
