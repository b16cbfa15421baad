"""A pass over the service's list: who makes it, where it stands, whom it met. All of it outlives the process.

One process at a time holds the lease and renews it with all that it writes; one that died is followed by another, which
goes on where the last commit was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from storage.customers import tables
from storage.customers.batch import Segment
from storage.customers.grams import SEGMENT, bitmap
from storage.customers.index import Places
from storage.customers.keeping import ROW, Keeping
from storage.customers.session import Session
from storage.customers.sweeping import Sweeping

_S: Final = tables.state.c
_C: Final = tables.customers.c


class LeaseLost(Exception):
    """Somebody else goes on with this pass: nothing of this turn was written since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn at a pass. `token`: the page to go on with; None: the first. `first`: no pass came to its end yet."""

    owner: str
    number: int
    token: str | None
    first: bool


@dataclass(frozen=True, slots=True)
class Passing:
    """One step of a pass, in a transaction that writes."""

    session: Session

    async def take(self, *, owner: str, lease: timedelta, every: timedelta) -> Turn | None:
        """Begin a pass that is due, or go on with one. None: nothing is due, or somebody else is at it."""
        session = self.session
        row = (await session.rows(select(tables.state)))[0]
        if row.owner not in (None, owner) and row.lease_until is not None and session.now < row.lease_until:
            return None
        begins = row.pass_begun_at is None
        if begins and row.passed_at is not None and session.now < row.passed_at + every:
            return None
        values: dict[str, Any] = {"owner": owner, "lease_until": session.now + lease}
        if begins:
            values |= {"pass_number": row.pass_number + 1, "pass_begun_at": session.now, "token": None}
            await session.execute(delete(tables.seen))
        await session.execute(update(tables.state).values(values))
        return Turn(
            owner=owner,
            number=row.pass_number + begins,
            token=None if begins else row.token,
            first=row.passed_at is None,
        )

    async def hold(self, turn: Turn, *, lease: timedelta, **values: Any) -> None:
        """Renew the lease and note where the pass stands. Raises LeaseLost."""
        mine = update(tables.state).where(_S.owner == turn.owner, _S.pass_number == turn.number)
        done = await self.session.execute(mine.values(lease_until=self.session.now + lease, **values))
        if done.rowcount != 1:
            raise LeaseLost

    async def keep(self, turn: Turn, *, segment: Segment, met: Places, token: str | None, lease: timedelta) -> None:
        """Write what was read, with whom was met and the page that comes next, at once. Raises LeaseLost."""
        await self.hold(turn, lease=lease, token=token)
        number = await Keeping(self.session).write(segment)
        met = dict(met)
        if number is not None:
            met[number] = (1 << len(segment.customers)) - 1
        if met:
            await self.session.execute(delete(tables.seen).where(self.session.among(tables.seen.c.segment, list(met))))
            rows = [{"segment": each, "docs": bitmap(bits)} for each, bits in sorted(met.items())]
            await self.session.execute(insert(tables.seen), rows)

    async def met(self) -> Places:
        """Whom the pass met so far."""
        rows = await self.session.rows(select(tables.seen.c.segment, tables.seen.c.docs))
        return {row.segment: int.from_bytes(row.docs, "little") for row in rows}

    async def numbers(self, segment: int) -> list[int]:
        """The numbers of a segment's customers."""
        first = segment * SEGMENT
        here = select(_C.num).where(_C.num >= first, _C.num < first + SEGMENT).order_by(_C.num)
        return [row[0] for row in await self.session.rows(here)]

    async def rows(self, numbers: Sequence[int]) -> Sequence[Any]:
        """The rows of these numbers."""
        return await self.session.rows(ROW.where(self.session.among(_C.num, numbers)))

    async def segments(self) -> list[int]:
        """The segments that there are."""
        column = tables.segments.c.segment
        return [row[0] for row in await self.session.rows(select(column).order_by(column))]

    async def remove(self, turn: Turn, numbers: Sequence[int], *, lease: timedelta) -> None:
        """Forget these customers, and what was kept of their names. Raises LeaseLost."""
        await self.hold(turn, lease=lease)
        gone = await self.rows(numbers)
        await self.session.execute(delete(tables.customers).where(self.session.among(_C.num, numbers)))
        await Sweeping(self.session).forget(gone)

    async def again(self, turn: Turn, *, lease: timedelta) -> None:
        """Begin this pass anew: the service does not know the page to go on with any more. Raises LeaseLost."""
        await self.hold(turn, lease=lease, token=None, pass_begun_at=self.session.now)
        await self.session.execute(delete(tables.seen))

    async def finish(self, turn: Turn, *, doubted: bool) -> None:
        """The pass came to its end. Raises LeaseLost."""
        ends = {"passed_at": _S.pass_begun_at, "pass_begun_at": None, "token": None, "doubted": int(doubted)}
        await self.hold(turn, lease=timedelta(0), **ends, owner=None)
        await self.session.execute(delete(tables.seen))

    async def doubted(self) -> bool:
        """Whether the pass before this one missed so many that it was not believed."""
        return bool((await self.session.rows(select(_S.doubted)))[0][0])

    async def leave(self, turn: Turn) -> None:
        """Let another worker go on at once."""
        mine = update(tables.state).where(_S.owner == turn.owner, _S.pass_number == turn.number)
        await self.session.execute(mine.values(owner=None, lease_until=None))
