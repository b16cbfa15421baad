"""A change, its states and the one table of legal transitions (design.md, "States of a change")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.domain.facts import Facts, Move
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole


class ChangeKind(StrEnum):
    """What is asked for."""

    UPGRADE = "upgrade"
    SEATS = "seats"


class ChangeState(StrEnum):
    """Where a change stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


S = ChangeState

BIRTH: Final = frozenset({S.AWAITING_APPROVAL, S.APPROVED})

TRANSITIONS: Final[Mapping[ChangeState, frozenset[ChangeState]]] = MappingProxyType(
    {
        S.AWAITING_APPROVAL: frozenset({S.APPROVED, S.REJECTED, S.WITHDRAWN, S.EXPIRED}),
        S.APPROVED: frozenset({S.SUBMITTING, S.REJECTED, S.WITHDRAWN, S.EXPIRED}),
        S.SUBMITTING: frozenset(
            # APPROVED only after an answer that proves that nothing happened; the two after it by the second look.
            {S.APPROVED, S.AWAITING_APPROVAL, S.REFUSED, S.COMPLETED, S.ACCEPTED, S.FAILED, S.UNKNOWN}
        ),
        S.ACCEPTED: frozenset({S.COMPLETED, S.FAILED}),
        # FAILED only when settled by hand by a second person: absence is never evidence of failure.
        S.UNKNOWN: frozenset({S.COMPLETED, S.FAILED}),
        S.COMPLETED: frozenset(),
        S.FAILED: frozenset(),
        S.REFUSED: frozenset(),
        S.REJECTED: frozenset(),
        S.WITHDRAWN: frozenset(),
        S.EXPIRED: frozenset(),
    }
)

OPEN: Final = frozenset({S.AWAITING_APPROVAL, S.APPROVED, S.SUBMITTING, S.ACCEPTED, S.UNKNOWN})
"""States in which a change holds its subscription: one open change per subscription, held by the database."""

IN_FLIGHT: Final = frozenset({S.SUBMITTING, S.ACCEPTED, S.UNKNOWN})
"""States in which an order may be under way: no other change of the same customer is sent meanwhile."""

SETTLEABLE: Final = frozenset({S.UNKNOWN, S.ACCEPTED})
"""States that wait for the service to show an outcome. One that never comes is a person's to settle, after a day."""

REQUESTABLE_AGAIN: Final = frozenset({S.FAILED, S.REFUSED, S.REJECTED, S.EXPIRED})


NEVER_LEFT: Final = frozenset(
    f"not_now:{why}"
    for why in ("not_sent", "options_unreadable", "subscription_unreadable", "woke_too_late", "mark_not_confirmed")
)
"""Results of attempts of which not a byte was sent. A 429 is none: something between us may have sent a copy first."""


def sources_of(target: ChangeState) -> frozenset[ChangeState]:
    """The states from which `target` may be reached; the conditional UPDATEs are built from this."""
    return frozenset(state for state, targets in TRANSITIONS.items() if target in targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a change ended, or what is known so far. `error_code` is the service's code or one of our error codes.

    `follow_ups` is the number of accounts that need work; their names stand in a table of their own. `order_id` is the
    order or the new subscription that a person found in Partner Center and settled an unknown outcome with.
    """

    target_subscription_id: str | None = None
    quantity: int | None = None
    correlation_id: str | None = None
    follow_ups: int = 0
    accounts_total: int | None = None
    error_code: str | None = None
    error_text: str = ""
    reference: str | None = None
    moves: tuple[Move, ...] = ()
    order_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """An account that needs work after an upgrade, and the services concerned (the article's step 4)."""

    user_id: str
    name: str
    principal_name: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody asked for: a row. `id` is opaque; `number` is short and for people (such as 8F2K3M).

    `team_id` is the workspace whose chain, card and thread it belongs to; instants are UTC. `note` is the reason or
    ticket as typed. `approvals_needed` is 0 where the policy let the asker submit alone. `row_version` grows with every
    write of the row, so that an older drawing never replaces a newer one.
    """

    id: str
    number: str
    team_id: str
    asker: Actor
    asker_roles: tuple[PartnerRole, ...]
    asker_locale: str
    kind: ChangeKind
    state: ChangeState
    facts: Facts
    facts_version: int
    note: str
    rehearsal: bool
    approvals_needed: int
    draft_id: str
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    due_at: datetime
    attempts: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = None
    checked_at: datetime | None = None
    outcome: Outcome | None = None
    row_version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One sending of a change, recorded before it is sent, with its own ids. `answered_at` None: no answer recorded."""

    id: str
    change_id: str
    request_id: str
    correlation_id: str
    sent_at: datetime
    answered_at: datetime | None = None
    result: str | None = None
