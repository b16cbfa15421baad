"""Cutting a trail: the only way in which entries leave it (docs/audit.md, "How long").

An entry says up to which number, with the hash of that entry; a checkpoint sealed with the key moves up to there, and
in the same transaction what it leaves behind is deleted. So at every moment the chain begins at a sealed place.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from storage.audit_body import GENESIS, seal
from storage.records import AuditCheckpoint
from storage.repositories.audit import Audit, lock_end
from storage.tables.audit import audit_checkpoints, audit_entries, audit_texts
from storage.unit import Unit

BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class AuditCuts:
    """The checkpoints of all workspaces, one each at most."""

    unit: Unit

    async def begin(self, team_id: str, *, before: datetime) -> AuditCheckpoint | None:
        """Enter that everything older than `before` goes, in a transaction of its own. None: nothing is old enough.

        Only what stands before the first entry that is kept goes, so that no gap comes about where a clock went back.
        A cut that has begun and not ended is given back as it is, to be gone on with.
        """
        await lock_end(self.unit, team_id)
        was = await Audit(self.unit).checkpoint(team_id)
        if was is not None and was.number < was.until:
            return was
        until = await self._last_old(team_id, before=before)
        if until is None or until <= (was.number if was is not None else 0):
            return None
        audit = Audit(self.unit)
        last = await audit.get(team_id, until)
        if last is None:
            return None
        entry = AuditEntry(
            name=AuditName.TRAIL_CUT,
            verdict=AuditVerdict.DONE,
            team_id=team_id,
            data={"number": until, "hash": last.hash},
        )
        entered = await audit.append(entry)
        return await self._put(
            team_id,
            number=was.number if was is not None else 0,
            hash_=bytes.fromhex(was.hash) if was is not None else GENESIS,
            until=until,
            entry_number=entered.number,
            new=was is None,
        )

    async def advance(self, team_id: str, *, limit: int = BATCH) -> bool:
        """Move the checkpoint and delete at most `limit` entries behind it. True: come again."""
        await lock_end(self.unit, team_id)
        was = await Audit(self.unit).checkpoint(team_id)
        if was is None or was.number >= was.until:
            return False
        to = min(was.number + limit, was.until)
        last = await Audit(self.unit).get(team_id, to)
        if last is None:
            return False
        await self._put(
            team_id, number=to, hash_=bytes.fromhex(last.hash), until=was.until, entry_number=was.entry_number
        )
        for table in (audit_texts, audit_entries):
            await self.unit.execute(delete(table).where(table.c.team_id == team_id, table.c.number <= to))
        return to < was.until

    async def _last_old(self, team_id: str, *, before: datetime) -> Any:
        """A number, or None for an empty trail."""
        mine = audit_entries.c.team_id == team_id
        kept = select(func.min(audit_entries.c.number)).where(mine, audit_entries.c.at >= before)
        first = (await self.unit.execute(kept)).scalar_one()
        if first is not None:
            return first - 1
        newest: int | None = (
            await self.unit.execute(select(func.max(audit_entries.c.number)).where(mine))
        ).scalar_one()
        return newest

    async def _put(
        self, team_id: str, *, number: int, hash_: bytes, until: int, entry_number: int, new: bool = False
    ) -> AuditCheckpoint:
        sealed = seal(
            self.unit.audit_key,
            team_id=team_id,
            number=number,
            hash_=hash_,
            until=until,
            entry_number=entry_number,
        )
        values: dict[str, Any] = {
            "number": number,
            "hash": hash_,
            "until_number": until,
            "entry_number": entry_number,
            "sealed_at": self.unit.now,
            "seal": sealed,
        }
        if new:
            await self.unit.execute(self.unit.insert(audit_checkpoints).values(team_id=team_id, **values))
        else:
            mine = audit_checkpoints.c.team_id == team_id
            await self.unit.execute(update(audit_checkpoints).where(mine).values(**values))
        return AuditCheckpoint(
            team_id=team_id,
            number=number,
            hash=hash_.hex(),
            until=until,
            entry_number=entry_number,
            sealed_at=self.unit.now,
            seal=sealed,
        )
