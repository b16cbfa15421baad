"""What stands against asking for a change: one answer for the screen before the deed and for the deed itself."""

from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.operation import closed_to
from bot.desk.results import Admission
from bot.domain.errors import NotPossibleAnyMore, OpenChangeExists, UpgradeDeskError
from bot.domain.facts import Facts
from bot.domain.policy import SecondPersonReason, second_person
from storage.database import Transaction


def second_person_reasons(*, admission: Admission, facts: Facts) -> tuple[SecondPersonReason, ...]:
    """Why this change needs a second person."""
    return second_person(
        policy=admission.policy,
        roles=admission.evidence.roles,
        seats=facts.seats_concerned,
        flagged=facts.flagged,
    )


async def hindrance(tx: Transaction, desk: Desk, *, admission: Admission, facts: Facts) -> UpgradeDeskError | None:
    """The error that asking for this change meets now; None where nothing stands against it."""
    closed = await closed_to(
        tx, desk, policy=admission.policy, actor=admission.person.actor, customer_id=facts.customer_id
    )
    if closed is not None:
        return closed
    # Before what the service permits: an order that is under way makes it impossible, and says who has it.
    if (other := await tx.changes.open_for(facts.customer_id, facts.subscription_id)) is not None:
        return OpenChangeExists(change_id=other.id, number=other.number, by=other.asker)
    return None if facts.permitted else NotPossibleAnyMore()


def expiry(admission: Admission, now: datetime) -> datetime:
    """Until when a change asked for now may be sent."""
    return now + admission.policy.approval.expires_after
