"""Why an upgrade is refused: a closed union of reasons. Conditions 1 to 4 are the article's."""

from dataclasses import dataclass

from bot.domain.catalogue import Offer
from bot.domain.customers import SoldBy


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSubscription:
    """A subscription of the customer, whoever sold it. `status` is the wire's word, in lower case.

    `offer` is None where the catalogue lacks it; such a one has no upgrades and never conflicts, as nothing is known of
    its services. `provisioned`, `has_add_ons` and `operation_pending` matter for the one that is upgraded only.
    """

    id: str
    offer: Offer | None
    offer_name: str
    friendly_name: str
    status: str
    quantity: int
    sold_by: SoldBy
    provisioned: bool = True
    has_add_ons: bool = False
    operation_pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedRights:
    """What the partner may do at a customer: None is every service, a set names families of the catalogue.

    `granular` are the families for which the granular relationship's roles suffice to move licences; it counts only
    where `delegated` covers a family. A right to a family covers its higher editions.
    """

    delegated: frozenset[str] | None = None
    granular: frozenset[str] | None = None


ALL_RIGHTS = DelegatedRights()
NO_RIGHTS = DelegatedRights(delegated=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class NotActive:
    """Condition 1: the subscription is not active. `status` is what it is."""

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedRightsMissing:
    """Condition 2: no delegated rights for these families of the source or the target."""

    families: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesAlreadyHeld:
    """Condition 3: `blocking` contains these of the services that the target would add."""

    families: tuple[str, ...]
    blocking: HeldSubscription


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAlreadyHeld:
    """Condition 4: `blocking` is a subscription of the target offer."""

    blocking: HeldSubscription


@dataclass(frozen=True, slots=True)
class AddOnsPresent:
    """Add-ons of the subscription block an upgrade."""


@dataclass(frozen=True, slots=True)
class OperationPending:
    """Another operation is running on the subscription."""


@dataclass(frozen=True, slots=True)
class NotProvisioned:
    """The subscription is not fully provisioned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GranularRightsMissing:
    """Delegated rights exist for these families, but the granular relationship's roles do not suffice."""

    families: tuple[str, ...]


Reason = (
    NotActive
    | DelegatedRightsMissing
    | ServicesAlreadyHeld
    | TargetAlreadyHeld
    | AddOnsPresent
    | OperationPending
    | NotProvisioned
    | GranularRightsMissing
)
