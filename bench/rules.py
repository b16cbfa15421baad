"""How many upgrade options the rules evaluate a second on one core: `python -m bench.rules` (issue 2, 8: 100,000)."""

import time

from bot.domain.catalogue import Catalogue, load_default
from bot.domain.customers import SoldBy
from bot.eligibility.reasons import DelegatedRights, HeldSubscription
from bot.eligibility.rules import evaluate

SECONDS = 2.0
SOURCES = (
    "microsoft-365-business-basic",
    "microsoft-365-business-standard",
    "microsoft-365-apps-for-business",
    "microsoft-365-business-basic-india",
)


def _book(catalogue: Catalogue, *, size: int) -> tuple[HeldSubscription, ...]:
    """A customer with `size` subscriptions: the sources, then one of every other offer over and over."""
    keys = [*SOURCES, *(key for key in catalogue.offers if key not in SOURCES)]
    return tuple(
        HeldSubscription(
            id=str(at),
            offer=catalogue.offers[keys[at % len(keys)]],
            offer_name=keys[at % len(keys)],
            friendly_name="",
            status="active" if at % 3 else "suspended",
            quantity=5,
            sold_by=SoldBy.US if at % 2 else SoldBy.DIRECT,
            has_add_ons=at % 5 == 0,
        )
        for at in range(size)
    )


def rate(*, size: int, rights: DelegatedRights, seconds: float = SECONDS) -> float:
    """Options a second for a customer with `size` subscriptions, each subscription judged against all of them."""
    catalogue = load_default()
    held = _book(catalogue, size=size)
    sources = held[: len(SOURCES)]
    options = 0
    began = time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for subscription in sources:
            options += len(evaluate(catalogue=catalogue, subscription=subscription, held=held, rights=rights))
    return options / spent


def main() -> None:
    """Print options a second for small and large customers, with full rights and with rights to some families."""
    some = DelegatedRights(delegated=frozenset({"exchange", "teams"}), granular=frozenset({"exchange"}))
    for size in (4, 10, 40):
        print(f"{size:3} subscriptions, all rights:  {rate(size=size, rights=DelegatedRights()):12,.0f} options/s")
        print(f"{size:3} subscriptions, some rights: {rate(size=size, rights=some):12,.0f} options/s")


if __name__ == "__main__":
    main()
