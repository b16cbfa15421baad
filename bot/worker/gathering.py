"""Refusals are gathered: one message a workspace in a quarter of an hour at most, drawn from the trail when it is sent.

Where it stands is in rows: a restart loses nothing, a message whose answer was lost is found again by its metadata, and
of several workers one tells. In a quarter of an hour without a refusal nothing is posted.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.desk.desk import Desk
from bot.domain.people import Actor
from bot.worker.drawing import Drawing
from bot.worker.mailer import Mailer, Place, Sent
from bot.worker.pacing import Pacing
from bot.worker.troubles import OutOfTime, pause_after, trouble_of
from handlers.blocks.gathered import Refusals
from storage.records import AuditRow, RefusalReport

EVERY: Final = timedelta(minutes=15)
LEASE: Final = timedelta(seconds=120)
_FOR_THE_CALL: Final = 30.0
_LONGEST_WAIT: Final = 10.0
_PEOPLE: Final = 100
"""How many are known by name for one reason at most; the message shows fewer."""


@dataclass(slots=True, kw_only=True)
class Gathering:
    """The step of the loop that tells refusals. `owner` names this worker in leases."""

    desk: Desk
    mailer: Mailer
    drawing: Drawing
    owner: str
    pacing: Pacing

    async def step(self) -> bool:
        """Tell what is due. Never True: there is nothing to hurry for."""
        async with self.desk.database.read() as tx:
            if not await tx.refusal_reports.due():
                return False
        until = self.desk.clock.monotonic() + LEASE.total_seconds() - _FOR_THE_CALL
        async with self.desk.database.write() as tx:
            claimed = await tx.refusal_reports.claim(self.owner, lease=LEASE, every=EVERY)
        for report in claimed:
            try:
                await self._tell(report, until)
            except Exception as error:  # noqa: BLE001 - it stays, with a time to try again
                await self._again(report, error)
        return False

    async def _tell(self, report: RefusalReport, until: float) -> None:
        lines, last = await self._gathered(report)
        place = Place(team_id=report.team_id, channel=self.desk.config.audit_channel)
        posted: Sent | None = None
        if lines:
            place = await self.mailer.own_channel(team_id=place.team_id, channel=place.channel)
            if report.attempts == 1 or await self.mailer.find(place, item_id=report.item_id) is None:
                await self._turn(place)
                message, metadata = self.drawing.gathered(report, lines), self.drawing.gathered_metadata(report, last)
                posted = await self.mailer.post(place, message, metadata, until=until)
        async with self.desk.database.write() as tx:
            kept = await tx.refusal_reports.told(report, every=EVERY)
        if posted is not None and not kept:
            await self._take_back(report, place, posted)

    async def _turn(self, place: Place) -> None:
        """Take the channel's next turn, before the outbox does: it is one message in a quarter of an hour."""
        lane = self.pacing.channel(place.team_id, place.channel)
        async with self.desk.database.write() as tx:
            await tx.turns.lock([lane])
            if (await tx.turns.waits([lane]))[lane.name] > _LONGEST_WAIT:
                raise OutOfTime
            wait = await tx.turns.take(lane)
        await asyncio.sleep(wait)

    async def _take_back(self, report: RefusalReport, place: Place, posted: Sent) -> None:
        """The call left after the lease was over: whoever took over may have told it already."""
        taken = await self.mailer.take_back(place, items={report.item_id}, ts=posted.ts)
        structlog.get_logger(__name__).warning(
            "refusals_lease_lost", item_id=report.item_id, result="taken_back" if taken else "kept"
        )

    async def _gathered(self, report: RefusalReport) -> tuple[list[Refusals], AuditRow | None]:
        counts: Counter[tuple[str, str]] = Counter()
        people: dict[tuple[str, str], dict[Actor, None]] = {}
        async with self.desk.database.read() as tx:
            async for entry in tx.refusal_reports.refused(report):
                key = (entry.name.value, entry.reason or "")
                counts[key] += 1
                named = people.setdefault(key, {})
                if len(named) < _PEOPLE:
                    named[entry.actor] = None
            last = await tx.audit.get(report.team_id, report.until)
        lines = [
            Refusals(name=key[0], reason=key[1], count=count, people=tuple(people[key]))
            for key, count in counts.most_common()
        ]
        return lines, last

    async def _again(self, report: RefusalReport, error: Exception) -> None:
        trouble, pause = trouble_of(error), pause_after(report.attempts)
        if trouble is not None and trouble.wait:
            pause = timedelta(seconds=trouble.wait)
        async with self.desk.database.write() as tx:
            await tx.refusal_reports.again(report, at=tx.now + pause)
        structlog.get_logger(__name__).error(
            "refusals_not_told",
            reference=self.desk.ids.reference(),
            item_id=report.item_id,
            attempts=report.attempts,
            code=trouble.code if trouble is not None else None,
            seconds=pause.total_seconds(),
            exc_info=None if trouble is not None else error,
        )
