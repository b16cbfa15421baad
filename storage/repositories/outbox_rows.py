"""Rows of the outbox: where an item stands, in which queue it waits, and which one's turn is next."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    literal,
    literal_column,
    or_,
    select,
)

from bot.domain.changes import ChangeState
from storage.outgoing_records import Queue
from storage.records import OutboxItem, OutboxKind
from storage.tables.base import among
from storage.tables.changes import changes
from storage.tables.outgoing import cards, outbox, outbox_turns

READER_LANE: Final = "reader"
"""Of a direct message: `reader <team> <user>` is the lane of the conversation."""

_WORTH: Final = timedelta(hours=1)


class Status(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"


UNSENT: Final = frozenset({Status.WAITING, Status.LEASED})


def ranked(item: OutboxItem) -> datetime:
    """The instant that orders a queue: a step of priority is worth an hour of waiting, so nothing starves."""
    return item.due_at + item.priority * _WORTH


def queue_of(kind: OutboxKind, change_id: Any) -> ColumnElement[str]:
    """The queue in which an item waits as things are now: a card that stands is updated, another one is posted."""
    if kind not in (OutboxKind.CARD, OutboxKind.STEP):
        return literal(Queue.DIRECT.value)
    waited = exists().where(changes.c.id == change_id, changes.c.approvals_needed > 0)
    post = case((waited, Queue.APPROVALS.value), else_=Queue.AUDIT.value)
    if kind is OutboxKind.STEP:
        return post
    return case((exists().where(cards.c.change_id == change_id), Queue.UPDATE.value), else_=post)


def waiting_queues(now: datetime) -> Select[Any]:
    """The queues in which something is due, whoever has it."""
    return (
        select(outbox.c.team_id, outbox.c.queue)
        .where(among(outbox.c.status, UNSENT), outbox.c.due_at <= now)
        .group_by(outbox.c.team_id, outbox.c.queue)
        .order_by(outbox.c.team_id, outbox.c.queue)
    )


def first_of(team_id: str, queue: Queue, now: datetime) -> Select[Any]:
    """The item whose turn is next: due, and after what has to go before it. Its reader's conversation has a turn."""
    item, earlier = outbox.alias("item"), outbox.alias("earlier")
    query = (
        select(item.c.id, item.c.rank_at, changes.c.asker_user_id)
        .join_from(item, changes, changes.c.id == item.c.change_id)
        .where(
            item.c.team_id == team_id,
            item.c.queue == literal_column(f"'{queue.value}'"),
            among(item.c.status, UNSENT),
            free(item, now),
            in_turn(item, earlier),
        )
        .order_by(item.c.rank_at, item.c.id)
        .limit(1)
    )
    if queue is Queue.DIRECT:
        lane = literal(f"{READER_LANE} {team_id} ") + changes.c.asker_user_id
        query = query.where(~exists().where(outbox_turns.c.lane == lane, outbox_turns.c.used_until > now))
    return query


def free(item: Any, now: datetime) -> ColumnElement[bool]:
    """Whether an item may be claimed: it waits and is due, or its claimer is gone."""
    return or_(
        and_(item.c.status == Status.WAITING.value, item.c.due_at <= now),
        and_(item.c.status == Status.LEASED.value, item.c.lease_until <= now),
    )


def given_up_card(item: Any, change_id: Any) -> ColumnElement[bool]:
    """Whether an item is the card of this change, and was given up."""
    return and_(item.c.change_id == change_id, item.c.kind == OutboxKind.CARD.value, item.c.status == Status.DEAD.value)


def item_of(row: Row[Any]) -> OutboxItem:
    """A row as a record."""
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
        why=row.why,
        queue=Queue(row.queue),
    )


def in_turn(item: Any, earlier: Any) -> ColumnElement[bool]:
    """Whether nothing has to go out before an item, due or not: see `Outbox.first`."""
    card = outbox.alias("card")
    before = exists().where(
        earlier.c.change_id == item.c.change_id, earlier.c.kind == item.c.kind, among(earlier.c.status, UNSENT)
    )
    step = and_(
        or_(
            exists().where(cards.c.change_id == item.c.change_id),
            exists().where(given_up_card(card, item.c.change_id)),
        ),
        ~before.where(earlier.c.audit_number < item.c.audit_number),
    )
    first_notice = ~before.where(
        or_(
            earlier.c.added_at < item.c.added_at,
            and_(earlier.c.added_at == item.c.added_at, earlier.c.id < item.c.id),
        )
    )
    return or_(
        item.c.kind.in_((OutboxKind.CARD.value, OutboxKind.FOLLOW_UPS.value)),
        and_(item.c.kind == OutboxKind.STEP.value, step),
        and_(item.c.kind == OutboxKind.NOTICE.value, first_notice),
    )
