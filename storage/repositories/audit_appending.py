"""Appending to a chain whose end is held: the entry, the new end, the free text, and what goes out with them.

None of these reads what another one writes. PostgreSQL takes them as one statement, which is one round trip instead of
four or five while others wait for the chain's end; SQLite takes one after the other.
"""

from collections.abc import Sequence
from functools import cache, reduce
from typing import Any, Final

from sqlalchemy import update

from storage.records import OutboxItem, OutboxKind
from storage.repositories.outbox_adding import added, adding, placeholders
from storage.tables.audit import audit_entries, audit_heads, audit_texts
from storage.unit import Unit, inserting

_ENTRY: Final = ("team_id", "number", "at", "name", "change_id", "customer_id", "body", "hash")
_TEXT: Final = ("team_id", "number", "salt", "text")


async def append_all(
    unit: Unit, *, entry: dict[str, Any], salted: tuple[str, str] | None, items: Sequence[OutboxItem]
) -> None:
    """Write an entry (its columns), its free text with the salt before it, and `items`, in this order."""
    values = {f"entry_{name}": value for name, value in entry.items()}
    if salted is not None:
        kept = {"team_id": entry["team_id"], "number": entry["number"], "salt": salted[0], "text": salted[1]}
        values |= {f"text_{name}": value for name, value in kept.items()}
    for at, item in enumerate(items):
        values |= added(item, unit, prefix=_prefix(at))
    statements = _statements(salted is not None, tuple(item.kind for item in items), postgres=unit.postgres)
    for statement in statements:
        await unit.execute(statement, values)


@cache
def _statements(with_text: bool, kinds: tuple[OutboxKind, ...], *, postgres: bool) -> tuple[Any, ...]:  # noqa: FBT001 - a part of the key
    """In the order of docs/decisions/0047; the new end comes last where all is one statement: it is held already."""
    insert = inserting(audit_entries, postgres=postgres)
    parts = [insert.values(placeholders(audit_entries, *_ENTRY, prefix="entry_"))]
    if with_text:
        insert = inserting(audit_texts, postgres=postgres)
        parts.append(insert.values(placeholders(audit_texts, *_TEXT, prefix="text_")))
    parts += [adding(kind, postgres=postgres, prefix=_prefix(at)) for at, kind in enumerate(kinds)]
    team_id, number, hash_ = placeholders(audit_heads, "team_id", "number", "hash", prefix="entry_").values()
    end = update(audit_heads).where(audit_heads.c.team_id == team_id).values(number=number, hash=hash_)
    if not postgres:
        return (parts[0], end, *parts[1:])
    named = [part.cte(f"part_{at}") for at, part in enumerate(parts)]
    return (reduce(lambda whole, part: whole.add_cte(part), named, end),)


def _prefix(at: int) -> str:
    return f"item{at}_"
