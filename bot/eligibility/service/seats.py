"""PATCH of a subscription: a new total of seats (facts/partner-center.md, 3; docs/decisions/0023)."""

from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.catalogue import NO_LIMIT, Catalogue
from bot.eligibility import wire
from bot.eligibility.service import errors, resources, trail
from bot.eligibility.service.calls import parsed
from bot.eligibility.service.parts import Service, ours
from bot.eligibility.service.writes import Done, Write
from storage.book.records import SubscriptionRecord

_GIVING_BACK: Final = timedelta(days=7)
"""For how long seats that were added to a term can be given back."""


async def change_seats(service: Service, write: Write, *, subscription_id: str, if_match: str | None) -> Done:
    """Set the total that the body names. Raises the refusals of `errors`, in the order of the checks below."""
    before = ours(write.holding, subscription_id)
    wanted = parsed(wire.Subscription, write.body)
    _check_etag(before, if_match=if_match, in_body=wanted.etag)
    _check_state(before)
    _check_properties(before, wanted)
    check_quantity(wanted.quantity, before=before.quantity, least=1, most=_most(before, service.catalogue))
    details = {**before.details, "autoRenew": bool(wanted.auto_renew_enabled)}
    if wanted.quantity > before.quantity and "termDuration" in details:
        details["refundable"] = _refundable(before, added=wanted.quantity - before.quantity, now=service.clock.now())
    if wanted.friendly_name and wanted.friendly_name.strip():
        details["friendlyName"] = wanted.friendly_name[:3000].replace("\0", "")
    after = await write.tx.subscriptions.change(before, quantity=wanted.quantity, details=details)
    if after is None:
        raise errors.StaleEtag
    old, new = (resources.subscription(each, service.catalogue) for each in (before, after))
    await trail.note(write, operation=trail.UPDATED, now=service.clock.now(), old=old, new=new)
    return Done(body=new.to_json(), acted=True, headers=(("ETag", f'"{resources.etag_of(after)}"'),))


def check_quantity(wanted: int, *, before: int, least: int, most: int, may_be_fewer: bool = False) -> None:
    """Within the offer's range, and never fewer seats than there are."""
    if not least <= wanted <= most:
        raise errors.QuantityOutOfRange(f"The quantity must be from {least} to {most}.")
    if wanted < before and not may_be_fewer:
        raise errors.QuantityDecreased


def _refundable(before: SubscriptionRecord, *, added: int, now: datetime) -> list[dict[str, Any]]:
    """The windows that are still open, and that of the seats just added (facts/partner-center.md, 3)."""
    open_ones = [
        each for each in before.details.get("refundable", []) if datetime.fromisoformat(str(each["until"])) > now
    ]
    until = (now + _GIVING_BACK).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [*open_ones, {"quantity": added, "until": until}]


def _most(record: SubscriptionRecord, catalogue: Catalogue) -> int:
    offer = catalogue.by_offer_id(record.offer_id)
    return NO_LIMIT if offer is None else offer.seat_ceiling


def _check_etag(record: SubscriptionRecord, *, if_match: str | None, in_body: str | None) -> None:
    current = resources.etag_of(record)
    # Quotes belong around the header's value; the documentation's own examples leave them out at times.
    header = None if if_match is None else if_match.strip().removeprefix("W/").strip('"')
    given = [each for each in (header, in_body) if each is not None and each != "*"]
    if any(each != current for each in given):
        raise errors.StaleEtag


def _check_state(record: SubscriptionRecord) -> None:
    if record.status == "deleted":
        raise errors.SubscriptionDeleted
    if record.status == "suspended":
        raise errors.SubscriptionSuspended
    if record.status != "active":
        raise errors.SubscriptionNotActive
    if record.details.get("operationPending", False):
        raise errors.PendingOperation
    if not record.details.get("provisioned", True):
        raise errors.NotReady


def _check_properties(record: SubscriptionRecord, wanted: wire.Subscription) -> None:
    if wanted.id.lower() != record.id:
        raise errors.InvalidProperty("The id of the body is not that of the path.")
    if wanted.status != record.status:
        raise errors.StatusNotChangeable
    if wanted.offer_id is not None and wanted.offer_id.casefold() != record.offer_id.casefold():
        raise errors.InvalidProperty("The offer of a subscription is changed by an upgrade.")
    if wanted.billing_cycle is not None and wanted.billing_cycle != record.details.get("billingCycle", "monthly"):
        raise errors.BillingCycleNotChangeable
