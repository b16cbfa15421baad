"""Fill the directory of customers, and keep it fresh: a pass over the service's list, page by page, then the next one.

A turn reads for some seconds, keeps what it read together with the page that comes next, and leaves the rest to
the next turn, in this process or in another one. Who was not met by a whole pass has gone.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.desk.desk import Desk
from bot.desk.directory_gone import remove_gone
from bot.domain.customers import Customer
from bot.domain.errors import ServiceNonsense, ServiceRejected
from bot.eligibility.breaker import Health
from storage.customers.batch import Batch
from storage.customers.building import Builder
from storage.customers.grams import SEGMENT
from storage.customers.index import Places
from storage.customers.keeping import clean
from storage.customers.passing import LeaseLost, Passing, Turn

LEASE: Final = timedelta(seconds=90)
"""After so long without a commit a worker counts as dead, and another goes on. A turn commits more often."""

TURN_SECONDS: Final = 60.0
KEEP_SECONDS: Final = 5.0
"""What was read is searched in after so long at the latest; a whole segment at once is cheaper."""

PACE_SECONDS: Final = 0.5
"""Between two pages of a pass that only keeps fresh: people's own reads share the service's limits (500 a minute)."""

_AHEAD: Final = 8
_BARREN: Final = 20
_FEW_PAGES: Final = 3
_PAGE_MOST: Final = 10_000


class _Barren(ServiceNonsense):
    """So many pages after one another brought nobody whom the pass had not met: the list goes round."""


Page = tuple[tuple[Customer, ...], str | None]


async def fill_directory(
    desk: Desk, *, owner: str, stop: asyncio.Event, seconds: float = TURN_SECONDS, pace: float = PACE_SECONDS
) -> bool:
    """One turn. True: there is more to read at once. Raises ServiceTrouble after keeping what came before it."""
    if desk.service.breaker.health is Health.RESTING:
        return False
    store, every = desk.database.customers, desk.config.directory_every
    async with store.session(writes=True) as session:
        turn = await Passing(session).take(owner=owner, lease=LEASE, every=every)
    if turn is None:
        return False
    filling = _Filling(
        desk=desk, turn=turn, stop=stop, until=desk.clock.monotonic() + seconds, pace=0.0 if turn.first else pace
    )
    try:
        return await filling.run()
    except LeaseLost:
        structlog.get_logger(__name__).warning("directory_lease_lost", number=turn.number)
        return False
    except (ServiceRejected, _Barren):
        # A page that the service does not know any more, or a list that goes round: from the beginning.
        async with store.session(writes=True) as session:
            await Passing(session).again(turn, lease=LEASE)
        raise
    finally:
        if stop.is_set():
            async with store.session(writes=True) as session:
                await Passing(session).leave(turn)


@dataclass(slots=True, kw_only=True)
class _Filling:
    """One turn. `_met` is whom the pass met so far; `_dirty` are its segments that changed since they were kept."""

    desk: Desk
    turn: Turn
    stop: asyncio.Event
    until: float
    pace: float
    _batch: Batch = field(default_factory=Batch)
    _builder: Builder = field(default_factory=Builder)
    _met: Places = field(default_factory=dict)
    _dirty: set[int] = field(default_factory=set)
    _token: str | None = None
    _barren: int = 0
    _pages: int = 0
    _keeping: asyncio.Task[None] | None = None
    _kept_at: float = 0.0

    async def run(self) -> bool:
        """Read and keep until the time is up, the pass is through, or the service gives no answer."""
        store, clock = self.desk.database.customers, self.desk.clock
        async with store.session() as session:
            self._met = await Passing(session).met()
        self._token, self._kept_at = self.turn.token, clock.monotonic()
        pages: asyncio.Queue[Page | Exception] = asyncio.Queue(_AHEAD)
        reader = asyncio.create_task(self._read(pages), name="directory reader")
        through, trouble = False, None
        try:
            while not through and trouble is None and not self.stop.is_set() and self._goes_on():
                page = await pages.get()
                if isinstance(page, Exception):
                    trouble = page
                    continue
                customers, following = page
                if self._batch.room < len(customers):
                    await self._keep()
                await self._take(customers)
                self._token = following
                through = self._token is None
                late = clock.monotonic() - self._kept_at > KEEP_SECONDS
                if late and (self._keeping is None or self._keeping.done()):
                    await self._keep()
            if self.turn.token is not None and self._barren == self._pages > _FEW_PAGES:
                raise _Barren
            await self._keep()
            await self._kept()
        finally:
            await _ended(reader, self._keeping)
            await self._builder.close()
        if trouble is not None:
            raise trouble
        if through:
            await remove_gone(self.desk, turn=self.turn, lease=LEASE)
        return not through and not self.stop.is_set()

    def _goes_on(self) -> bool:
        """Each turn takes a page at least: else a slow one would never come further."""
        return not self._pages or self.desk.clock.monotonic() < self.until

    async def _read(self, pages: "asyncio.Queue[Page | Exception]") -> None:
        token = self.turn.token
        while True:
            try:
                page = await self.desk.service.customer_page(token, correlation_id=self.desk.ids.uuid())
            except Exception as error:  # noqa: BLE001 - who waits for the page raises it
                await pages.put(error)
                return
            await pages.put(page)
            if (token := page[1]) is None:
                return
            if self.pace:
                await _pause(self.stop, self.pace)

    async def _take(self, customers: tuple[Customer, ...]) -> None:
        """Tell who is new or has another name; the others are noted as met, and nothing is written for them."""
        if len(customers) > _PAGE_MOST:
            raise ServiceNonsense
        wanted = {each.id: clean(each) for each in customers}
        known = await self._known(list(wanted))
        fresh, news = [], False
        for each in wanted.values():
            row = known.get(each.id)
            if row is None or (row.name, row.domain) != (each.name, each.domain):
                fresh.append(each)
                continue
            segment, place = divmod(row.num, SEGMENT)
            bits = self._met.get(segment, 0)
            if not bits >> place & 1:
                news = True
                self._met[segment] = bits | 1 << place
                self._dirty.add(segment)
        before = len(self._batch)
        self._batch.add(fresh)
        self._pages += 1
        self._barren = 0 if news or len(self._batch) > before else self._barren + 1
        if self._barren >= _BARREN:
            raise _Barren

    async def _known(self, ids: list[str]) -> dict[str, Any]:
        """Whom the directory has. In the first pass nobody is expected: one of a page is looked up for all of it."""
        store = self.desk.database.customers
        if self.turn.first and not await store.by_ids(ids[:1]):
            return {}
        return await store.by_ids(ids)

    async def _keep(self) -> None:
        """Begin to write what was read; what was written before it is waited for."""
        await self._kept()
        batch, self._batch = self._batch, Batch()
        met, self._dirty = {each: self._met[each] for each in self._dirty}, set()
        self._kept_at = self.desk.clock.monotonic()
        self._keeping = asyncio.create_task(self._write(batch, met, self._token), name="directory keeper")

    async def _write(self, batch: Batch, met: Places, token: str | None) -> None:
        segment = await self._builder.segment(batch)
        async with self.desk.database.customers.session(writes=True) as session:
            await Passing(session).keep(self.turn, segment=segment, met=met, token=token, lease=LEASE)

    async def _kept(self) -> None:
        if self._keeping is not None:
            keeping, self._keeping = self._keeping, None
            await keeping


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _ended(*tasks: asyncio.Task[None] | None) -> None:
    running = [each for each in tasks if each is not None]
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
