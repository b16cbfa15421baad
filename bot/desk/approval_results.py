"""What the verbs of approving give back: facts for a screen, not a word of Slack or HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.changes import Change
from bot.domain.customers import OfferRef, Reason
from bot.domain.errors import UpgradeDeskError
from bot.domain.facts import Facts, Move
from bot.domain.people import Actor, Person, RoleEvidence
from bot.domain.policy import Action, SecondPersonReason, Verdict
from bot.domain.roles import PartnerRole
from storage.approval_records import Decision
from storage.follow_up_records import FollowUpList
from storage.records import Card, Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStatus:
    """What a card shows beside the row of its change. Read in one transaction with the row.

    `given`: who approved the present version of the facts, in order. `needed`: how many are needed (0: nobody).
    `decision`: what a person decided last, if anybody did (approve, reject, withdraw, settle). `may`: the roles that
    approve by the policy of this moment; nobody in particular is named. `without_approver`: when it was found that too
    few people hold such a role. `settle_from`: from when an unknown outcome may be settled by hand.
    """

    needed: int
    given: tuple[Decision, ...]
    reasons: tuple[SecondPersonReason, ...]
    may: frozenset[PartnerRole]
    decision: Decision | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    without_approver: datetime | None = None
    settle_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSheet:
    """What somebody sees before they approve: the facts as read now. The persisted review `review_id` stands behind it.

    `moves`: what is different from the facts that the change rests on; submitting such a sheet first records them
    (see `approve`). `reasons`: why the service does not permit it (any more). `hindrance`: the very error that
    `approve` would raise now, None where it may be submitted.
    """

    change: Change
    review_id: str
    facts: Facts
    source: OfferRef
    target: OfferRef
    services_known: bool
    moves: tuple[Move, ...]
    reasons: tuple[Reason, ...]
    person: Person
    status: ApprovalStatus
    hindrance: UpgradeDeskError | None

    @property
    def may_decide(self) -> bool:
        """Whether a submit button belongs under it."""
        return self.hindrance is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision was recorded, or (`again`) had been recorded before by the same person: nothing was counted twice.

    `counted` of `needed` approvals; both are of no meaning for a rejection, a withdrawal or a settlement.
    """

    change: Change
    counted: int
    needed: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChange:
    """A change in a list, with where its card stands (None: not posted yet) and who approved so far."""

    change: Change
    card: Card | None
    status: ApprovalStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeList:
    """A page of changes; `after` asks for the next one, None on the last. `read_at` by the database."""

    person: Person
    items: tuple[ListedChange, ...]
    after: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who somebody is here: their roles with source and age, and for each action whether they may, and why not."""

    person: Person
    evidence: RoleEvidence
    verdicts: Mapping[Action, Verdict]

    def may(self, action: Action) -> bool:
        """Whether they may do it now."""
        return self.verdicts[action].allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenList:
    """A list of accounts that somebody holds and has not worked off, with its change."""

    change: Change
    work: FollowUpList


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All of App Home, of one moment. The lists are empty (None) for those who may not look."""

    rights: Rights
    waiting: ChangeList | None
    mine: ChangeList | None
    lately: ChangeList | None
    stopped: Switch | None
    may_stop: bool
    work: tuple[OpenList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What one round of reminding did, in numbers of changes."""

    reminded: int = 0
    escalated: int = 0
    without_approver: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The switch as it is now, and whether this press moved it. `by` is None where orders run."""

    switch: Switch | None
    moved: bool
    by: Actor | None = None
