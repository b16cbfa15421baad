"""How far refusals were told in the audit channel: one report a workspace at a time, claimed with a lease.

A report that is claimed knows up to which entry it goes, so that trying again draws the same; what comes meanwhile is
the next one's. The entries themselves are the only record of what was refused.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, exists, func, or_, select, update

from bot.domain.audit import AuditEntry, AuditVerdict
from bot.domain.people import SYSTEM
from storage.audit_body import entry_of
from storage.records import OutboxKind, RefusalReport
from storage.tables.audit import audit_entries, audit_heads, refusal_reports
from storage.tables.outgoing import outbox
from storage.unit import Unit

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class RefusalReports:
    """The reports of all workspaces."""

    unit: Unit

    async def due(self) -> bool:
        """Whether `claim` would find something to do."""
        return (await self.unit.execute(self._due().limit(1))).first() is not None

    async def claim(self, owner: str, *, lease: timedelta, every: timedelta) -> list[RefusalReport]:
        """Claim what is due until now + `lease`. A workspace that is new here is first told of after `every`."""
        claimed = []
        for row in (await self.unit.execute(self._due())).all():
            team_id: str = row.team_id
            if row.known is None:
                first = self.unit.insert(refusal_reports).values(
                    team_id=team_id, told_number=0, next_at=self.unit.now + every, attempts=0
                )
                await self.unit.execute(first.on_conflict_do_nothing())
            elif (report := await self._claim(team_id, row.number, owner, lease)) is not None:
                claimed.append(report)
        return claimed

    async def refused(self, report: RefusalReport) -> AsyncIterator[AuditEntry]:
        """The refusals of a report, in order: of people, and not told as a step in a change's thread."""
        body, number = audit_entries.c.body, audit_entries.c.number
        step = exists().where(
            outbox.c.kind == OutboxKind.STEP.value,
            outbox.c.change_id == audit_entries.c.change_id,
            outbox.c.audit_number == number,
        )
        query = (
            select(number, body)
            .where(
                audit_entries.c.team_id == report.team_id,
                number <= report.until,
                or_(*(body.like(f'%"verdict":"{each.value}"%') for each in _NOT_DONE)),
                or_(audit_entries.c.change_id.is_(None), ~step),
            )
            .order_by(number)
            .limit(_BATCH)
        )
        last = report.after
        while rows := (await self.unit.execute(query.where(number > last))).all():
            for row in rows:
                entry = entry_of(row.body, free_text=None)
                if entry.verdict in _NOT_DONE and entry.actor != SYSTEM:
                    yield entry
            last = rows[-1].number

    async def told(self, report: RefusalReport, *, every: timedelta) -> bool:
        """Done with what was claimed; the next one is due after `every`. False: the lease was lost."""
        return await self._settle(
            report, told_number=report.until, next_at=self.unit.now + every, until_number=None, item_id=None, attempts=0
        )

    async def again(self, report: RefusalReport, *, at: datetime) -> bool:
        """Give what was claimed back, to be tried again at `at`. False: the lease was lost."""
        return await self._settle(report, next_at=at)

    def _due(self) -> Any:
        reports, heads, now = refusal_reports.c, audit_heads.c, self.unit.now
        free = or_(reports.lease_until.is_(None), reports.lease_until <= now)
        return (
            select(heads.team_id, heads.number, reports.team_id.label("known"))
            .select_from(audit_heads.outerjoin(refusal_reports, reports.team_id == heads.team_id))
            .where(
                heads.number > func.coalesce(reports.told_number, 0),
                or_(reports.team_id.is_(None), and_(reports.next_at <= now, free)),
            )
            .order_by(heads.team_id)
        )

    async def _claim(self, team_id: str, head: int, owner: str, lease: timedelta) -> RefusalReport | None:
        reports, until = refusal_reports.c, self.unit.now + lease
        free = or_(reports.lease_until.is_(None), reports.lease_until <= self.unit.now)
        statement = (
            update(refusal_reports)
            .where(reports.team_id == team_id, reports.next_at <= self.unit.now, free)
            .values(
                until_number=func.coalesce(reports.until_number, head),
                item_id=func.coalesce(reports.item_id, self.unit.ids.opaque()),
                attempts=reports.attempts + 1,
                lease_owner=owner,
                lease_until=until,
            )
            .returning(reports.told_number, reports.until_number, reports.item_id, reports.attempts)
        )
        row = (await self.unit.execute(statement)).first()
        if row is None:
            return None
        return RefusalReport(
            team_id=team_id,
            after=row.told_number,
            until=row.until_number,
            item_id=row.item_id,
            attempts=row.attempts,
            lease_owner=owner,
            lease_until=until,
        )

    async def _settle(self, report: RefusalReport, **values: Any) -> bool:
        reports = refusal_reports.c
        statement = (
            update(refusal_reports)
            .where(
                reports.team_id == report.team_id,
                reports.lease_owner == report.lease_owner,
                reports.lease_until == report.lease_until,
            )
            .values(lease_owner=None, lease_until=None, **values)
        )
        return (await self.unit.execute(statement)).rowcount == 1


_NOT_DONE: Final = (AuditVerdict.REFUSED, AuditVerdict.UNDETERMINED)
