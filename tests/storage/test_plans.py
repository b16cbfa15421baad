"""Every list and every claim goes by an index: as fast among a million rows as among ten."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.domain.changes import ChangeState
from storage.database import Database, Transaction
from storage.outgoing_records import First, Lane, Queue, Waiting
from storage.records import ChangeUpdate, StandingTrouble
from tests.support import made

Call = Callable[[Transaction], Awaitable[Any]]
CALLS: dict[str, Call] = {
    "claim_due": lambda tx: tx.changes.claim_due(owner="w", lease=made.LEASE),
    "lapsed": lambda tx: tx.changes.lapsed(),
    "expired": lambda tx: tx.changes.expired(),
    "to_check": lambda tx: tx.changes.to_check(10),
    "open_for": lambda tx: tx.changes.open_for("c", "s"),
    "by_draft": lambda tx: tx.changes.by_draft("d"),
    "move": lambda tx: tx.changes.move("x", to=ChangeState.APPROVED, set=ChangeUpdate(facts_version=2)),
    "recent": lambda tx: tx.changes.recent(made.TEAM, after="1.x"),
    "waiting": lambda tx: tx.changes.waiting(made.TEAM, after="1.x"),
    "open": lambda tx: tx.changes.open(made.TEAM, after="1.x"),
    "mine": lambda tx: tx.changes.mine(made.ASKER, after="1.x"),
    "count_by": lambda tx: tx.changes.count_by(made.ASKER, tx.now),
    "count_until": lambda tx: tx.changes.count_until(made.change(tx), tx.now),
    "of_customer": lambda tx: tx.changes.of_customer(made.TEAM, "c"),
    "approvals.hold": lambda tx: tx.approvals.hold("x", states={ChangeState.AWAITING_APPROVAL}),
    "approvals.of": lambda tx: tx.approvals.of("x"),
    "approvals.given.of": lambda tx: tx.approvals.given("x", 1),
    "approvals.standing.of": lambda tx: tx.approvals.standing("x"),
    "approvals.of_all": lambda tx: tx.approvals.of_all(["x", "y"]),
    "approvals.requests": lambda tx: tx.approvals.requests(["x", "y"]),
    "grants.at_once": lambda tx: tx.grants.at_once(made.ASKER),
    "reviews.with_change": lambda tx: tx.reviews.with_change("x"),
    "approvals.request": lambda tx: tx.approvals.request("x"),
    "approvals.to_look_for": lambda tx: tx.approvals.to_look_for(),
    "approvals.to_remind": lambda tx: tx.approvals.to_remind(),
    "approvals.to_escalate": lambda tx: tx.approvals.to_escalate(),
    "approvals.reminded": lambda tx: tx.approvals.reminded("x"),
    "reviews.prune": lambda tx: tx.reviews.prune(before=tx.now),
    "attempts.of": lambda tx: tx.attempts.of("x"),
    "outbox.queues": lambda tx: tx.outbox.queues(),
    "outbox.first to post": lambda tx: tx.outbox.first(Waiting(team_id=made.TEAM, queue=Queue.AUDIT)),
    "outbox.first to tell": lambda tx: tx.outbox.first(Waiting(team_id=made.TEAM, queue=Queue.DIRECT)),
    "outbox.claim": lambda tx: tx.outbox.claim("w", made.LEASE, First(item_id="x", team_id=made.TEAM)),
    "turns.waits": lambda tx: tx.turns.waits([Lane(name="x", every=1.0)]),
    "turns.hold": lambda tx: tx.turns.hold(Lane(name="x", every=1.0), seconds=1.0),
    "turns.prune": lambda tx: tx.turns.prune(),
    "outbox.of": lambda tx: tx.outbox.of("x"),
    "outbox.depth": lambda tx: tx.outbox.depth(),
    "outbox_trouble.standing": lambda tx: tx.outbox_trouble.standing(),
    "outbox_trouble.ask_again": lambda tx: tx.outbox_trouble.ask_again(
        StandingTrouble(team_id=made.TEAM, code="x", waiting=1, since=tx.now)
    ),
    "outbox_trouble.mended": lambda tx: tx.outbox_trouble.mended(team_id=made.TEAM, code="x"),
    "outbox_trouble.given_up": lambda tx: tx.outbox_trouble.given_up(since=tx.now),
    "outbox.prune": lambda tx: tx.outbox.prune(before=tx.now),
    "handles.prune": lambda tx: tx.handles.prune(before=tx.now),
    "deliveries.prune": lambda tx: tx.deliveries.prune(before=tx.now),
    "audit.page": lambda tx: tx.audit.page(made.TEAM, after="50"),
    "audit.page of a customer": lambda tx: tx.audit.page(made.TEAM, customer_id="c", after="50"),
    "audit.page of a change": lambda tx: tx.audit.page(made.TEAM, change_id="x"),
    "audit.span": lambda tx: tx.audit.span(made.TEAM, since=tx.now, until=None),
    "audit.last_of_change": lambda tx: tx.audit.last_of_change("x"),
    "audit.of_change": lambda tx: tx.audit.of_change("x"),
    "audit.head": lambda tx: tx.audit.head(made.TEAM),
    "audit.append": lambda tx: tx.audit.append(made.entry(free_text="x")),
    "audit.verify": lambda tx: tx.audit.verify(made.TEAM),
}


@pytest.mark.parametrize("name", CALLS)
async def test_no_statement_walks_through_a_table(database: Database, name: str) -> None:
    """SQLite: no scan and no sorting. PostgreSQL, with scans made unattractive: no sequential scan is left."""
    async with database.write() as tx:
        connection = tx.changes.unit.connection
        postgres = tx.changes.unit.postgres
        seen: list[tuple[str, Any]] = []

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:  # noqa: FBT001
            if not many and statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                seen.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await CALLS[name](tx)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        if postgres:
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        assert seen
        for statement, parameters in seen:
            how = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            rows = (await connection.exec_driver_sql(how + statement, parameters)).all()
            plan = "\n".join(str(row[0] if postgres else row[3]) for row in rows)
            walked = (
                "Seq Scan" in plan or "Disabled" in plan if postgres else plan_scans(plan, few=name.endswith(".of"))
            )
            assert not walked, f"{statement}\n{plan}"


def plan_scans(plan: str, *, few: bool) -> bool:
    """Whether SQLite walks through a whole table, or sorts more than the few rows of one change."""
    lines = plan.splitlines()
    few_rows = {"SCAN CONSTANT ROW", "SCAN one"}  # a row that the statement itself makes
    walks = any(line.startswith("SCAN") and "USING" not in line and line not in few_rows for line in lines)
    return walks or (not few and "TEMP B-TREE" in plan)
