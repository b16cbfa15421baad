"""How many upgrade options the rules evaluate a second on one core: `python -m bench.rules` (issue 2, 8: 100,000)."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from itertools import cycle, islice
from typing import Any

from bench.figures import Figure
from bot.domain.catalogue import Catalogue, load_default
from bot.domain.customers import SoldBy
from bot.eligibility.reasons import ALL_RIGHTS, DelegatedRights, HeldSubscription
from bot.eligibility.rules import evaluate

SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the rules need of a customer."""

    held: tuple[HeldSubscription, ...]
    rights: DelegatedRights


def _held(catalogue: Catalogue, row: dict[str, Any], at: int) -> HeldSubscription:
    return HeldSubscription(
        id=str(at),
        offer=catalogue.by_any(row["offer"]),
        offer_name=row["offer"],
        friendly_name=row.get("friendlyName", ""),
        status=row.get("status", "active"),
        quantity=row.get("quantity", 1),
        sold_by=SoldBy(row.get("soldBy", "us")),
        provisioned=row.get("provisioned", True),
        has_add_ons=bool(row.get("addOns")),
        operation_pending=row.get("operationPending", False),
    )


def sample_book(catalogue: Catalogue) -> list[Customer]:
    """The customers of the sample book: every case once, reasons and all."""

    def families(value: object) -> frozenset[str] | None:
        return None if value is True else frozenset(value) if isinstance(value, list) else frozenset()

    book = json.loads((files("bot") / "eligibility" / "sample_book.json").read_text(encoding="utf-8"))
    return [
        Customer(
            held=tuple(_held(catalogue, row, at) for at, row in enumerate(each["subscriptions"])),
            rights=DelegatedRights(
                delegated=families(each.get("delegatedAdmin", True)), granular=families(each.get("granularAdmin", True))
            ),
        )
        for each in book["customers"]
    ]


def worst(catalogue: Catalogue, *, size: int, rights: DelegatedRights) -> list[Customer]:
    """A customer who holds one of every product, over and over: nearly everything stands in the way of everything."""
    rows = [{"offer": key} for key in islice(cycle(catalogue.offers), size)]
    return [Customer(held=tuple(_held(catalogue, row, at) for at, row in enumerate(rows)), rights=rights)]


def rate(catalogue: Catalogue, customers: Iterable[Customer], *, seconds: float = SECONDS) -> tuple[float, float]:
    """Options a second, and reasons reported per option."""
    work = [(one, each) for one in customers for each in one.held]
    options = reasons = 0
    began = time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for customer, subscription in work:
            found = evaluate(catalogue=catalogue, subscription=subscription, held=customer.held, rights=customer.rights)
            options += len(found)
            reasons += sum(len(each.reasons) for each in found)
    return options / spent, reasons / options


def measure() -> list[Figure]:
    """Print options a second for the sample book, and for customers made to be slow; the first is the figure."""
    catalogue = load_default()
    some = DelegatedRights(delegated=frozenset({"exchange", "teams"}), granular=frozenset({"exchange"}))
    cases = {
        "sample book": sample_book(catalogue),
        "one of each of 10 products": worst(catalogue, size=10, rights=ALL_RIGHTS),
        "the same, rights to some families": worst(catalogue, size=10, rights=some),
        "one of every product, twice": worst(catalogue, size=2 * len(catalogue.offers), rights=ALL_RIGHTS),
    }
    rates = []
    for name, customers in cases.items():
        options, reasons = rate(catalogue, customers)
        rates.append(options)
        print(f"{name:36} {options:10,.0f} options/s, {options * reasons:12,.0f} reasons/s, {reasons:5.1f} an option")
    return [
        Figure(
            what="rules: options of the sample book, one core", found=rates[0], target=100_000, at_least=True, unit="/s"
        )
    ]


if __name__ == "__main__":
    measure()
