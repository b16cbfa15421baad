"""Who may do what, and when a second person is needed. Pure; the file it is read from is `policy_file`'s business.

The default is stricter than the article (design.md, "The policy file"): a second person for changes asked for by
somebody who holds only roles that cannot buy, for many seats, and for catalogue paths that are flagged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.people import RoleEvidence
from bot.domain.roles import PartnerRole


class Action(StrEnum):
    """What a policy speaks about."""

    LOOK = "look"
    REQUEST = "request"
    APPROVE = "approve"
    AUDIT = "audit"
    SETTLE = "settle"


class Mode(StrEnum):
    """How the desk operates: `rehearsal` does everything but send, `read_only` lets people look."""

    LIVE = "live"
    REHEARSAL = "rehearsal"
    READ_ONLY = "read_only"


ALL_ROLES: Final = frozenset(PartnerRole)
CANNOT_BUY_ALONE: Final = frozenset({PartnerRole.USER_ADMIN, PartnerRole.HELPDESK_AGENT})
_DECIDERS: Final = frozenset({PartnerRole.GLOBAL_ADMIN, PartnerRole.ADMIN_AGENT, PartnerRole.SALES_AGENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """When a second person is needed, how many, and the clock. `seats_above` counts seats added or moved."""

    for_roles: frozenset[PartnerRole] = CANNOT_BUY_ALONE
    for_seats_above: int = 25
    approvers: int = 1
    self_approval: bool = False
    expires_after: timedelta = timedelta(hours=24)
    remind_after: timedelta = timedelta(hours=4)
    notify: str | None = None
    escalate_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """How the desk operates. `freeze` holds inclusive spans of dates; `mode` None means: by the service (design.md).

    `pilot_customers` None means every customer; an empty set means none.
    """

    mode: Mode | None = None
    pilot_customers: frozenset[str] | None = None
    never_customers: frozenset[str] = frozenset()
    freeze: tuple[tuple[date, date], ...] = ()
    changes_per_person_per_day: int | None = None
    ticket_pattern: str | None = None


def _default_actions() -> Mapping[Action, frozenset[PartnerRole]]:
    return MappingProxyType(
        {
            Action.LOOK: ALL_ROLES,
            Action.REQUEST: ALL_ROLES,
            Action.APPROVE: _DECIDERS,
            Action.AUDIT: _DECIDERS,
            Action.SETTLE: _DECIDERS,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy. An empty list of roles allows nobody. `source` names it in evidence: `built-in` or the file's name.

    `fault` is set when a file that was sound became broken: nobody is admitted until it is mended (rule 4).
    """

    actions: Mapping[Action, frozenset[PartnerRole]] = field(default_factory=_default_actions)
    approval: ApprovalRule = field(default_factory=ApprovalRule)
    operation: Operation = field(default_factory=Operation)
    source: str = "built-in"
    fault: str | None = None


class Ruling(StrEnum):
    """How the question whether somebody may came out."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A ruling with its reason and its evidence. `rule` is the line that decided: `built-in [actions] look`."""

    ruling: Ruling
    reason: str
    rule: str
    evidence: RoleEvidence
    may: frozenset[PartnerRole]

    @property
    def allowed(self) -> bool:
        """Whether it is allowed; undetermined never is."""
        return self.ruling is Ruling.ALLOWED


def authorise(*, policy: Policy, action: Action, evidence: RoleEvidence) -> Verdict:
    """Whether somebody with this evidence may do `action`. Adding a role never takes a right away.

    A role that suffices allows, even while another source is unreachable; without one, an unreachable source makes
    the verdict undetermined, because the missing role may be there.
    """
    may = policy.actions.get(action, frozenset())
    rule = f"{policy.source} [actions] {action.value}"
    if policy.fault is not None:
        ruling, reason = Ruling.UNDETERMINED, "policy_broken"
    elif evidence.roles & may:
        ruling, reason = Ruling.ALLOWED, "role_held"
    elif not may:
        ruling, reason = Ruling.REFUSED, "nobody_may"
    elif evidence.unreachable:
        ruling, reason = Ruling.UNDETERMINED, "source_unreachable"
    elif evidence.roles:
        ruling, reason = Ruling.REFUSED, "role_not_enough"
    else:
        ruling, reason = Ruling.REFUSED, "no_role"
    return Verdict(ruling=ruling, reason=reason, rule=rule, evidence=evidence, may=may)


class SecondPersonReason(StrEnum):
    """Why a change needs a second person."""

    ROLE = "role"
    SEATS = "seats"
    FLAGGED_PATH = "flagged_path"


def second_person(
    *, policy: Policy, roles: frozenset[PartnerRole], seats: int, flagged: bool
) -> tuple[SecondPersonReason, ...]:
    """Why this change needs a second person; empty if it does not. `seats` is how many are added or moved.

    A role that may buy alone outweighs one that may not: somebody who holds both needs nobody because of a role.
    """
    asking = roles & policy.actions.get(Action.REQUEST, frozenset())
    reasons = []
    if not asking - policy.approval.for_roles:
        reasons.append(SecondPersonReason.ROLE)
    if seats > policy.approval.for_seats_above:
        reasons.append(SecondPersonReason.SEATS)
    if flagged:
        reasons.append(SecondPersonReason.FLAGGED_PATH)
    return tuple(reasons)
