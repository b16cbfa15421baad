"""Deleting what people typed and names of accounts, of one change; the trail's chain stays whole."""

from dataclasses import dataclass, replace

from sqlalchemy import and_, delete, select, update

from bot.domain.changes import ChangeState
from storage.repositories.audit import lock_end
from storage.repositories.change_rows import outcome_text, to_change
from storage.repositories.follow_ups import FollowUps
from storage.tables.audit import audit_entries, audit_texts
from storage.tables.changes import changes
from storage.tables.desk import drafts
from storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much was deleted: texts in the trail, notes of the change and its draft, names of accounts."""

    texts: int
    notes: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Deletes for good: nothing in the database brings it back."""

    unit: Unit

    async def of_change(self, change_id: str) -> Forgotten:
        """Delete the texts of a change's entries, its note with its draft's, and the names of its accounts."""
        notes = await self._change(change_id) + await self._draft(change_id)
        names = await FollowUps(self.unit).forget(change_id)
        return Forgotten(texts=await self._texts(change_id), notes=notes, accounts=names)

    async def _texts(self, change_id: str) -> int:
        mine = and_(audit_entries.c.change_id == change_id, audit_entries.c.change_id.is_not(None))
        texts = 0
        entries = select(audit_entries.c.team_id, audit_entries.c.number).where(mine)
        found = (await self.unit.execute(entries)).all()
        for team_id in sorted({row.team_id for row in found}):  # the chain's end first, as a cut takes them
            await lock_end(self.unit, team_id)
        for row in found:
            one = delete(audit_texts).where(audit_texts.c.team_id == row.team_id, audit_texts.c.number == row.number)
            texts += (await self.unit.execute(one)).rowcount
        return texts

    async def _change(self, change_id: str) -> int:
        """The note, and the reason of a rejection; a service's own words stay."""
        row = (await self.unit.execute(select(changes).where(changes.c.id == change_id))).first()
        if row is None:
            return 0
        change = to_change(row)
        outcome = change.outcome
        if outcome is not None and change.state is ChangeState.REJECTED:
            outcome = replace(outcome, error_text="")
        if not change.note and outcome == change.outcome:
            return 0
        values = {"note": "", "outcome": outcome_text(outcome), "row_version": change.row_version + 1}
        await self.unit.execute(update(changes).where(changes.c.id == change_id).values(**values))
        return 1

    async def _draft(self, change_id: str) -> int:
        draft = select(changes.c.draft_id).where(changes.c.id == change_id).scalar_subquery()
        told = update(drafts).where(drafts.c.id == draft, drafts.c.prefill_note != "")
        return (await self.unit.execute(told.values(prefill_note=""))).rowcount
