"""Customers, subscriptions and upgrade options as the desk shows them, whatever service they were read from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer. `id` is the tenant id; `language` is that of its bills (`de`), or None where it was not read."""

    id: str
    name: str
    domain: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRef:
    """An offer by its id, with the names to show. `key` is the catalogue's, or None where the catalogue lacks it."""

    id: str
    key: str | None
    name: str
    short_name: str
    seat_limit: int | None = None


class ReasonKind(StrEnum):
    """Why a target is not offered. The first four are the article's conditions; `other` is shown as it came.

    `seat_limit`: the subscription has more seats than the target allows (`OfferRef.seat_limit`, or `raw_text`).
    """

    NOT_ACTIVE = "not_active"
    DELEGATED_RIGHTS_MISSING = "delegated_rights_missing"
    SERVICES_ALREADY_HELD = "services_already_held"
    TARGET_ALREADY_HELD = "target_already_held"
    ADD_ONS_PRESENT = "add_ons_present"
    OPERATION_PENDING = "operation_pending"
    NOT_PROVISIONED = "not_provisioned"
    GRANULAR_RIGHTS_MISSING = "granular_rights_missing"
    USER_CONTEXT_REQUIRED = "user_context_required"
    NO_UPGRADE_PATH = "no_upgrade_path"
    TARGET_NOT_FOUND = "target_not_found"
    BILLING_CYCLE = "billing_cycle"
    SEAT_LIMIT = "seat_limit"
    OTHER = "other"


class SoldBy(StrEnum):
    """Who sold a subscription. `unknown` where the service does not say."""

    US = "us"
    PARTNER = "partner"
    DIRECT = "direct"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """The subscription that stands in the way of an upgrade (conditions 3 and 4)."""

    offer_name: str
    friendly_name: str | None
    subscription_id: str | None
    sold_by: SoldBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason why a target is refused. `raw_code` and `raw_text` are the service's own words, for `other`."""

    kind: ReasonKind
    raw_code: str
    raw_text: str = ""
    status: str | None = None
    families: tuple[str, ...] = ()
    blocking: Blocking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An upgrade option: one target offer for one subscription; permitted when there is no reason against it.

    `may_be_part`: the service says that some of the seats can be upgraded and the others stay.
    """

    target: OfferRef
    reasons: tuple[Reason, ...] = ()
    flagged: bool = False
    may_be_part: bool = False

    @property
    def permitted(self) -> bool:
        """Whether the service would accept it now."""
        return not self.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Refundable:
    """Seats that can still be given back, and until when."""

    quantity: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription sold by us. `status` is the service's word; `ends_on` is the inclusive end of its term.

    `created_at` None: the service does not say. `term` is its length as the service writes it (`P1Y`). `refundable` and
    `cancellable_until` are the service's own windows for giving back, empty and None where it names none.
    """

    id: str
    friendly_name: str
    offer: OfferRef
    quantity: int
    status: str
    ends_on: date | None
    etag: str | None = None
    created_at: datetime | None = None
    term: str | None = None
    refundable: tuple[Refundable, ...] = ()
    cancellable_until: datetime | None = None

    @property
    def active(self) -> bool:
        """Condition 1 of the article: neither suspended nor cancelled."""
        return self.status == "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a customer was seen to hold at one moment: the customer with every subscription that was listed."""

    customer: Customer
    subscriptions: tuple[Subscription, ...]
    read_at: datetime
