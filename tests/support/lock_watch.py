"""Watches the order in which transactions lock rows, statement by statement (docs/decisions/0047)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import event

from storage.database import Database

_ORDER: Final = (
    {"switches", "grants", "identities", "channel_links", "deliveries", "handles"},
    {"changes"},
    {"approval_requests", "decisions", "reviews", "drafts", "attempts", "follow_ups"},
    {"audit_heads"},
    {"audit_entries", "audit_texts", "audit_checkpoints", "refusal_reports"},
    {"outbox"},
    {"cards"},
)
RANK: Final = {table: rank for rank, tables in enumerate(_ORDER) for table in tables}
_WRITES: Final = re.compile(r"\b(?:UPDATE|INSERT INTO|DELETE FROM)\s+(\w+)")
_LOCKS: Final = re.compile(r"\bFROM (\w+).*\bFOR (?:UPDATE|NO KEY UPDATE|SHARE)\b", re.DOTALL)
_PASSES_BY: Final = re.compile(r"\bFROM (\w+).*\bSKIP LOCKED", re.DOTALL)
# New rows under the chain's end, which is held: nobody else can be at their place.
_BEHIND_THE_END: Final = re.compile(r"\bINSERT INTO audit_(?:entries|texts)\b")


class LockWatch:
    """What was seen: `transactions` (lists of tables, in the order of their first lock) and `faults`, as sentences."""

    def __init__(self) -> None:
        self.transactions: list[list[str]] = []
        self.faults: list[str] = []
        self._open: dict[int, list[str]] = {}

    def statement(self, connection: Any, text: str) -> None:
        """A statement of a transaction."""
        held = self._open.setdefault(id(connection), [])
        if (passes := _PASSES_BY.search(text)) is not None:  # it never waits, and holds from here on
            held.append(passes[1])
            return
        # Several may be written by one statement (WITH): in an order that is PostgreSQL's, so that each counts.
        waits = [each[1] for each in _WRITES.finditer(_BEHIND_THE_END.sub("", text))]
        if not waits and (locks := _LOCKS.search(text)) is not None:
            waits = [locks[1]]
        for table in waits:
            self._locked(held, table, text)

    def _locked(self, held: list[str], table: str, text: str) -> None:
        if table in held or table not in RANK:
            return
        later = [each for each in held if RANK.get(each, -1) > RANK[table]]
        if later:
            self.faults.append(f"{table} after {', '.join(later)}: {' '.join(text.split())[:120]}")
        held.append(table)

    def end(self, connection: Any) -> None:
        """Its transaction is over."""
        if (held := self._open.pop(id(connection), None)) is not None:
            self.transactions.append(held)


@contextmanager
def watched(database: Database) -> Iterator[LockWatch]:
    """Watch a database of ours, open, on PostgreSQL."""
    engine = database._open_engines.writer.sync_engine  # noqa: SLF001 - statements are seen nowhere else
    watch = LockWatch()

    def executes(connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        watch.statement(connection, text)

    listeners: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": executes,
        "commit": watch.end,
        "rollback": watch.end,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield watch
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
