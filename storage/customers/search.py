"""Who fits what was typed."""

from dataclasses import dataclass

from storage.customers.folding import readings
from storage.customers.keeping import _ROW, kept
from storage.customers.matching import Word, best
from storage.customers.records import Hits
from storage.customers.session import Session


@dataclass(frozen=True, slots=True)
class Search:
    """Reads alone."""

    session: Session

    async def find(self, typed: str, *, limit: int) -> Hits:
        """The best `limit`, in order."""
        wanted = tuple(tuple(Word(each) for each in reading) for reading in readings(typed))
        if not wanted:
            return Hits(found=(), fitting=0)
        rows = [kept(row) for row in await self.session.rows(_ROW)]
        scored = [(score, each) for each in rows if (score := best(each.customer, wanted)) is not None]
        scored.sort(key=lambda pair: pair[0])
        del scored[limit:]
        return Hits(found=tuple(each for _, each in scored), fitting=sum(not score.errors for score, _ in scored))
