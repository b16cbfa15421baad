"""Many changes through a service in a storm, by workers that are cut off, under a clock that jumps."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.desk.list_options import list_options
from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.request_upgrade import request_upgrade
from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.domain.errors import AlreadyDecided, NotThere, OpenChangeExists, UpgradeDeskError
from bot.domain.ids import Ids, RandomIds
from bot.domain.people import Caller
from bot.domain.roles import PartnerRole
from bot.eligibility.importing.run import import_book
from bot.eligibility.service.app import create_service
from bot.eligibility.service.faults import Faults
from bot.eligibility.service.parts import locked_holding_of
from bot.web.server import bind, serving
from bot.worker.clockwork import Clockwork
from bot.worker.submission import Submission
from storage.book.book import Book
from storage.book.records import SubscriptionRecord
from storage.database import Database
from tests.chaos.storm import MOVES, Storm
from tests.chaos.verdict import Verdict, judge, still_in_hand
from tests.support.desks import DeskKit, make_desk, on_another_machine
from tests.support.engines import AUDIT_KEY
from tests.support.service import BASIC, E3, TOKEN, RunningService, customer, subscription, user

_WAVE: Final = 20
_MOST_WAVES: Final = 12
_ASKING: Final = 8
_TWIN_EVERY: Final = 5
_TRIES: Final = 20
_STORMY_ROUNDS: Final = 6
_CALM_ROUNDS: Final = 12
_CALM: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run came out."""

    verdict: Verdict
    met: Counter[str]
    reads_met: Counter[str]
    killed: int
    seconds: float


async def run_chaos(*, database_url: str, folder: Path, seed: str, changes: int) -> Report:
    """Ask for `changes` changes, carry them out in the storm, let it become calm, and judge."""
    began, clock, ids, luck = time.monotonic(), ShiftedClock(), RandomIds(), random.Random(seed)  # noqa: S311 - chance
    wanted = _customers(changes)
    async with _stormy(folder, seed=seed, clock=clock, ids=ids, customers=[each for each, _ in wanted]) as (
        service,
        storm,
    ):
        databases = [Database(database_url, clock=clock, ids=ids, audit_key=AUDIT_KEY) for _ in range(2)]
        for each in databases:
            await each.open()
        try:
            # A lease must outlast a look, an order and the margin: short, so that much of it is met in a run.
            config = {
                "look_deadline": 5.0,
                "send_timeout": 0.9,
                "accounts_deadline": 2.0,
                "lease": timedelta(seconds=20),
            }
            kit = make_desk(database=databases[0], service=service, clock=clock, ids=ids, **config)
            heidi = kit.member("U0HEIDI", PartnerRole.SALES_AGENT)
            run = _Run(kits=(kit, on_another_machine(kit, databases[1])), clock=clock, luck=luck)
            size = max(_WAVE, -(-len(wanted) // _MOST_WAVES))
            for at in range(0, len(wanted), size):
                await _ask(kit, heidi, wanted[at : at + size])
                await run.round()
                await judge(kit, storm)
            for _ in range(_STORMY_ROUNDS):
                await run.round()
            await storm.calm()
            for _ in range(_CALM_ROUNDS):
                if not await still_in_hand(kit):
                    break
                await run.round(calm=True)
            # A twin of a change that stays unknown waits for it, and expires. What was ordered is found by now.
            clock.advance(_CALM)
            await run.round(calm=True)
            verdict = await judge(kit, storm, final=True)
        finally:
            for each in databases:
                await each.close()
    return Report(
        verdict=verdict,
        met=storm.met,
        reads_met=storm.reads_met,
        killed=run.killed,
        seconds=time.monotonic() - began,
    )


class _Run:
    """Two workers on one database, in rounds; chance cuts them off, or lets time jump while they send."""

    def __init__(self, *, kits: Sequence[DeskKit], clock: ShiftedClock, luck: random.Random) -> None:
        self._kits, self._clock, self._luck = kits, clock, luck
        self.killed = 0

    async def round(self, *, calm: bool = False) -> None:
        """What is due is sent, outcomes are looked for, and time goes on."""
        await asyncio.gather(*(self._send(kit, f"worker-{at}", calm=calm) for at, kit in enumerate(self._kits)))
        self._clock.advance(_CALM if calm else timedelta(seconds=self._luck.choice((31, 70, 150))))
        await asyncio.gather(*(self._clockwork(kit) for kit in self._kits))

    async def _send(self, kit: DeskKit, name: str, *, calm: bool) -> None:
        submission = Submission(desk=kit.desk, owner=name)
        cut_off = None if calm or self._luck.random() > 0.3 else self._luck.uniform(0.0, 0.5)
        jump = not calm and self._luck.random() < 0.2
        while await submission.step():
            if jump and self._luck.random() < 0.1:
                self._clock.advance(kit.desk.config.lease + timedelta(seconds=1))
        if cut_off is None:
            assert await submission.drain(seconds=60) == 0
        else:
            await asyncio.sleep(cut_off)
            self.killed += await submission.drain(seconds=0)

    @staticmethod
    async def _clockwork(kit: DeskKit) -> None:
        clockwork = Clockwork(desk=kit.desk)
        while await clockwork.step():
            pass


def _customers(changes: int) -> list[tuple[dict[str, Any], int]]:
    """Customers and how many changes each is to have: every fifth has twins, both of which are to become the same."""
    made: list[tuple[dict[str, Any], int]] = []
    while (number := sum(count for _, count in made)) < changes:
        count = min(2 if len(made) % _TWIN_EVERY == 0 else 1, changes - number)
        held = [subscription(BASIC, 3 + at) for at in range(count)]
        # A service that was switched off comes back on with the upgrade: an answer with licenceErrors.
        users = [user("Anna Becker", disabled=["TEAMS1"] if len(made) % 2 else [])]
        made.append((customer(f"Kunde {len(made)} GmbH", *held, users=users), count))
    return made


async def _ask(kit: DeskKit, heidi: Caller, wanted: Sequence[tuple[dict[str, Any], int]]) -> None:
    gate = asyncio.Semaphore(_ASKING)

    async def one(who: dict[str, Any], at: int) -> None:
        async with gate:
            for _ in range(_TRIES):
                try:
                    if (draft_id := await _draft(kit, heidi, who, at)) is None:
                        continue
                    await request_upgrade(kit.desk, caller=heidi, draft_id=draft_id, note="")
                except (OpenChangeExists, AlreadyDecided, NotThere):
                    return
                except UpgradeDeskError:
                    continue  # a person reads the sentence, and asks again
                return

    await asyncio.gather(*(one(who, at) for who, count in wanted for at in range(count)))


async def _draft(kit: DeskKit, heidi: Caller, who: dict[str, Any], at: int) -> str | None:
    """Open the list and press the button. None: its options could not be read, and there is none."""
    listed = await list_options(kit.desk, caller=heidi, customer_id=who["id"])
    handles = [each.handle for each in listed.cards[at].options if each.option.target.key == E3]
    if not handles or handles[0] is None:
        return None
    return (await prepare_upgrade(kit.desk, caller=heidi, handle=handles[0])).draft_id


@asynccontextmanager
async def _stormy(
    folder: Path, *, seed: str, clock: ShiftedClock, ids: Ids, customers: Sequence[dict[str, Any]]
) -> AsyncIterator[tuple[RunningService, Storm]]:
    catalogue, faults, file = load_default(), Faults(), folder / "book.json"
    file.write_text(json.dumps({"customers": list(customers)}), encoding="utf-8")
    async with Book.at(f"sqlite:///{folder / 'book.db'}") as book:
        await import_book(file=file, book=book, catalogue=catalogue, clock=clock)

        async def world(what: str, customer_id: str, subscription_id: str) -> None:
            async with book.write() as tx:
                holding = await locked_holding_of(tx, customer_id)
                source = next(each for each in holding.subscriptions if each.id == subscription_id)
                if what == MOVES[0]:
                    await tx.subscriptions.change(source, quantity=source.quantity + 1)
                elif what == MOVES[1]:
                    await tx.subscriptions.add(_bought(ids, source, catalogue.offers[E3].offer_id))
                else:
                    await tx.subscriptions.change(source, status="deleted")

        app = create_service(book=book, catalogue=catalogue, token=TOKEN, clock=clock, ids=ids)
        storm = Storm(app=app, seed=seed, world=world)
        on = bind(host="127.0.0.1", port=0)
        async with (
            serving(storm, on=on, drain=1),
            aiohttp.ClientSession(trust_env=False) as session,
            aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(force_close=True)) as orders,
        ):
            yield (
                RunningService(
                    url=f"http://127.0.0.1:{on.getsockname()[1]}",
                    book=book,
                    faults=faults,
                    catalogue=catalogue,
                    session=session,
                    order_session=orders,
                    clock=clock,
                    ids=ids,
                ),
                storm,
            )


def _bought(ids: Ids, source: SubscriptionRecord, offer_id: str) -> SubscriptionRecord:
    return SubscriptionRecord(
        customer_id=source.customer_id,
        id=ids.uuid(),
        position=0,
        offer_id=offer_id,
        quantity=1,
        status="active",
        sold_by="direct",
    )
