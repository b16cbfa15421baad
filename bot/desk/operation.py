"""Whether the desk may order now: the stop switch, the mode, and what the policy's [operation] forbids."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.domain.errors import Refused
from bot.domain.people import Actor
from bot.domain.policy import Mode, Operation, Policy
from storage.database import Transaction

_DAY: Final = timedelta(hours=24)


def forbidden(desk: Desk, *, policy: Policy, customer_id: str, now: datetime) -> Why | None:
    """Why nothing may be ordered for this customer now, by mode and policy; None where it may. Dates are UTC's."""
    found = guards(policy.operation, mode=desk.mode(policy), customer_id=customer_id, day=now.date())
    return found[0] if found else None


def guards(operation: Operation, *, mode: Mode, customer_id: str, day: date) -> tuple[Why, ...]:
    """Everything that forbids an order for this customer on this day, by mode and policy; pure."""
    customer_id = customer_id.lower()
    asked = {
        Why.READ_ONLY: mode is Mode.READ_ONLY,
        Why.FREEZE: any(first <= day <= last for first, last in operation.freeze),
        Why.NEVER_THIS_CUSTOMER: customer_id in operation.never_customers,
        Why.NOT_A_PILOT_CUSTOMER: operation.pilot_customers is not None
        and customer_id not in operation.pilot_customers,
    }
    return tuple(why for why, holds in asked.items() if holds)


async def closed_to(tx: Transaction, desk: Desk, *, policy: Policy, actor: Actor, customer_id: str) -> Refused | None:
    """Why `actor` cannot ask for a change now; None where they can."""
    if await tx.switches.stopped() is not None:
        return Refused(Why.STOPPED)
    if (why := forbidden(desk, policy=policy, customer_id=customer_id, now=tx.now)) is not None:
        return Refused(why)
    most = policy.operation.changes_per_person_per_day
    if most is not None and await tx.changes.count_by(actor, tx.now - _DAY) >= most:
        return Refused(Why.DAILY_LIMIT, most=most)
    return None
