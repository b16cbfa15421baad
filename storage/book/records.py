"""What the book's repositories take and give: plain records, no SQL, no HTTP."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """A customer. `id` is the tenant id in lower case; both kinds of rights are all, none, or service families."""

    id: str
    name: str
    domain: str
    country: str
    delegated: bool | tuple[str, ...] = True
    granular: bool | tuple[str, ...] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRecord:
    """A subscription, also one that was not sold by us. `offer_id` is the wire's, as the catalogue writes it.

    `version` counts changes from 1; `details` is what no query asks for, as the importer names it.
    """

    customer_id: str
    id: str
    position: int
    offer_id: str
    quantity: int
    status: str
    sold_by: str
    version: int = 1
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRecord:
    """A customer with every subscription of it, in the book's order; those not sold by us and deleted ones too."""

    customer: CustomerRecord
    subscriptions: tuple[SubscriptionRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRecord:
    """A licence of an offer; `disabled` are the names of its service plans that are switched off for this user."""

    offer_id: str
    disabled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """A user of a customer. `licences` is None where they were not read."""

    id: str
    display_name: str
    principal_name: str
    active: bool = True
    licences: tuple[LicenceRecord, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRecord:
    """A user who holds a licence of one offer, with the plans that are switched off in it."""

    user: UserRecord
    disabled: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list: `next_after` is the key to go on behind, None at the end."""

    items: tuple[T, ...]
    next_after: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecordRow:
    """One operation that changed something. `number` grows; 0 for one that is not stored yet."""

    id: str
    at: datetime
    customer_id: str
    customer_name: str
    resource_type: str
    operation: str
    succeeded: bool
    correlation_id: str
    old_value: str
    new_value: str
    extra: tuple[tuple[str, str], ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedAnswer:
    """The answer of a write that acted. `fingerprint` tells whether a request is the same one again."""

    request_id: str
    fingerprint: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime
