"""What a tenant has of each product (facts/partner-center.md, 6): the only view of what others sold."""

from bot.domain.catalogue import Catalogue
from bot.eligibility import wire
from bot.eligibility.service.resources import offer_name, plan_state, product_sku
from storage.book.records import HoldingRecord, SubscriptionRecord

_WARNING = frozenset({"expired", "pending"})
_SUSPENDED = frozenset({"suspended", "disabled"})


def subscribed_skus(holding: HoldingRecord, consumed: dict[str, int], catalogue: Catalogue) -> list[wire.SubscribedSku]:
    """One entry per offer that is held or licensed, in the book's order. Cancelled subscriptions have no units."""
    groups: dict[str, list[SubscriptionRecord]] = {}
    for each in holding.subscriptions:
        if each.status != "deleted" or consumed.get(each.offer_id, 0):
            groups.setdefault(each.offer_id, []).append(each)
    return [_sku(group, consumed.get(offer_id, 0), catalogue) for offer_id, group in groups.items()]


def _sku(group: list[SubscriptionRecord], consumed: int, catalogue: Catalogue) -> wire.SubscribedSku:
    offer_id = group[0].offer_id
    offer = catalogue.by_offer_id(offer_id)
    active = sum(each.quantity for each in group if each.status == "active")
    warning = sum(each.quantity for each in group if each.status in _WARNING)
    suspended = sum(each.quantity for each in group if each.status in _SUSPENDED)
    return wire.SubscribedSku(
        available_units=active + warning - consumed,
        active_units=active,
        consumed_units=consumed,
        suspended_units=suspended,
        total_units=active + warning,
        warning_units=warning,
        product_sku=product_sku(offer, offer_id, name=offer_name(group[0], catalogue)),
        service_plans=[] if offer is None else [plan_state(plan, on=True) for plan in offer.plans],
        capability_status=_status(active=active, warning=warning, suspended=suspended),
        attributes=wire.typed("SubscribedSku"),
    )


def _status(*, active: int, warning: int, suspended: int) -> str:
    if active:
        return "Enabled"
    if warning:
        return "Warning"
    return "Suspended" if suspended else "Deleted"
