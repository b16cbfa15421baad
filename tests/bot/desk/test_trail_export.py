"""The trail as a file: complete, in order, filtered, harmless in a spreadsheet, and never in memory as a whole."""

import csv
import io
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.desk.trail_export import BATCH, COLUMNS, ExportFormat, Selection, export
from bot.domain.audit import AuditVerdict
from bot.domain.changes import ChangeState
from bot.domain.clock import ShiftedClock
from bot.domain.people import HeldRole, RoleEvidence
from bot.domain.roles import PartnerRole
from storage.database import Database
from tests.support import made

JSONL, CSV = ExportFormat.JSONL, ExportFormat.CSV
ALL = Selection(team_ids=(made.TEAM,))
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def text(database: Database, form: ExportFormat, selection: Selection = ALL) -> str:
    return b"".join([piece async for piece in export(database, selection, form)]).decode("utf-8")


async def lines(database: Database, selection: Selection = ALL) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await text(database, JSONL, selection)).splitlines()]


async def cells(database: Database, selection: Selection = ALL) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(await text(database, CSV, selection), newline="")))


async def filled(database: Database, count: int, **fields: Any) -> None:
    async with database.write() as tx:
        for _ in range(count):
            await tx.audit.append(made.entry(**fields))


async def test_a_line_says_everything_of_an_entry(database: Database) -> None:
    held = HeldRole(role=PartnerRole.SALES_AGENT, source="grant", read_at=AT)
    async with database.write() as tx:
        row = await tx.audit.append(
            made.entry(
                verdict=AuditVerdict.REFUSED,
                evidence=RoleEvidence(held=(held,), unreachable=("graph",)),
                rule="built-in [actions] request",
                reason="no_role",
                facts_version=2,
                before=ChangeState.APPROVED,
                after=ChangeState.WITHDRAWN,
                subscription_id="s",
                free_text="Grüße 😀\nheute",
            )
        )
    at = row.at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    assert await lines(database) == [
        {
            "team_id": made.TEAM,
            "number": 1,
            "at": at,
            "name": "slack:change:request",
            "verdict": "refused",
            "actor_team_id": made.TEAM,
            "actor_user_id": "U0ASKER",
            "roles": [{"role": "sales_agent", "source": "grant", "read_at": "2026-03-01T12:00:00.000000Z"}],
            "unreachable": ["graph"],
            "rule": "built-in [actions] request",
            "reason": "no_role",
            "change_id": "change-1",
            "facts_version": 2,
            "before": "approved",
            "after": "withdrawn",
            "customer_id": "customer-1",
            "subscription_id": "s",
            "data": {"a": "x", "b": 1, "c": None, "d": True},
            "free_text": "Grüße 😀\nheute",
            "text_deleted": False,
            "hash": row.hash,
        }
    ]
    (cell,) = await cells(database)
    assert tuple(cell) == COLUMNS
    assert cell["roles"] == "sales_agent (grant, 2026-03-01T12:00:00.000000Z)"
    assert (cell["at"], cell["free_text"], cell["text_deleted"]) == (at, "Grüße 😀\nheute", "false")
    assert json.loads(cell["data"])["b"] == 1


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
async def test_a_cell_that_begins_like_a_formula_is_made_harmless(database: Database, begins: str) -> None:
    formula = f'{begins}HYPERLINK("http://x","y")'
    await filled(database, 1, free_text=formula, subscription_id=formula, reason=formula, rule="a=b")
    (cell,) = await cells(database)
    assert [cell[name] for name in ("free_text", "subscription_id", "reason")] == [f"'{formula}"] * 3
    assert cell["rule"] == "a=b"
    assert (await lines(database))[0]["free_text"] == formula


async def test_what_cannot_be_written_in_utf_8_stays_readable(database: Database) -> None:
    await filled(database, 1, subscription_id="half \ud83d", data={"x": "\ud83d"})
    (line,) = await lines(database)
    assert line["subscription_id"] == "half \ud83d"
    assert (await cells(database))[0]["subscription_id"] == "half ?"


async def test_time_customer_change_and_workspace_choose(database: Database, clock: ShiftedClock) -> None:
    instants = []
    for number in range(4):
        async with database.write() as tx:
            instants.append(tx.now)
            await tx.audit.append(made.entry(customer_id=f"customer-{number % 2}", change_id=f"change-{number}"))
        clock.advance(timedelta(hours=1))
    await filled(database, 1, team_id="T0OTHER")

    async def numbers(**fields: Any) -> list[int]:
        selection = Selection(**{"team_ids": (made.TEAM,)} | fields)
        found = [line["number"] for line in await lines(database, selection)]
        assert found == [int(cell["number"]) for cell in await cells(database, selection)]
        return found

    assert await numbers() == [1, 2, 3, 4]
    assert await numbers(since=instants[1]) == [2, 3, 4]
    assert await numbers(until=instants[2]) == [1, 2]
    assert await numbers(since=instants[1], until=instants[3]) == [2, 3]
    assert await numbers(since=instants[3] + timedelta(days=1)) == []
    assert await numbers(customer_id="customer-1") == [2, 4]
    assert await numbers(customer_id="customer-1", until=instants[3]) == [2]
    assert await numbers(change_id="change-2") == [3]
    assert await numbers(team_ids=("T0OTHER",)) == [1]
    assert await numbers(team_ids=(made.TEAM, "T0OTHER")) == [1, 2, 3, 4, 1]
    assert await numbers(team_ids=("T0NONE",)) == []


async def test_deleted_text_is_called_deleted(database: Database) -> None:
    await filled(database, 1, free_text="x")
    async with database.write() as tx:
        await tx.audit.delete_text(made.TEAM, 1)
    (line,) = await lines(database)
    assert (line["free_text"], line["text_deleted"]) == (None, True)


async def test_batches_join_without_a_gap_or_a_double_also_where_much_is_left_out(database: Database) -> None:
    await filled(database, BATCH - 1)
    await filled(database, 3, customer_id="other")
    await filled(database, BATCH)
    assert [line["number"] for line in await lines(database)] == list(range(1, 2 * BATCH + 3))
    mine = Selection(team_ids=(made.TEAM,), customer_id="customer-1")
    assert len(await lines(database, mine)) == 2 * BATCH - 1


async def test_what_is_appended_or_cut_meanwhile_does_no_harm(database: Database, clock: ShiftedClock) -> None:
    await filled(database, BATCH + 5)
    pieces = export(database, ALL, JSONL)
    first = await anext(pieces)
    clock.advance(timedelta(days=2))
    await filled(database, 5)
    async with database.write() as tx:
        await tx.audit_cuts.begin(made.TEAM, before=tx.now - timedelta(days=1))
    async with database.write() as tx:
        await tx.audit_cuts.advance(made.TEAM, limit=10)
    rest = b"".join([piece async for piece in pieces])
    numbers = [json.loads(line)["number"] for line in (first + rest).decode().splitlines()]
    assert numbers == list(range(1, BATCH + 6))


@pytest.mark.slow
async def test_fifty_thousand_entries_need_no_more_memory_than_a_few_batches(database: Database) -> None:
    """A million would take no more: what is held is one batch, as rows and as bytes."""
    await many(database, 50_000)
    peaks = []
    tracemalloc.start()
    try:
        count = size = 0
        async for piece in export(database, ALL, CSV):
            count += piece.count(b"\n")
            size += len(piece)
            if count % 10_000 < BATCH:
                peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert count >= 50_000
    assert size > 10_000_000
    assert peaks[-1] < 12_000_000
    assert peaks[-1] < peaks[1] * 1.25


async def many(database: Database, count: int) -> None:
    """Copies of one entry: exporting does not look at the chain."""
    await filled(database, 1, free_text="x" * 60)
    one = "INSERT INTO audit_entries SELECT team_id, {number}, at, name, change_id, customer_id, {body}, hash "
    series = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
    async with database.write() as tx:
        connection = tx.audit.unit.connection
        statement = one.format(number="i", body="replace(body, '\"number\":1,', '\"number\":' || i || ',')")
        rest = "FROM audit_entries, n WHERE audit_entries.number = 1 ORDER BY i"
        if tx.audit.unit.postgres:
            await connection.exec_driver_sql(series.format(count=count) + statement + rest)
        else:
            await connection.exec_driver_sql(
                statement.split("SELECT", 1)[0]
                + series.format(count=count)
                + "SELECT"
                + statement.split("SELECT", 1)[1]
                + rest
            )
