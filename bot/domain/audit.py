"""The audit vocabulary: names, verdicts and the entry (design.md, rule 3; docs/audit.md lists the names)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.changes import ChangeState
from bot.domain.people import SYSTEM, Actor, RoleEvidence


class AuditName(StrEnum):
    """`source:subject:action`. An entry carries the name of the action that was tried, refused or not."""

    OPTIONS_LOOK = "slack:options:look"
    OPTIONS_SHARE = "slack:options:share"
    CHANNEL_LINK = "slack:channel:link"
    CHANNEL_UNLINK = "slack:channel:unlink"
    CHANGE_REQUEST = "slack:change:request"
    CHANGE_APPROVE = "slack:change:approve"
    CHANGE_REJECT = "slack:change:reject"
    CHANGE_WITHDRAW = "slack:change:withdraw"
    CHANGE_SETTLE = "slack:change:settle"
    CHANGE_CHECK = "slack:change:check"
    CHANGES_LIST = "slack:changes:list"
    FOLLOW_UPS_READ = "slack:follow_ups:read"
    FOLLOW_UPS_TICK = "slack:follow_ups:tick"
    FOLLOW_UPS_HAND_OVER = "slack:follow_ups:hand_over"
    FOLLOW_UPS_EXPORT = "slack:follow_ups:export"
    ROLE_READ = "slack:role:read"
    AUDIT_READ = "slack:audit:read"
    STOP_PRESS = "slack:operation:stop"
    RESUME_PRESS = "slack:operation:resume"
    SUBMIT_START = "worker:change:start"
    SUBMIT_SEND = "worker:change:send"
    SUBMIT_OUTCOME = "worker:change:outcome"
    SUBMIT_REFUSE = "worker:change:refuse"
    SUBMIT_RETRY = "worker:change:retry"
    CHANGE_NO_APPROVER = "clock:change:no_approver"
    CHANGE_REMIND = "clock:change:remind"
    CHANGE_ESCALATE = "clock:change:escalate"
    CHANGE_EXPIRE = "clock:change:expire"
    FOLLOW_UPS_REMIND = "clock:follow_ups:remind"
    FOLLOW_UPS_FORGET = "clock:follow_ups:forget"
    TRAIL_CUT = "clock:audit:cut"
    ROLE_GRANT = "cli:role:grant"
    ROLE_REVOKE = "cli:role:revoke"
    IDENTITY_LINK = "cli:identity:link"
    IDENTITY_UNLINK = "cli:identity:unlink"
    TEXT_FORGET = "cli:text:forget"
    OPERATION_STOP = "cli:operation:stop"
    OPERATION_RESUME = "cli:operation:resume"


class AuditVerdict(StrEnum):
    """How the action that was tried came out."""

    DONE = "done"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One decision, refusals included, as the use case states it. The store adds instant, number and chain.

    `data` holds ids, codes and numbers only. `free_text` (a reason, a ticket) enters the chain as a salted digest.
    """

    name: AuditName
    verdict: AuditVerdict
    team_id: str
    actor: Actor = SYSTEM
    evidence: RoleEvidence = field(default_factory=RoleEvidence)
    rule: str | None = None
    reason: str | None = None
    change_id: str | None = None
    facts_version: int | None = None
    before: ChangeState | None = None
    after: ChangeState | None = None
    customer_id: str | None = None
    subscription_id: str | None = None
    data: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    free_text: str | None = None
