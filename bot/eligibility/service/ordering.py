"""POST of an upgrade: the old subscription ends, the new one begins, licences move; all or nothing (decision 0023).

Where a part of the seats is upgraded, the old one stays with the others (decision 0102).
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.catalogue import Catalogue, Offer
from bot.eligibility import wire
from bot.eligibility.rules import Option
from bot.eligibility.service import errors, judging, resources, trail
from bot.eligibility.service.calls import parsed
from bot.eligibility.service.moving import LicenceMove, plan_move
from bot.eligibility.service.parts import OURS, Service, ours
from bot.eligibility.service.seats import check_quantity
from bot.eligibility.service.writes import Done, Write
from bot.eligibility.wire import UpgradeErrorCode as Code
from storage.book.records import SubscriptionRecord

_TERM: Final = timedelta(days=364)


async def order_upgrade(service: Service, write: Write, *, subscription_id: str) -> Done:
    """Judge again, then upgrade. Not eligible: an UpgradeResult with errors, and nothing is changed."""
    source = ours(write.holding, subscription_id)
    wanted = parsed(wire.Upgrade, write.body)
    if wanted.upgrade_type not in wire.UPGRADE_TYPES[1:]:
        raise errors.InvalidProperty("upgradeType must be upgrade_only or upgrade_with_license_transfer.")
    option = _chosen(judging.options_of(write.holding, source, service.catalogue), wanted.target_offer.id)
    against = _against(service.catalogue, source, option)
    if against or option is None:
        result = wire.UpgradeResult(
            source_subscription_id=source.id, upgrade_type=wanted.upgrade_type, upgrade_errors=against
        )
        return Done(body=result.to_json(), acted=False)
    quantity = source.quantity if wanted.quantity is None else wanted.quantity
    target = option.target
    check_quantity(
        quantity,
        before=source.quantity,
        least=target.minimum,
        most=target.seat_ceiling,
        may_be_fewer=judging.in_parts(source),
    )
    return await _carry_out(service, write, source=source, target=target, quantity=quantity, kind=wanted.upgrade_type)


async def _carry_out(
    service: Service, write: Write, *, source: SubscriptionRecord, target: Offer, quantity: int, kind: str
) -> Done:
    now = service.clock.now()
    tx = write.tx
    left = max(source.quantity - quantity, 0)
    changed = await tx.subscriptions.change(source, quantity=left or None, status=None if left else "deleted")
    if changed is None:
        raise errors.NotReady
    begun = await tx.subscriptions.add(_successor(service, source, target=target, quantity=quantity, now=now))
    holders = await tx.users.holders(source.customer_id, source.offer_id)
    move = plan_move(
        holders,
        catalogue=service.catalogue,
        source=service.catalogue.by_offer_id(source.offer_id),
        target=target,
        # Of a part the licences are assigned anew by hand, as in Partner Center (facts/partner-center.md, 2).
        seats=quantity if kind == judging.WITH_TRANSFER and not left else 0,
        seats_left=_seats_left(write, source) + left,
    )
    await tx.users.move(source.customer_id, from_offer=source.offer_id, to_offer=target.offer_id, user_ids=move.movers)
    result = _result(source, begun, kind=kind, move=move)
    old, new = (resources.subscription(each, service.catalogue) for each in (source, begun))
    # The result itself is kept too (OURS): who lost the answer still learns which accounts need work.
    extra = (("SubscriptionId-1", source.id), ("UpgradeResult", result.to_json().decode()))
    await trail.note(write, operation=trail.UPGRADED, now=now, old=old, new=new, extra=extra)
    return Done(body=result.to_json(), acted=True)


def _chosen(options: tuple[Option, ...], target_id: str) -> Option | None:
    wanted = target_id.strip().casefold()
    return next((each for each in options if each.target.offer_id.casefold() == wanted), None)


def _against(catalogue: Catalogue, source: SubscriptionRecord, option: Option | None) -> list[wire.UpgradeError]:
    if option is not None:
        return judging.upgrade_errors(option.reasons)
    offer = catalogue.by_offer_id(source.offer_id)
    if offer is None or not catalogue.targets(offer.key):
        code, words = Code.SUBSCRIPTION_DOES_NOT_HAVE_ANY_UPGRADE_PATHS, "The subscription has no upgrade path."
    else:
        code, words = Code.SUBSCRIPTION_TARGET_OFFER_NOT_FOUND, "The target offer is not among the upgrades."
    return [wire.UpgradeError(code=code.value, description=words)]


def _successor(
    service: Service, source: SubscriptionRecord, *, target: Offer, quantity: int, now: datetime
) -> SubscriptionRecord:
    kept = ("friendlyName", "autoRenew", "billingCycle", "termDuration")
    details = {key: source.details[key] for key in kept if key in source.details}
    if details.get("friendlyName") == resources.offer_name(source, service.catalogue):
        del details["friendlyName"]
    details["creationDate"] = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    # As a new purchase: its term is a new one, of a year. A part ends with what it was a part of.
    ends = source.details.get("commitmentEndDate") if quantity < source.quantity else None
    details["commitmentEndDate"] = ends or (now.date() + _TERM).isoformat()
    details["orderId"] = service.ids.uuid()
    return SubscriptionRecord(
        customer_id=source.customer_id,
        id=service.ids.uuid(),
        position=0,
        offer_id=target.offer_id,
        quantity=quantity,
        status="active",
        sold_by=OURS,
        details=details,
    )


def _seats_left(write: Write, source: SubscriptionRecord) -> int:
    """Seats of the source's offer that stay: those of its twins, whoever sold them."""
    twins = (each for each in write.holding.subscriptions if each.offer_id == source.offer_id and each.id != source.id)
    return sum(each.quantity for each in twins if each.status == "active")


def _result(
    source: SubscriptionRecord, begun: SubscriptionRecord, *, kind: str, move: LicenceMove
) -> wire.UpgradeResult:
    return wire.UpgradeResult(
        source_subscription_id=source.id,
        target_subscription_id=begun.id,
        upgrade_type=kind,
        license_errors=list(move.errors),
    )
