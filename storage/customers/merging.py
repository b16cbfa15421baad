"""Small and half empty segments made into one: each pass that meets somebody new leaves one more behind."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select, update

from storage.customers import tables
from storage.customers.batch import Batch
from storage.customers.grams import SEGMENT
from storage.customers.keeping import ROW, Keeping, kept
from storage.customers.session import Session

MANY: Final = 4
"""So many that are at most half full are worth it; one that is empty always is."""

_C: Final = tables.customers.c


def to_merge(living: Mapping[int, int]) -> list[int]:
    """Which segments, by how many customers each still has, go into one; empty where it is not worth it."""
    small = sorted((count, segment) for segment, count in living.items() if 2 * count <= SEGMENT)
    chosen, room = [], SEGMENT
    for count, segment in small:
        if count > room:
            break
        chosen.append(segment)
        room -= count
    return chosen if len(chosen) >= MANY or (small and small[0][0] == 0) else []


@dataclass(frozen=True, slots=True)
class Merging:
    """In a transaction that writes."""

    session: Session

    async def merge(self, segments: list[int]) -> None:
        """Move the customers of these into a new one, and their words' slips along; nobody's key changes."""
        session, batch = self.session, Batch()
        for segment in segments:
            first = segment * SEGMENT
            here = ROW.where(_C.num >= first, _C.num < first + SEGMENT)
            rows: Any = await session.rows(here)
            await asyncio.to_thread(batch.add, [kept(row).customer for row in rows])
        number = await Keeping(session).write(await asyncio.to_thread(batch.segment), moves=True)
        if number is None:
            number = segments.pop(0)
            await session.execute(delete(tables.grams).where(tables.grams.c.segment == number))
        for segment in segments:
            await session.execute(delete(tables.grams).where(tables.grams.c.segment == segment))
            await self._move_slips(segment, number)
            await session.execute(delete(tables.segments).where(tables.segments.c.segment == segment))

    async def _move_slips(self, segment: int, to: int) -> None:
        slips = tables.slips.c
        other = tables.slips.alias()
        there = select(other.c.rest).where(
            other.c.segment == to, other.c.rest == slips.rest, other.c.letter == slips.letter
        )
        mine = slips.segment == segment
        await self.session.execute(delete(tables.slips).where(mine, there.exists()))
        await self.session.execute(update(tables.slips).where(mine).values(segment=to))
