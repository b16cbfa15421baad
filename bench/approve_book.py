"""Changes that wait for an approval, with the sheet that an approver saw of each: what bench.approve submits."""

from datetime import timedelta
from typing import Final

from bench.http_caller import TEAM, USER
from bot.desk.roles import grant_role
from bot.domain.changes import ChangeState
from bot.domain.people import Actor
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from storage.approval_records import ApprovalRequest, Review
from storage.database import Database
from tests.support import made

APPROVER: Final = Actor(team_id=TEAM, user_id=USER)
ASKER: Final = Actor(team_id=TEAM, user_id="U0ASKER")
FIRST: Final = 1_000_000
"""Numbers of changes have as many digits as this, so that a statement is as long for each."""

_TOGETHER: Final = 500


def change_id(number: int) -> str:
    """The id of a change of the benchmark."""
    return f"benchchange{number}"


def review_id(number: int) -> str:
    """The id of its sheet."""
    return f"benchreview{number}"


async def fill(database: Database, *, numbers: range) -> None:
    """Add so many, each of a customer of its own; the approver may approve."""
    await grant_role(database, actor=APPROVER, role=PartnerRole.ADMIN_AGENT, by="bench")
    for begin in range(numbers.start, numbers.stop, _TOGETHER):
        async with database.write() as tx:
            for number in range(begin, min(begin + _TOGETHER, numbers.stop)):
                wanted = made.change(
                    tx,
                    id=change_id(number),
                    number=f"N{number}",
                    team_id=TEAM,
                    asker=ASKER,
                    customer=f"customer-{number}",
                    draft_id=f"benchdraft{number}",
                    state=ChangeState.AWAITING_APPROVAL,
                    approvals_needed=1,
                )
                change = await tx.changes.add(wanted)
                request = ApprovalRequest(
                    change_id=change.id,
                    reasons=(SecondPersonReason.ROLE,),
                    asked_at=tx.now,
                    remind_at=tx.now + timedelta(hours=4),
                    escalate_at=tx.now + timedelta(hours=8),
                )
                await tx.approvals.ask(request)
                seen = Review(
                    id=review_id(number),
                    change_id=change.id,
                    facts_version=change.facts_version,
                    actor=APPROVER,
                    facts=change.facts,
                    created_at=tx.now,
                )
                await tx.reviews.add(seen)
