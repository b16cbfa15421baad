"""How an item is put into the outbox: its statement, built once for each kind, and the values that go with it."""

from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, case, text

from bot.domain.changes import ChangeState
from storage.records import OutboxItem, OutboxKind
from storage.repositories.outbox_rows import UNSENT, Status, queue_of, ranked
from storage.tables.base import among
from storage.tables.outgoing import outbox
from storage.unit import Unit, inserting

_GIVEN = ("id", "team_id", "kind", "change_id", "audit_number", "state", "priority", "due_at", "added_at", "rank_at")
_OF_ENTRIES = frozenset({OutboxKind.STEP, OutboxKind.FOLLOW_UPS})


@cache
def adding(kind: OutboxKind, *, postgres: bool, prefix: str = "item_") -> Any:
    """The INSERT of an item. Its parameters are those of `added`, each with this prefix: several go in one statement.

    A card that is there already is asked for once more; anything else that is there already stays as it is.
    """
    given = placeholders(outbox, *_GIVEN, prefix=prefix)
    statement = inserting(outbox, postgres=postgres).values(
        **given, status=Status.WAITING.value, attempts=0, generation=1, queue=queue_of(kind, given["change_id"])
    )
    if kind is not OutboxKind.CARD:
        return statement.on_conflict_do_nothing()
    now, was = statement.excluded, outbox.c
    unsent = among(was.status, UNSENT)
    return statement.on_conflict_do_update(
        index_elements=[was.change_id],
        index_where=text("kind = 'card'"),
        set_={
            "generation": was.generation + 1,
            "status": case((was.status == Status.LEASED.value, was.status), else_=Status.WAITING.value),
            "due_at": case((unsent & (was.due_at < now.due_at), was.due_at), else_=now.due_at),
            "priority": case((unsent & (was.priority < now.priority), was.priority), else_=now.priority),
            "rank_at": case((unsent & (was.rank_at < now.rank_at), was.rank_at), else_=now.rank_at),
            "queue": now.queue,
            "why": case((unsent, was.why), else_=None),
            "added_at": case((unsent, was.added_at), else_=now.added_at),
            "done_at": None,
        },
    )


def added(item: OutboxItem, unit: Unit, *, prefix: str = "item_") -> dict[str, Any]:
    """The parameters of `adding`. ValueError for a step without its entry's number or a notice without its state."""
    if item.kind in _OF_ENTRIES and item.audit_number is None:
        raise ValueError("it needs the number of its audit entry")
    state: ChangeState | None = item.state
    if item.kind is OutboxKind.NOTICE and state is None:
        raise ValueError("a notice needs the state that it tells")
    values = {
        "id": item.id,
        "team_id": item.team_id,
        "kind": item.kind.value,
        "change_id": item.change_id,
        "audit_number": item.audit_number,
        "state": None if state is None else state.value,
        "priority": item.priority,
        "due_at": item.due_at,
        "added_at": unit.now,
        "rank_at": ranked(item),
    }
    return {prefix + name: value for name, value in values.items()}


def placeholders(table: Table, *names: str, prefix: str) -> dict[str, Any]:
    """For each of these columns what stands for its value. SQLAlchemy keeps the bare names for itself."""
    return {name: bindparam(prefix + name, type_=table.c[name].type) for name in names}
