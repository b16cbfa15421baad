"""Subscriptions of a customer, and how the rules judge one of them, for the tests of the rules."""

from itertools import count

from bot.domain.catalogue import load_default
from bot.domain.customers import SoldBy
from bot.eligibility.reasons import ALL_RIGHTS, DelegatedRights, HeldSubscription, Reason
from bot.eligibility.rules import evaluate

CATALOGUE = load_default()
APPS, STANDARD, BASIC = (
    f"microsoft-365-{name}" for name in ("apps-for-business", "business-standard", "business-basic")
)
PREMIUM, ENTERPRISE_APPS = "microsoft-365-business-premium", "microsoft-365-apps-for-enterprise"
E1, E3, E5 = (f"office-365-enterprise-e{number}" for number in (1, 3, 5))
_ids = count(1)


def held(key: str | None, *, status: str = "active", sold_by: SoldBy = SoldBy.US, **more: bool) -> HeldSubscription:
    return HeldSubscription(
        id=f"s{next(_ids)}",
        offer=None if key is None else CATALOGUE.offers[key],
        offer_name=key or "Something new",
        friendly_name="",
        status=status,
        quantity=5,
        sold_by=sold_by,
        **more,
    )


def judge(
    subscription: HeldSubscription, *others: HeldSubscription, rights: DelegatedRights = ALL_RIGHTS
) -> dict[str, tuple[Reason, ...]]:
    options = evaluate(catalogue=CATALOGUE, subscription=subscription, held=(subscription, *others), rights=rights)
    return {each.target.key: each.reasons for each in options}


def permitted(
    subscription: HeldSubscription, *others: HeldSubscription, rights: DelegatedRights = ALL_RIGHTS
) -> list[str]:
    return [key for key, reasons in judge(subscription, *others, rights=rights).items() if not reasons]
