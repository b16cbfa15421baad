"""Whether a change may still be ordered, by the policy of this moment: at the claim, and again before sending."""

from datetime import timedelta
from typing import Final

from bot.desk.desk import Desk
from bot.desk.operation import forbidden
from bot.desk.reasons import Why
from bot.domain.changes import Change
from bot.domain.policy import Policy
from bot.domain.ticket_pattern import ticket_pattern
from storage.database import Transaction

_DAY: Final = timedelta(hours=24)


async def forbidden_by_now(tx: Transaction, desk: Desk, *, policy: Policy, change: Change) -> Why | None:
    """Why the policy forbids it by now; None where it does not.

    The daily limit is asked again because two requests of one person at the same moment both see the same count: of
    such a pair the later one is refused here.
    """
    if (why := forbidden(desk, policy=policy, customer_id=change.facts.customer_id, now=tx.now)) is not None:
        return why
    operation = policy.operation
    pattern = operation.ticket_pattern
    if pattern is not None and not ticket_pattern(pattern).fits(change.note):
        return Why.TICKET_WANTED
    most = operation.changes_per_person_per_day
    if most is not None and await tx.changes.count_until(change, change.created_at - _DAY) > most:
        return Why.DAILY_LIMIT
    return None
