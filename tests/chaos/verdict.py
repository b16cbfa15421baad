"""What must hold of the service's records and ours, at any time and at the end."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from bot.desk.evidence import that_left
from bot.domain.changes import Attempt, Change, ChangeState
from storage.book.records import AuditRecordRow
from storage.repositories.change_rows import to_attempt, to_change
from storage.tables.changes import attempts as attempt_table
from storage.tables.changes import changes as change_table
from tests.chaos.storm import Storm
from tests.support.desks import TEAM, DeskKit

S = ChangeState
_PAGE: Final = 500
_MAY_BE_ORDERED: Final = frozenset({S.SUBMITTING, S.ACCEPTED, S.UNKNOWN, S.COMPLETED})
_IN_HAND: Final = frozenset({S.APPROVED, S.SUBMITTING, S.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Sentences about what does not hold, and figures."""

    faults: tuple[str, ...]
    states: Counter[str]
    changes: int
    attempts: int
    orders: int
    entries: int


async def judge(kit: DeskKit, storm: Storm, *, final: bool = False) -> Verdict:
    """Compare both sides. AssertionError with every fault."""
    # The orders first: a change that is ordered in between is only ahead of them.
    ordered = await _orders(kit)
    changes, attempts = await _rows(kit)
    async with kit.desk.database.read() as tx:
        chain = await tx.audit.verify(TEAM)
    of_attempt = {each.correlation_id: each for each in attempts}
    faults = [f"the chain: {each}" for each in chain.faults]
    faults += [f"sent {count} times: {name}" for name, count in storm.sent.items() if count > 1]
    faults += [f"sent and not marked: {name}" for name in set(storm.sent) - {each.request_id for each in attempts}]
    orders_of: Counter[str] = Counter()
    for order in ordered:
        attempt = of_attempt.get(order.correlation_id)
        if attempt is None:
            faults.append(f"an order of nobody's: {order.correlation_id}")
            continue
        orders_of[attempt.change_id] += 1
        state = changes[attempt.change_id].state
        allowed = {S.UNKNOWN, S.COMPLETED} if final else _MAY_BE_ORDERED
        # A copy acted and the answer was 429: that shows at the second attempt, and in the end it must have.
        copied = not final and state is S.APPROVED and attempt.result == "not_now:throttled"
        if state not in allowed and not copied:
            faults.append(f"ordered and {state}: {attempt.change_id}")
        if final and state is S.UNKNOWN:
            faults.append(f"ordered, on record, and still not found: {attempt.change_id}")
    faults += [f"{count} orders: {change_id}" for change_id, count in orders_of.items() if count > 1]
    faults += [
        f"completed and never ordered: {each.id}"
        for each in changes.values()
        if each.state is S.COMPLETED and not orders_of[each.id]
    ]
    open_attempts = Counter(each.change_id for each in attempts if each.result is None)
    faults += [f"{count} attempts without an answer: {name}" for name, count in open_attempts.items() if count > 1]
    if final:
        unknown = {each.facts.customer_id for each in changes.values() if each.state is S.UNKNOWN}
        # Sent before and over: it is looked into before it ends, which waits for the customer's unknown change.
        waits = {each.change_id for each in that_left(attempts) if changes[each.change_id].state is S.APPROVED}
        faults += [
            f"still {each.state}: {each.id}"
            for each in changes.values()
            if each.state in _IN_HAND and not (each.id in waits and each.facts.customer_id in unknown)
        ]
    assert not faults, "\n".join(faults)
    return Verdict(
        faults=tuple(faults),
        states=Counter(each.state.value for each in changes.values()),
        changes=len(changes),
        attempts=len(attempts),
        orders=len(ordered),
        entries=chain.entries,
    )


async def still_in_hand(kit: DeskKit) -> bool:
    """Whether something goes on by itself: to be sent, being sent, or being carried out."""
    changes, _ = await _rows(kit)
    return any(each.state in _IN_HAND for each in changes.values())


async def _rows(kit: DeskKit) -> tuple[dict[str, Change], list[Attempt]]:
    async with kit.desk.database.read() as tx:
        changes = [to_change(row) for row in (await tx.changes.unit.execute(select(change_table))).all()]
        attempts = [to_attempt(row) for row in (await tx.changes.unit.execute(select(attempt_table))).all()]
    return {each.id: each for each in changes}, attempts


async def _orders(kit: DeskKit) -> list[AuditRecordRow]:
    """What the service carried out, by its own records."""
    now, found, after = kit.desk.clock.now(), [], None
    while True:
        async with kit.service.book.read() as tx:
            page = await tx.audit.page(
                since=now - timedelta(days=30), until=now + timedelta(days=1), size=_PAGE, after=after
            )
        found += [each for each in page.items if each.succeeded and each.operation == "upgrade_subscription"]
        if (after := page.next_after) is None:
            return found
