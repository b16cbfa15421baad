"""What the desk's verbs give back: facts for a screen, not a word of Slack or HTTP. A `handle` is a button's value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.desk.seats.records import SeatOffer
from bot.domain.changes import Change
from bot.domain.customers import Customer, OfferRef, Option, Reason, Subscription
from bot.domain.errors import ServiceTrouble, UpgradeDeskError
from bot.domain.facts import Facts, Move
from bot.domain.people import Person, RoleEvidence
from bot.domain.policy import Mode, Policy, SecondPersonReason, Verdict
from bot.domain.roles import PartnerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Somebody was let in: who they are, by which evidence, under which policy."""

    person: Person
    evidence: RoleEvidence
    verdict: Verdict
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOpened:
    """Exactly one customer goes by that full name, domain or tenant id (design.md, rule 11)."""

    customer: Customer
    admission: Admission


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMatch:
    """One customer to choose; `handle` has purpose CHOOSE_CUSTOMER."""

    customer: Customer
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChoice:
    """What was typed opens no customer by itself: these match it. `matches` holds at most 100, in order.

    `total` is how many match in all; `at_least` says that there may be more than `total`. `same_name` is true where
    all of them go by exactly what was typed.
    """

    query: str
    matches: tuple[CustomerMatch, ...]
    total: int
    at_least: bool
    same_name: bool
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionLine:
    """A target offer. `handle` (purpose UPGRADE) stands for its button; None where it cannot be pressed."""

    option: Option
    handle: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionCard:
    """A subscription with its targets in the service's order. With `trouble` the options could not be read.

    `seats` has a handle where seats can be added to it. `instead`: other subscriptions of ours that stand in the way of
    an upgrade which would only have brought more of them, and that can take seats.
    """

    subscription: Subscription
    options: tuple[OptionLine, ...]
    trouble: ServiceTrouble | None = None
    seats: SeatOffer | None = None
    instead: tuple[SeatOffer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsList:
    """One page of a customer's subscriptions with their upgrade options, as read at `read_at`.

    `total` counts the subscriptions that are not cancelled; `page` counts from 1. `page_handles` has the handles
    (purpose REFRESH, too) of the pages around this one, by page number. A list to be shared has no handles at all.
    """

    customer: Customer
    person: Person
    cards: tuple[SubscriptionCard, ...]
    page: int
    pages: int
    total: int
    cancelled_hidden: int
    read_at: datetime
    mode: Mode
    stopped: bool
    refresh_handle: str | None = None
    share_handle: str | None = None
    page_handles: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What somebody sees before they order. The persisted draft `draft_id` stands behind it.

    `moves`: what changed since the list of `listed_at` was shown. `reasons`: why it is not possible (any more).
    `hindrance`: the very error that `request_upgrade` would raise now, or None where it may be submitted. Where
    `services_known` is false, what is added and lost is not known (an offer that the catalogue lacks).
    """

    draft_id: str
    person: Person
    facts: Facts
    source: OfferRef
    target: OfferRef
    services_known: bool
    moves: tuple[Move, ...]
    listed_at: datetime | None
    reasons: tuple[Reason, ...]
    second_person: tuple[SecondPersonReason, ...]
    asker_roles: tuple[PartnerRole, ...]
    mode: Mode
    hindrance: UpgradeDeskError | None
    ticket_wanted: bool
    prefill_note: str
    prefill_seats: int | None = None

    @property
    def may_submit(self) -> bool:
        """Whether a submit button belongs under it."""
        return self.hindrance is None

    @property
    def may_be_part(self) -> bool:
        """Whether fewer seats than there are can be upgraded; `prefill_seats` is how many were asked for before."""
        return self.facts.may_be_part


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A look for the outcome of a change: the change as it stands now, and whether the look settled it.

    `unread`: the service could not be asked, so that nothing was found says nothing.
    """

    change: Change
    settled: bool
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one sweep did, in numbers of changes."""

    unknown: int = 0
    given_back: int = 0
    expired: int = 0
