"""From the book to the rules and from their options to the contract's upgrades."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot.domain.catalogue import Catalogue, Offer
from bot.domain.customers import SoldBy
from bot.eligibility import wire
from bot.eligibility.reasons import (
    AddOnsPresent,
    DelegatedRights,
    DelegatedRightsMissing,
    GranularRightsMissing,
    HeldSubscription,
    NotActive,
    NotProvisioned,
    OperationPending,
    Reason,
    ServicesAlreadyHeld,
    TargetAlreadyHeld,
)
from bot.eligibility.rules import Option, evaluate
from bot.eligibility.service.resources import offer_name
from bot.eligibility.wire import UpgradeErrorCode as Code
from storage.book.records import CustomerRecord, HoldingRecord, SubscriptionRecord

WITH_TRANSFER: Final = "upgrade_with_license_transfer"


def options_of(holding: HoldingRecord, source: SubscriptionRecord, catalogue: Catalogue) -> tuple[Option, ...]:
    """The rules' options for one subscription, judged by all that the customer holds, from whomever."""
    held = {each.id: as_held(each, catalogue) for each in holding.subscriptions}
    return evaluate(
        catalogue=catalogue,
        subscription=held[source.id],
        held=tuple(held.values()),
        rights=_rights(holding.customer),
    )


def as_held(record: SubscriptionRecord, catalogue: Catalogue) -> HeldSubscription:
    """A subscription as the rules take it."""
    details = record.details
    name = offer_name(record, catalogue)
    return HeldSubscription(
        id=record.id,
        offer=catalogue.by_offer_id(record.offer_id),
        offer_name=name,
        friendly_name=details.get("friendlyName", name),
        status=record.status,
        quantity=record.quantity,
        sold_by=SoldBy(record.sold_by),
        provisioned=details.get("provisioned", True),
        has_add_ons=bool(details.get("addOns")),
        operation_pending=details.get("operationPending", False),
    )


def in_parts(source: SubscriptionRecord) -> bool:
    """Whether some of its seats can be upgraded and the others stay."""
    return bool(source.details.get("partialUpgrade", False)) and source.quantity > 1


def upgrade(option: Option, *, source: SubscriptionRecord, offers: Mapping[str, wire.TargetOffer]) -> wire.Upgrade:
    """An option as an item of the upgrades GET; `offers` are those of `target_offers`."""
    return wire.Upgrade(
        target_offer=offers[option.target.key],
        upgrade_type=WITH_TRANSFER,
        is_eligible=option.permitted,
        quantity=source.quantity,
        upgrade_errors=upgrade_errors(option.reasons),
        catalogue_flag=None if option.flag is None else option.flag.en,
        partial_quantity_allowed=in_parts(source) or None,
    )


def target_offers(catalogue: Catalogue) -> Mapping[str, wire.TargetOffer]:
    """Every offer of the catalogue on the wire, by its key: made once, since they are most of an answer."""
    return MappingProxyType({each.key: _target_offer(each) for each in catalogue.offers.values()})


def _target_offer(offer: Offer) -> wire.TargetOffer:
    return wire.TargetOffer(
        id=offer.offer_id,
        name=offer.name.en,
        minimum_quantity=offer.minimum,
        maximum_quantity=offer.seat_ceiling,
        is_add_on=False,
        is_available_for_purchase=True,
        billing="license",
        is_auto_renewable=True,
        product=wire.OfferProduct(id=offer.entra_sku_id, name=offer.name.en, unit="Licenses"),
        unit_type="Licenses",
        links=wire.Links(self_=wire.Link(uri=f"/offers/{offer.offer_id}")),
        attributes=wire.typed("Offer"),
    )


def upgrade_errors(reasons: Sequence[Reason]) -> list[wire.UpgradeError]:
    """Reasons as upgrade errors, in the same order."""
    return [_error(each) for each in reasons]


def _error(reason: Reason) -> wire.UpgradeError:  # noqa: PLR0911 one way out per kind of a closed union
    match reason:
        case NotActive():
            return wire.UpgradeError(
                code=Code.SUBSCRIPTION_STATUS_NOT_ACTIVE.value,
                description="Subscription cannot be upgraded because the source subscription state is not active. "
                "Additional Details contains the current source subscription state.",
                additional_details=reason.status,
                condition=1,
            )
        case DelegatedRightsMissing():
            return wire.UpgradeError(
                code=Code.DELEGATED_ADMIN_PERMISSIONS_DISABLED.value,
                description="The partner has no delegated administrator rights for these services of the customer.",
                condition=2,
                service_families=list(reason.families),
            )
        case ServicesAlreadyHeld():
            return wire.UpgradeError(
                code=Code.CONFLICTING_SERVICE_TYPES.value,
                description="The customer already has a subscription with services that the target would add.",
                condition=3,
                service_families=list(reason.families),
                blocking_subscription=_blocking(reason.blocking),
            )
        case TargetAlreadyHeld():
            return wire.UpgradeError(
                code=Code.CONFLICTING_SERVICE_TYPES.value,
                description="The customer already has a subscription of the target offer.",
                condition=4,
                blocking_subscription=_blocking(reason.blocking),
            )
        case AddOnsPresent():
            return _plain(Code.SUBSCRIPTION_ADD_ONS_PRESENT, "Add-ons of the subscription block the upgrade.")
        case OperationPending():
            return _plain(Code.CONCURRENCY_CONFLICTS, "Another operation is running on the subscription.")
        case NotProvisioned():
            return _plain(Code.SUBSCRIPTION_NOT_PROVISIONED, "The subscription is not fully provisioned.")
        case GranularRightsMissing():
            return wire.UpgradeError(
                code=Code.INSUFFICIENT_GRANULAR_ADMIN_PERMISSIONS.value,
                description="The roles of the granular relationship do not suffice for these services.",
                service_families=list(reason.families),
            )


def _plain(code: Code, description: str) -> wire.UpgradeError:
    return wire.UpgradeError(code=code.value, description=description)


def _blocking(held: HeldSubscription) -> wire.BlockingSubscription:
    # The id of a subscription that others sold is not ours to know: Partner Center would not tell it either.
    return wire.BlockingSubscription(
        id=held.id if held.sold_by is SoldBy.US else None,
        offer_name=held.offer_name,
        offer_key=None if held.offer is None else held.offer.key,
        friendly_name=held.friendly_name if held.sold_by is SoldBy.US else None,
        sold_by=held.sold_by.value,
    )


def _rights(customer: CustomerRecord) -> DelegatedRights:
    return DelegatedRights(delegated=_families(customer.delegated), granular=_families(customer.granular))


def _families(value: bool | tuple[str, ...]) -> frozenset[str] | None:  # noqa: FBT001 all, none, or these
    if isinstance(value, bool):
        return None if value else frozenset()
    return frozenset(value)
