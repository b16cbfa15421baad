"""Changes: birth, and every move of their state by one conditional UPDATE."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select, update

from bot.domain.changes import BIRTH, OPEN, Change, ChangeState
from bot.domain.errors import OpenChangeExists
from storage.errors import StorageError
from storage.records import ChangeUpdate
from storage.repositories.change_moves import moving
from storage.repositories.change_rows import change_values, facts_text, outcome_text, to_change
from storage.repositories.change_work import ChangeWork, sent_before
from storage.tables.base import among
from storage.tables.changes import changes
from storage.types import storable

_NUMBERS_TRIED: Final = 20


class Lock(Enum):
    """How a row is locked; a row that hangs on it may refer to it meanwhile."""

    ALONE = auto()
    TOGETHER = auto()


@dataclass(frozen=True, slots=True)
class Changes(ChangeWork):
    """The changes of all workspaces."""

    async def add(self, change: Change) -> Change:
        """Record a new change and return it as recorded: its `number` is another one when that was taken.

        The same draft again returns the change that it became, untouched: compare ids. Raises OpenChangeExists when
        the subscription has an open change, and ValueError for a state that is none of birth.
        """
        if change.state not in BIRTH:
            raise ValueError(f"no change is born {change.state}")
        for _ in range(_NUMBERS_TRIED):
            statement = self.unit.insert(changes).values(change_values(change)).on_conflict_do_nothing()
            if (await self.unit.execute(statement.returning(changes.c.id))).first() is not None:
                return change
            if (earlier := await self.by_draft(change.draft_id)) is not None:
                return earlier
            facts = change.facts
            if (other := await self.open_for(facts.customer_id, facts.subscription_id)) is not None:
                raise OpenChangeExists(change_id=other.id, number=other.number, by=other.asker)
            change = replace(change, number=self.unit.ids.reference())
        raise StorageError("no free number was found for a change")

    async def get(self, change_id: str) -> Change | None:
        """The change as it is now. None for whatever is no id of a change, also what cannot be stored."""
        return await self._one(changes.c.id == storable(change_id))

    async def held(self, change_id: str) -> Change | None:
        """The change as it is, and as it stays until this transaction ends: nobody else moves it meanwhile.

        Take it before its attempts, its entries and what goes out (docs/decisions/0047). Raises no row version.
        """
        return await self._one(changes.c.id == storable(change_id), lock=Lock.ALONE)

    async def stays(self, change_id: str) -> Change | None:
        """As `held`, for who only tells of it: many may at once, and each waits for whoever moves it just now."""
        return await self._one(changes.c.id == storable(change_id), lock=Lock.TOGETHER)

    async def by_draft(self, draft_id: str) -> Change | None:
        """The change that a draft became."""
        return await self._one(changes.c.draft_id == storable(draft_id))

    async def open_for(self, customer_id: str, subscription_id: str) -> Change | None:
        """The open change of a subscription."""
        return await self._one(
            and_(
                changes.c.customer_id == customer_id,
                changes.c.subscription_id == subscription_id,
                among(changes.c.state, OPEN),
            )
        )

    async def move(
        self,
        change_id: str,
        *,
        to: ChangeState,
        facts_version: int | None = None,
        lease_owner: str | None = None,
        lapsed: bool = False,
        not_expired: bool = False,
        set: ChangeUpdate | None = None,  # noqa: A002 - reads as SQL does
    ) -> Change | None:
        """Move a change to `to` from any state that leads there; None: it was not there (any more), nothing was done.

        `facts_version`: only if it still has this one. `lease_owner`: only if the lease is this owner's and not over.
        `lapsed`: only if its lease is over. `not_expired`: only before `expires_at`. A lease ends with the move. With
        a sent attempt that has no answer, a change never goes back to where it could be sent again. `submitting` is
        reached by `claim_due` alone: ValueError.
        """
        if to is ChangeState.SUBMITTING:
            raise ValueError("a change is claimed, not moved, into submitting")
        values = _values(set or ChangeUpdate()) | {"changed_at": self.unit.now}
        only = {"of_change": change_id, "this_moment": self.unit.now}
        only |= {} if facts_version is None else {"of_version": facts_version}
        only |= {} if lease_owner is None else {"of_owner": lease_owner}
        statement = moving(to, tuple(values), tuple(only), lapsed=lapsed, not_expired=not_expired)
        row = (
            await self.unit.execute(statement, only | {f"new_{name}": each for name, each in values.items()})
        ).first()
        return None if row is None else to_change(row)

    async def sending(self, change_id: str, *, lease_owner: str) -> Change | None:
        """Count one more attempt, in the transaction that records it; None: the lease is lost, so do not send.

        The row stays locked until the commit, so that nobody declares the lease over meanwhile.
        """
        held = and_(
            changes.c.id == change_id,
            among(changes.c.state, {ChangeState.SUBMITTING}),
            changes.c.lease_owner == lease_owner,
            changes.c.lease_until > self.unit.now,
        )
        return await self._update(held, {"attempts": changes.c.attempts + 1})

    async def over(self, change_id: str) -> Change | None:
        """End the time, now, of an approved change that was sent before: it is looked into, and not sent again.

        None: it was not sent, or is not approved (any more).
        """
        held = and_(changes.c.id == change_id, among(changes.c.state, {ChangeState.APPROVED}), sent_before(changes))
        return await self._update(held, {"expires_at": self.unit.now, "due_at": self.unit.now})

    async def touch(self, change_id: str, *, due_at: datetime, checked_at: datetime | None) -> Change | None:
        """Note that an accepted or unknown change was looked into without an outcome; None: it has one by now.

        `checked_at` None: nobody could look, the last time that somebody did stays.
        """
        held = and_(changes.c.id == change_id, among(changes.c.state, _CHECKED))
        looked = {} if checked_at is None else {"checked_at": checked_at}
        return await self._update(held, {"due_at": due_at, **looked}, stamp=False)

    async def _one(self, where: ColumnElement[bool], *, lock: Lock | None = None) -> Change | None:
        query = select(changes).where(where)
        if lock is not None and self.unit.postgres:  # on SQLite there is one writer anyway
            query = query.with_for_update(read=lock is Lock.TOGETHER, key_share=lock is Lock.ALONE)
        row = (await self.unit.execute(query)).first()
        return None if row is None else to_change(row)

    async def _update(self, where: ColumnElement[bool], values: dict[str, Any], *, stamp: bool = True) -> Change | None:
        if stamp:
            values = values | {"changed_at": self.unit.now}
        statement = update(changes).where(where).values(values | {"row_version": changes.c.row_version + 1})
        row = (await self.unit.execute(statement.returning(changes))).first()
        return None if row is None else to_change(row)


_CHECKED: Final = frozenset({ChangeState.ACCEPTED, ChangeState.UNKNOWN})


def _values(wanted: ChangeUpdate) -> dict[str, Any]:
    values: dict[str, Any] = {
        "facts": None if wanted.facts is None else facts_text(wanted.facts),
        "facts_version": wanted.facts_version,
        "due_at": wanted.due_at,
        "expires_at": wanted.expires_at,
        "checked_at": wanted.checked_at,
        "outcome": outcome_text(wanted.outcome),
        "approvals_needed": wanted.approvals_needed,
    }
    return {name: value for name, value in values.items() if value is not None}
