"""From the wire to the domain: customers, subscriptions, options and reasons. What is not known stays not known."""

import re
from datetime import UTC, datetime
from typing import Final

from bot.domain.catalogue import Catalogue
from bot.domain.customers import (
    Blocking,
    Customer,
    OfferRef,
    Option,
    Reason,
    ReasonKind,
    Refundable,
    SoldBy,
    Subscription,
)
from bot.domain.eligibility_terms import Condition
from bot.eligibility import wire
from bot.eligibility.wire import UpgradeErrorCode

NAME_LIMIT: Final = 4000
_TEXT_LIMIT: Final = 1024
_OFFER_LIMIT: Final = 256
_SHORT_LIMIT: Final = 24
_SELLERS: Final = {each.value: each for each in SoldBy}
_NO_ERROR_GIVEN: Final = "not_eligible"

_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

_KINDS: Final = {
    UpgradeErrorCode.DELEGATED_ADMIN_PERMISSIONS_DISABLED: ReasonKind.DELEGATED_RIGHTS_MISSING,
    UpgradeErrorCode.SUBSCRIPTION_STATUS_NOT_ACTIVE: ReasonKind.NOT_ACTIVE,
    UpgradeErrorCode.CONFLICTING_SERVICE_TYPES: ReasonKind.SERVICES_ALREADY_HELD,
    UpgradeErrorCode.CONCURRENCY_CONFLICTS: ReasonKind.OPERATION_PENDING,
    UpgradeErrorCode.USER_CONTEXT_REQUIRED: ReasonKind.USER_CONTEXT_REQUIRED,
    UpgradeErrorCode.SUBSCRIPTION_ADD_ONS_PRESENT: ReasonKind.ADD_ONS_PRESENT,
    UpgradeErrorCode.SUBSCRIPTION_DOES_NOT_HAVE_ANY_UPGRADE_PATHS: ReasonKind.NO_UPGRADE_PATH,
    UpgradeErrorCode.SUBSCRIPTION_TARGET_OFFER_NOT_FOUND: ReasonKind.TARGET_NOT_FOUND,
    UpgradeErrorCode.SUBSCRIPTION_NOT_PROVISIONED: ReasonKind.NOT_PROVISIONED,
    UpgradeErrorCode.OFFER_DOES_NOT_SUPPORT_BILLING_CYCLE: ReasonKind.BILLING_CYCLE,
    UpgradeErrorCode.INSUFFICIENT_GRANULAR_ADMIN_PERMISSIONS: ReasonKind.GRANULAR_RIGHTS_MISSING,
}


def own_id(text: str) -> str:
    """An id in its one spelling: the desk's keys and the policy's lists compare letters as they are."""
    return text.lower() if _UUID.fullmatch(text) else text


def customer_of(found: wire.Customer) -> Customer:
    """A customer as the desk knows it. A name that is missing is told by the domain, and that by the tenant id."""
    profile = found.company_profile
    name = profile.company_name.strip() or profile.domain.strip() or found.id
    return Customer(
        id=own_id(found.id),
        name=name[:NAME_LIMIT],
        domain=profile.domain.strip()[:_OFFER_LIMIT],
        language=_language(found.billing_profile),
    )


def _language(profile: wire.BillingProfile | None) -> str | None:
    """The primary tag (`de` of `de-AT`); None for what is no language tag."""
    told = "" if profile is None else profile.language or profile.culture or ""
    primary = told.strip().lower().partition("-")[0]
    return primary if primary.isascii() and primary.isalpha() else None


def offer_ref(*, offer_id: str, name: str, catalogue: Catalogue, most: int | None = None) -> OfferRef:
    """An offer by its id: the catalogue's names where it knows the offer, the service's, clamped, where it does not."""
    known = catalogue.by_offer_id(offer_id)
    if known is not None:
        return OfferRef(
            id=offer_id,
            key=known.key,
            name=known.name.en,
            short_name=known.short_name,
            seat_limit=known.seat_limit,
        )
    shown = " ".join(name.split())[:_OFFER_LIMIT] or offer_id[:_OFFER_LIMIT]
    return OfferRef(id=offer_id, key=None, name=shown, short_name=clamp(shown, _SHORT_LIMIT), seat_limit=most)


def clamp(text: str, most: int) -> str:
    """`text` in at most `most` characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def subscription_of(found: wire.Subscription, catalogue: Catalogue) -> Subscription:
    """A subscription as the desk knows it."""
    offer = offer_ref(offer_id=(found.offer_id or "").strip(), name=found.offer_name or "", catalogue=catalogue)
    return Subscription(
        id=own_id(found.id),
        friendly_name=(found.friendly_name or "").strip()[:_OFFER_LIMIT],
        offer=offer,
        quantity=found.quantity,
        status=found.status,
        ends_on=found.ends_on,
        etag=found.etag,
        created_at=instant_of(found.creation_date),
        term=(found.term_duration or "").strip()[:_SHORT_LIMIT] or None,
        refundable=_refundable(found.refundable_quantity),
        cancellable_until=instant_of(found.cancellation_allowed_until_date),
    )


def _refundable(found: wire.RefundableQuantity | None) -> tuple[Refundable, ...]:
    windows = [] if found is None else found.details
    read = ((each.quantity, instant_of(each.allowed_until_date_time)) for each in windows)
    return tuple(Refundable(quantity=count, until=until) for count, until in read if count > 0 and until is not None)


def option_of(entries: list[wire.Upgrade], catalogue: Catalogue) -> tuple[Option, wire.Upgrade]:
    """One option out of the entries of one target (one per upgrade type), and the entry that would be ordered.

    Permitted if an entry is eligible and names no error. Moving the licences too is preferred.
    """
    best = min(entries, key=lambda each: (bool(_against(each, catalogue)), "license" not in each.upgrade_type))
    target = best.target_offer
    offer = offer_ref(offer_id=target.id, name=target.name, catalogue=catalogue, most=target.maximum_quantity)
    option = Option(
        target=offer,
        reasons=_against(best, catalogue),
        flagged=best.catalogue_flag is not None,
        # Only where the service says so: Partner Center has no field for it (docs/decisions/0102).
        may_be_part=best.partial_quantity_allowed is True,
    )
    return option, best


def _against(entry: wire.Upgrade, catalogue: Catalogue) -> tuple[Reason, ...]:
    reasons = tuple(reason_of(each, catalogue) for each in entry.upgrade_errors)
    if not entry.is_eligible and not reasons:
        reasons = (Reason(kind=ReasonKind.OTHER, raw_code=_NO_ERROR_GIVEN),)
    most = entry.target_offer.maximum_quantity
    if most is not None and entry.quantity is not None and entry.quantity > most:
        reasons += (Reason(kind=ReasonKind.SEAT_LIMIT, raw_code=ReasonKind.SEAT_LIMIT, raw_text=str(most)),)
    return reasons


def reason_of(error: wire.UpgradeError, catalogue: Catalogue) -> Reason:
    """A reason by the service's code and our optional fields. An unknown code is kept as it came."""
    known = error.known
    kind = ReasonKind.OTHER if known is None else _KINDS.get(known, ReasonKind.OTHER)
    if kind is ReasonKind.SERVICES_ALREADY_HELD and error.condition == Condition.TARGET_NOT_HELD:
        kind = ReasonKind.TARGET_ALREADY_HELD
    status = (error.additional_details or "").strip().lower()[:_OFFER_LIMIT]
    return Reason(
        kind=kind,
        raw_code=str(error.code)[:64],
        raw_text=(error.description or "").strip()[:_TEXT_LIMIT],
        status=status or None if kind is ReasonKind.NOT_ACTIVE else None,
        families=tuple(each[:64] for each in error.service_families or ()),
        blocking=None if error.blocking_subscription is None else _blocking(error.blocking_subscription, catalogue),
    )


def _blocking(found: wire.BlockingSubscription, catalogue: Catalogue) -> Blocking:
    known = catalogue.offer(found.offer_key or "")
    sold_by = _SELLERS.get(found.sold_by, SoldBy.UNKNOWN)
    return Blocking(
        offer_name=found.offer_name[:_OFFER_LIMIT] if known is None else known.name.en,
        friendly_name=(found.friendly_name or "").strip()[:_OFFER_LIMIT] or None,
        subscription_id=found.id,
        sold_by=sold_by,
    )


def instant_of(text: str | None) -> datetime | None:
    """An instant of the wire in UTC; None where there is none or it cannot be read."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
