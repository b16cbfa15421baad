"""Changes as the worker and the clock look for them: what is due, what lapsed, what has to be looked into."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.changes import IN_FLIGHT, NEVER_LEFT, Change, ChangeState
from storage.repositories.change_lists import ChangeLists
from storage.repositories.change_rows import to_change
from storage.tables.base import among
from storage.tables.changes import attempts, changes
from storage.tables.desk import switches
from storage.unit import Unit

STOP: Final = "stop"
_RACES_LOST: Final = 8
_BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class ChangeWork(ChangeLists):
    """The worker's part of the changes."""

    async def claim_due(self, *, owner: str, lease: timedelta) -> Change | None:
        """Claim the approved change that has been due for longest, as `owner`, until now + `lease`.

        Left out are the expired ones, all of them while the desk is stopped, and those of a customer with another
        change in flight: two workers at once never pick two changes of one customer (a unique index, on PostgreSQL
        met inside a savepoint). An expired one that was sent before is claimed, stop or not: it is to be looked into
        before it ends, not to be sent. Attempts are not counted here: see `sending`.
        """
        unit = self.unit
        due = _due(unit).with_for_update(skip_locked=True, key_share=True) if unit.postgres else _due(unit)
        statement = (
            update(changes)
            .where(changes.c.id == due.scalar_subquery())
            .values(
                state=ChangeState.SUBMITTING.value,
                changed_at=unit.now,
                lease_owner=owner,
                lease_until=unit.now + lease,
                row_version=changes.c.row_version + 1,
            )
            .returning(changes)
        )
        if not unit.postgres:  # one writer at a time: there is no race to lose
            return _first((await unit.execute(statement)).all())
        for _ in range(_RACES_LOST):
            try:
                async with unit.connection.begin_nested():
                    return _first((await unit.execute(statement)).all())
            except IntegrityError:  # somebody else's claim of this customer was committed just now: look again
                continue
        return None

    async def any_due(self) -> bool:
        """Whether `claim_due` would find something: a look that takes no lock, for a worker with nothing to do."""
        return (await self.unit.execute(_due(self.unit))).first() is not None

    async def lapsed(self, team_id: str | None = None) -> list[Change]:
        """Changes whose sender's lease is over, 100 at most; locked to the end, in a transaction that writes.

        Who writes about them writes into their workspace's chain: take one workspace in a transaction, not several.
        """
        where = and_(among(changes.c.state, {ChangeState.SUBMITTING}), changes.c.lease_until <= self.unit.now)
        return await self._locked(_of(team_id).where(where).order_by(changes.c.lease_until).limit(_BATCH))

    async def to_check(self, limit: int = _BATCH) -> list[Change]:
        """Accepted and unknown changes that are due to be looked into, longest due first."""
        where = and_(among(changes.c.state, _CHECKED), changes.c.due_at <= self.unit.now)
        return await self._all(select(changes).where(where).order_by(changes.c.due_at).limit(limit))

    async def expired(self, team_id: str | None = None) -> list[Change]:
        """Changes waiting for approval or for their sending past their time, 100 at most; locked as `lapsed` does.

        None that waits to be sent again: of that one nobody knows without a look what the first sending did.
        """
        again = and_(changes.c.state == ChangeState.APPROVED.value, sent_before(changes))
        where = and_(among(changes.c.state, _EXPIRING), changes.c.expires_at <= self.unit.now, ~again)
        return await self._locked(_of(team_id).where(where).order_by(changes.c.expires_at).limit(_BATCH))

    async def _locked(self, query: Select[Any]) -> list[Change]:
        """Passing by what somebody else decides just now; by workspace, so that chains are taken in one order."""
        if self.unit.postgres and self.unit.writes:
            # Rows that hang on it may be added meanwhile, as beside any UPDATE.
            query = query.with_for_update(skip_locked=True, key_share=True)
        return sorted(await self._all(query), key=lambda change: change.team_id)

    async def _all(self, query: Select[Any]) -> list[Change]:
        return [to_change(row) for row in (await self.unit.execute(query)).all()]


_CHECKED: Final = frozenset({ChangeState.ACCEPTED, ChangeState.UNKNOWN})
_EXPIRING: Final = frozenset({ChangeState.APPROVED, ChangeState.AWAITING_APPROVAL})


def sent_before(change: Any) -> ColumnElement[bool]:
    """Whether an attempt of this change left, so that the service may have seen it."""
    never = and_(attempts.c.result.is_not(None), attempts.c.result.in_(sorted(NEVER_LEFT)))
    return exists().where(attempts.c.change_id == change.c.id, ~never)


def _of(team_id: str | None) -> Select[Any]:
    return select(changes) if team_id is None else select(changes).where(changes.c.team_id == team_id)


def _first(rows: Any) -> Change | None:
    return to_change(rows[0]) if rows else None


def _due(unit: Unit) -> Select[Any]:
    candidate, other = changes.alias("candidate"), changes.alias("other")
    in_flight = exists().where(other.c.customer_id == candidate.c.customer_id, among(other.c.state, IN_FLIGHT))
    unanswered: ColumnElement[bool] = exists().where(
        attempts.c.change_id == candidate.c.id, attempts.c.answered_at.is_(None)
    )
    return (
        select(candidate.c.id)
        .where(
            among(candidate.c.state, {ChangeState.APPROVED}),
            candidate.c.due_at <= unit.now,
            or_(
                and_(candidate.c.expires_at > unit.now, ~exists().where(switches.c.name == STOP)),
                and_(candidate.c.expires_at <= unit.now, sent_before(candidate)),
            ),
            ~in_flight,
            ~unanswered,
        )
        .order_by(candidate.c.due_at, candidate.c.created_at, candidate.c.id)
        .limit(1)
    )
