"""What the verbs of seats give back: facts for a screen, not a word of Slack or HTTP. A `handle` is a button's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.desk.seats.seat_numbers import Either
from bot.domain.customers import Customer, OfferRef, Reason, Subscription
from bot.domain.errors import BadInput, UpgradeDeskError
from bot.domain.facts import Facts, Move
from bot.domain.people import Person
from bot.domain.policy import Mode, SecondPersonReason
from bot.domain.roles import PartnerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOffer:
    """A subscription that may take seats. `handle` (purpose CHOOSE_SEATS) stands for its button; None: it cannot.

    `limit` is the most seats it may have in all, None where none is known. `reasons` say why it cannot: NOT_ACTIVE
    (with `status`), SEAT_LIMIT (at the limit, `raw_text`), OPERATION_PENDING and NOT_PROVISIONED. An open change of
    ours is OPERATION_PENDING with `raw_code` `open_change` and its number as `raw_text`.
    """

    subscription: Subscription
    limit: int | None
    reasons: tuple[Reason, ...]
    handle: str | None

    @property
    def room(self) -> int | None:
        """How many seats can be added at most; None where no limit is known."""
        return None if self.limit is None else max(self.limit - self.subscription.quantity, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsListed:
    """One page of a customer's subscriptions, those that can take seats before those that are cancelled.

    `candidates` are all subscriptions of the customer, on whatever page, that can take seats as far as their own record
    says; `page` counts from 1; `page_handles` and `refresh_handle` have purpose SEATS_LIST.
    """

    customer: Customer
    person: Person
    offers: tuple[SeatOffer, ...]
    candidates: int
    page: int
    pages: int
    total: int
    read_at: datetime
    mode: Mode
    stopped: bool
    refresh_handle: str
    page_handles: Mapping[int, str] = field(default_factory=dict)

    @property
    def only(self) -> SeatOffer | None:
        """The one that can take seats, where it is the only one of all."""
        able = [each for each in self.offers if each.handle is not None]
        return able[0] if self.candidates == 1 and len(able) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSheet:
    """What somebody sees before they ask for seats. The persisted draft `draft_id` stands behind it.

    `facts.quantity` is how many there are now, `limit` the most there may be. `moves`: what changed since the list of
    `listed_at`. `reasons`: why none can be added. `second_person`: why a second person is needed whatever the number
    (with `prefill`: for that number); `second_person_above`: above so many added seats one is always needed.
    `refundable_quantity` seats can be given back until `refundable_until` as of now, before the new ones; `term` is the
    length of the commitment (`P1Y`), None where the service names none. `hindrance`: the very error that
    `request_seats` would raise now. `prefill`: seats to add, where a number was given that can be meant;
    `either`: it can mean two; `problem`: it cannot be ordered.
    """

    draft_id: str
    person: Person
    facts: Facts
    offer: OfferRef
    limit: int | None
    moves: tuple[Move, ...]
    listed_at: datetime | None
    reasons: tuple[Reason, ...]
    second_person: tuple[SecondPersonReason, ...]
    second_person_above: int
    refundable_quantity: int | None
    refundable_until: datetime | None
    term: str | None
    asker_roles: tuple[PartnerRole, ...]
    mode: Mode
    hindrance: UpgradeDeskError | None
    ticket_wanted: bool
    prefill: int | None
    either: Either | None
    prefill_note: str
    problem: BadInput | None = None

    @property
    def room(self) -> int | None:
        """How many seats can be added at most; None where no limit is known."""
        return None if self.limit is None else max(self.limit - self.facts.quantity, 0)

    @property
    def may_submit(self) -> bool:
        """Whether a submit button belongs under it."""
        return self.hindrance is None
