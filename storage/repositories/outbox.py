"""The outbox: what has to reach Slack, claimed with a lease, sent, and struck off.

A card is one item per change, for ever: adding it again raises its generation. What is struck off is the generation
that was claimed; was it raised meanwhile, the card waits again, so the last state is always drawn. Steps and notices
are one item each per change and entry, or state: adding one twice adds it once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, literal, or_, select, text, update

from bot.domain.changes import ChangeState
from storage.records import OutboxDepth, OutboxItem, OutboxKind
from storage.repositories.pruning import BATCH, prune
from storage.tables.base import among
from storage.tables.outgoing import cards, outbox
from storage.types import Instant
from storage.unit import Unit


class Status(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"


_UNSENT: Final = frozenset({Status.WAITING, Status.LEASED})


@dataclass(frozen=True, slots=True)
class Outbox:
    """Everything that goes out."""

    unit: Unit

    async def add(self, item: OutboxItem) -> None:
        """Put an item in, in the transaction of what it tells; lease, attempts and generation are the store's.

        ValueError for a step without its entry's number or a notice without its state.
        """
        if item.kind is OutboxKind.STEP and item.audit_number is None:
            raise ValueError("a step needs the number of its audit entry")
        if item.kind is OutboxKind.NOTICE and item.state is None:
            raise ValueError("a notice needs the state that it tells")
        statement = self.unit.insert(outbox).values(
            id=item.id,
            team_id=item.team_id,
            kind=item.kind.value,
            change_id=item.change_id,
            audit_number=item.audit_number,
            state=None if item.state is None else item.state.value,
            priority=item.priority,
            status=Status.WAITING.value,
            due_at=item.due_at,
            added_at=self.unit.now,
            attempts=0,
            generation=1,
        )
        if item.kind is OutboxKind.CARD:
            given = statement.excluded
            was = outbox.c
            unsent = among(was.status, _UNSENT)
            statement = statement.on_conflict_do_update(
                index_elements=[was.change_id],
                index_where=text("kind = 'card'"),
                set_={
                    "generation": was.generation + 1,
                    "status": case((was.status == Status.LEASED.value, was.status), else_=Status.WAITING.value),
                    "due_at": case((and_(unsent, was.due_at < given.due_at), was.due_at), else_=given.due_at),
                    "priority": case((and_(unsent, was.priority < given.priority), was.priority), else_=given.priority),
                    "why": None,
                    "done_at": None,
                },
            )
        else:
            statement = statement.on_conflict_do_nothing()
        await self.unit.execute(statement)

    async def claim(self, owner: str, lease: timedelta, limit: int) -> list[OutboxItem]:
        """Claim what is due, as `owner`, until now + `lease`; also what a dead process had claimed. First goes first.

        Of one change the steps go in the order of their entries, each after the one before it was struck off, and
        after the card was posted; notices in the order in which they were added.
        """
        due = _due(self.unit.now, limit)
        if self.unit.postgres:
            due = due.with_for_update(skip_locked=True)
        statement = (
            update(outbox)
            .where(outbox.c.id.in_(due.scalar_subquery()))
            .values(
                status=Status.LEASED.value,
                lease_owner=owner,
                lease_until=self.unit.now + lease,
                attempts=outbox.c.attempts + 1,
            )
            .returning(outbox)
        )
        rows = (await self.unit.execute(statement)).all()
        return [_item(row) for row in sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))]

    async def sent(self, item: OutboxItem) -> bool:
        """Strike off what was claimed. A card that was added again meanwhile waits again, due now.

        False: the lease was lost and the item is somebody else's by now.
        """
        same, now = outbox.c.generation == item.generation, literal(self.unit.now, Instant)
        return await self._settle(
            item,
            status=case((same, Status.SENT.value), else_=Status.WAITING.value),
            done_at=case((same, now), else_=None),
            due_at=case((same, outbox.c.due_at), else_=now),
            attempts=0,
        )

    async def again(self, item: OutboxItem, *, at: datetime) -> bool:
        """Give a claimed item back, to be tried again at `at`. False: the lease was lost."""
        return await self._settle(item, status=Status.WAITING.value, due_at=at)

    async def dead(self, item: OutboxItem, *, why: str) -> bool:
        """Give an item up: `why` is a code. What comes after it goes on. False: the lease was lost."""
        return await self._settle(item, status=Status.DEAD.value, why=why, done_at=self.unit.now)

    async def of(self, change_id: str) -> list[OutboxItem]:
        """What is unsent of one change."""
        query = select(outbox).where(outbox.c.change_id == change_id, among(outbox.c.status, _UNSENT))
        rows = (await self.unit.execute(query.order_by(outbox.c.added_at, outbox.c.id))).all()
        return [_item(row) for row in rows]

    async def depth(self) -> OutboxDepth:
        """How much waits, for metrics and `doctor`."""
        unsent = select(func.count(), func.min(outbox.c.due_at)).where(among(outbox.c.status, _UNSENT))
        count: Any = (await self.unit.execute(unsent)).one()
        dead = select(func.count()).where(among(outbox.c.status, {Status.DEAD}))
        given_up = (await self.unit.execute(dead)).scalar_one()
        return OutboxDepth(waiting=count[0], oldest_due_at=count[1], dead=given_up)

    async def prune(self, *, before: datetime, limit: int = BATCH) -> int:
        """Forget at most `limit` items sent before then. A forgotten notice could be added again: keep them long."""
        where = among(outbox.c.status, {Status.SENT})
        return await prune(self.unit, outbox, age=outbox.c.done_at, before=before, limit=limit, where=where)

    async def _settle(self, item: OutboxItem, **values: Any) -> bool:
        statement = (
            update(outbox)
            .where(
                outbox.c.id == item.id, outbox.c.status == Status.LEASED.value, outbox.c.lease_owner == item.lease_owner
            )
            .values(lease_owner=None, lease_until=None, **values)
        )
        if item.lease_until is not None:  # the same owner may have claimed it anew after its lease was over
            statement = statement.where(outbox.c.lease_until == item.lease_until)
        return (await self.unit.execute(statement)).rowcount == 1


def _due(now: datetime, limit: int) -> Select[Any]:
    item, earlier = outbox.alias("item"), outbox.alias("earlier")
    free = or_(
        and_(item.c.status == Status.WAITING.value, item.c.due_at <= now),
        and_(item.c.status == Status.LEASED.value, item.c.lease_until <= now),
    )
    return (
        select(item.c.id)
        .where(among(item.c.status, _UNSENT), free, _in_turn(item, earlier))
        .order_by(item.c.priority, item.c.due_at, item.c.id)
        .limit(limit)
    )


def _in_turn(item: Any, earlier: Any) -> ColumnElement[bool]:
    before = exists().where(
        earlier.c.change_id == item.c.change_id, earlier.c.kind == item.c.kind, among(earlier.c.status, _UNSENT)
    )
    step = and_(
        exists().where(cards.c.change_id == item.c.change_id),
        ~before.where(earlier.c.audit_number < item.c.audit_number),
    )
    first_notice = ~before.where(
        or_(
            earlier.c.added_at < item.c.added_at,
            and_(earlier.c.added_at == item.c.added_at, earlier.c.id < item.c.id),
        )
    )
    return or_(
        item.c.kind == OutboxKind.CARD.value,
        and_(item.c.kind == OutboxKind.STEP.value, step),
        and_(item.c.kind == OutboxKind.NOTICE.value, first_notice),
    )


def _item(row: Row[Any]) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        team_id=row.team_id,
        kind=OutboxKind(row.kind),
        change_id=row.change_id,
        due_at=row.due_at,
        audit_number=row.audit_number,
        state=None if row.state is None else ChangeState(row.state),
        priority=row.priority,
        attempts=row.attempts,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        generation=row.generation,
    )
