"""What the store keeps of approvals: what is asked of approvers, what was decided, what somebody had before them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.facts import Facts
from bot.domain.people import Actor
from bot.domain.policy import SecondPersonReason
from bot.domain.roles import PartnerRole
from storage.records import Switch


class DecisionKind(StrEnum):
    """What a person decided about a change."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One person's decision about one version of a change's facts, with the roles held at that moment.

    `self_made`: it was the asker's own, which the policy allowed (`self_approval`, the way for a team of one).
    """

    change_id: str
    facts_version: int
    kind: DecisionKind
    actor: Actor
    roles: tuple[PartnerRole, ...]
    self_made: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """What is asked of the approvers of one change, and the clock of it. All instants are rows, none is a timer.

    `reasons`: why a second person is needed. `looked_at`: when it was looked for somebody who could approve;
    `found` None: it could not be known whether there is anybody.
    """

    change_id: str
    reasons: tuple[SecondPersonReason, ...]
    asked_at: datetime
    remind_at: datetime
    escalate_at: datetime
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    looked_at: datetime | None = None
    found: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an approval meets at a held change: the stop switch if it is thrown, and every decision so far, in order."""

    stopped: Switch | None
    made: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What stands behind an approval modal: the facts as its reader saw them, and which version they looked at."""

    id: str
    change_id: str
    facts_version: int
    actor: Actor
    facts: Facts
    created_at: datetime
