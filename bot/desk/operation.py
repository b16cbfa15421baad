"""Whether the desk may order now: the stop switch, the mode, and what the policy's [operation] forbids."""

from datetime import datetime, timedelta
from typing import Final

from bot.desk.desk import Desk
from bot.desk.reasons import Why
from bot.domain.errors import Refused
from bot.domain.people import Actor
from bot.domain.policy import Mode, Policy
from storage.database import Transaction

_DAY: Final = timedelta(hours=24)


def forbidden(desk: Desk, *, policy: Policy, customer_id: str, now: datetime) -> Why | None:
    """Why nothing may be ordered for this customer now, by mode and policy; None where it may. Dates are UTC's."""
    operation = policy.operation
    if desk.mode(policy) is Mode.READ_ONLY:
        return Why.READ_ONLY
    if any(first <= now.date() <= last for first, last in operation.freeze):
        return Why.FREEZE
    if customer_id in operation.never_customers:
        return Why.NEVER_THIS_CUSTOMER
    if operation.pilot_customers is not None and customer_id not in operation.pilot_customers:
        return Why.NOT_A_PILOT_CUSTOMER
    return None


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
