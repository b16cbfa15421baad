"""SQLite, which knows no statistics here, takes the index of the page that is asked for, not one that fits a little.

A page by another index is right, and as slow as the table is long: a customer's changes by the index of all changes.
"""

from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.clock import ShiftedClock
from storage.database import Database
from tests.storage.test_plans import Call
from tests.support import made
from tests.support.counting_ids import CountingIds
from tests.support.engines import AUDIT_KEY

PAGES: dict[str, tuple[Call, str]] = {
    "open": (lambda tx: tx.changes.open(made.TEAM), "ix_changes_open"),
    "open, further": (lambda tx: tx.changes.open(made.TEAM, after="1.x"), "ix_changes_open"),
    "waiting": (lambda tx: tx.changes.waiting(made.TEAM), "ix_changes_waiting"),
    "recent": (lambda tx: tx.changes.recent(made.TEAM), "ix_changes_recent"),
    "mine": (lambda tx: tx.changes.mine(made.ASKER), "ix_changes_asker"),
    "a customer's changes": (lambda tx: tx.changes.of_customer(made.TEAM, "c"), "ix_changes_customer"),
    "a customer's, further": (lambda tx: tx.changes.of_customer(made.TEAM, "c", after="1.x"), "ix_changes_customer"),
    "by number": (lambda tx: tx.changes.by_number(made.TEAM, "N"), "uq_changes_number"),
    "a customer's trail": (lambda tx: tx.audit.page(made.TEAM, customer_id="c"), "ix_audit_entries_customer"),
    "a customer's trail, further": (
        lambda tx: tx.audit.page(made.TEAM, customer_id="c", after="5"),
        "ix_audit_entries_customer",
    ),
    "a change's trail": (lambda tx: tx.audit.page(made.TEAM, change_id="c"), "ix_audit_entries_change"),
    "a change's trail, oldest first": (
        lambda tx: tx.audit.page(made.TEAM, change_id="c", newest_first=False, after="5"),
        "ix_audit_entries_change",
    ),
    "a change's newest entry": (lambda tx: tx.audit.last_of_change("c"), "ix_audit_entries_change"),
    "everything of a change": (lambda tx: tx.audit.of_change("c"), "ix_audit_entries_change"),
    "a time": (lambda tx: tx.audit.span(made.TEAM, since=tx.now, until=tx.now), "ix_audit_entries_at"),
}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_is_found_by_its_own_index(
    sqlite_url: str, clock: ShiftedClock, ids: CountingIds, name: str
) -> None:
    call, index = PAGES[name]
    database = Database(sqlite_url, clock=clock, ids=ids, audit_key=AUDIT_KEY)
    await database.open()
    async with database.write() as tx:
        connection, seen = tx.audit.unit.connection, []

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:  # noqa: FBT001
            seen.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await call(tx)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        (statement,) = seen
        rows = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])).all()
    await database.close()
    plan = "\n".join(str(row[3]) for row in rows)
    assert index in plan, plan
    assert "TEMP B-TREE" not in plan, plan
