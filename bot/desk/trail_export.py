"""The trail as a file, JSON lines or CSV, batch by batch: a million entries need no more memory than a thousand.

Entries never change, so every batch is a transaction of its own: whoever reads slowly holds nothing up. What is
appended after the beginning is left out.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.desk.cells import cells
from storage.database import Database
from storage.records import AuditRow

BATCH: Final = 1000

COLUMNS: Final = (
    "team_id",
    "number",
    "at",
    "name",
    "verdict",
    "actor_team_id",
    "actor_user_id",
    "roles",
    "unreachable",
    "rule",
    "reason",
    "change_id",
    "facts_version",
    "before",
    "after",
    "customer_id",
    "subscription_id",
    "data",
    "free_text",
    "text_deleted",
    "hash",
)
"""The names of the columns, and of the keys of a line (docs/audit.md)."""


class ExportFormat(StrEnum):
    """What kind of file."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries: of which workspaces, from `since` until before `until`, of one customer or one change."""

    team_ids: Sequence[str]
    since: datetime | None = None
    until: datetime | None = None
    customer_id: str | None = None
    change_id: str | None = None


async def export(database: Database, selection: Selection, form: ExportFormat) -> AsyncIterator[bytes]:
    """The file piece by piece, in UTF-8, oldest entry first. Raises StorageUnavailable."""
    write: Callable[[str, Sequence[AuditRow]], bytes] = _csv if form is ExportFormat.CSV else _jsonl
    if form is ExportFormat.CSV:
        yield cells([COLUMNS])
    for team_id in selection.team_ids:
        async for rows in _batches(database, team_id, selection):
            yield await asyncio.to_thread(write, team_id, rows)


async def _batches(database: Database, team_id: str, selection: Selection) -> AsyncIterator[Sequence[AuditRow]]:
    async with database.read() as tx:
        span = await tx.audit.span(team_id, since=selection.since, until=selection.until)
    if span is None:
        return
    after: str | None = str(span[0] - 1)
    while after is not None:
        async with database.read() as tx:
            page = await tx.audit.page(
                team_id,
                customer_id=selection.customer_id,
                change_id=selection.change_id,
                after=after,
                limit=BATCH,
                newest_first=False,
            )
        rows = [row for row in page.items if row.number <= span[1] and _within(row.at, selection)]
        if rows:
            yield rows
        after = page.after if page.after is not None and int(page.after) < span[1] else None


def _within(at: datetime, selection: Selection) -> bool:
    """Clocks of several machines differ a little: numbers alone do not say the time."""
    early = selection.since is not None and at < selection.since
    return not early and (selection.until is None or at < selection.until)


def _fields(team_id: str, row: AuditRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "team_id": team_id,
        "number": row.number,
        "at": _iso(row.at),
        "name": entry.name.value,
        "verdict": entry.verdict.value,
        "actor_team_id": entry.actor.team_id,
        "actor_user_id": entry.actor.user_id,
        "roles": [
            {"role": held.role.value, "source": held.source, "read_at": _iso(held.read_at)}
            for held in entry.evidence.held
        ],
        "unreachable": list(entry.evidence.unreachable),
        "rule": entry.rule,
        "reason": entry.reason,
        "change_id": entry.change_id,
        "facts_version": entry.facts_version,
        "before": None if entry.before is None else entry.before.value,
        "after": None if entry.after is None else entry.after.value,
        "customer_id": entry.customer_id,
        "subscription_id": entry.subscription_id,
        "data": dict(entry.data),
        "free_text": entry.free_text,
        "text_deleted": row.text_deleted,
        "hash": row.hash,
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _jsonl(team_id: str, rows: Sequence[AuditRow]) -> bytes:
    lines = [json.dumps(_fields(team_id, row), ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    # Half of a surrogate pair becomes its JSON escape.
    return "".join(lines).encode("utf-8", "backslashreplace")


def _csv(team_id: str, rows: Sequence[AuditRow]) -> bytes:
    return cells([list(_flat(_fields(team_id, row)).values()) for row in rows])


def _flat(fields: dict[str, Any]) -> dict[str, Any]:
    roles = "; ".join(f"{each['role']} ({each['source']}, {each['read_at']})" for each in fields["roles"])
    data = json.dumps(fields["data"], ensure_ascii=False, separators=(",", ":")) if fields["data"] else ""
    return fields | {
        "roles": roles,
        "unreachable": "; ".join(fields["unreachable"]),
        "data": data,
        "text_deleted": "true" if fields["text_deleted"] else "false",
    }
