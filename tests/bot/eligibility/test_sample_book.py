"""The sample book holds a customer for each case of the article (issue 2, 6), in the format of docs/book.md."""

import json
import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.catalogue import load_default
from bot.domain.customers import SoldBy
from bot.eligibility.reasons import DelegatedRights, HeldSubscription, Reason
from bot.eligibility.rules import evaluate

CATALOGUE = load_default()
BOOK: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "bot" / "eligibility" / "sample_book.json").read_text(encoding="utf-8")
)["customers"]

CUSTOMER = {"id", "companyName", "domain", "country", "delegatedAdmin", "granularAdmin", "subscriptions", "users"}
SUBSCRIPTION = {
    *("id", "offer", "offerName", "quantity", "status", "soldBy", "friendlyName", "commitmentEndDate"),
    *("creationDate", "autoRenew", "billingCycle", "addOns", "operationPending", "provisioned"),
    *("termDuration", "cancellationAllowedUntilDate", "partialUpgrade"),
}
USER = {"id", "displayName", "userPrincipalName", "licenses", "disabledPlans", "state"}


def _customer(name: str) -> dict[str, Any]:
    return next(each for each in BOOK if each["companyName"] == name)


def _rights(customer: dict[str, Any]) -> DelegatedRights:
    def read(value: object) -> frozenset[str] | None:
        return None if value is True else frozenset(value) if isinstance(value, list) else frozenset()

    return DelegatedRights(
        delegated=read(customer.get("delegatedAdmin", True)), granular=read(customer.get("granularAdmin", True))
    )


def _held(row: dict[str, Any]) -> HeldSubscription:
    offer = CATALOGUE.by_any(row["offer"])
    return HeldSubscription(
        id=row["id"],
        offer=offer,
        offer_name=row["offerName"] if offer is None else offer.name.en,
        friendly_name=row.get("friendlyName", ""),
        status=row["status"],
        quantity=row["quantity"],
        sold_by=SoldBy(row["soldBy"]),
        provisioned=row.get("provisioned", True),
        has_add_ons=bool(row.get("addOns")),
        operation_pending=row.get("operationPending", False),
    )


def _judged(customer: dict[str, Any]) -> list[dict[str, tuple[Reason, ...]]]:
    held = [_held(each) for each in customer["subscriptions"]]
    return [
        {
            option.target.short_name: option.reasons
            for option in evaluate(catalogue=CATALOGUE, subscription=each, held=held, rights=_rights(customer))
        }
        for each in held
        if each.sold_by is SoldBy.US
    ]


def _kinds(name: str) -> dict[str, list[str]]:
    """The reasons of the first subscription, by the short name of the target."""
    return {key: [type(each).__name__ for each in found] for key, found in _judged(_customer(name))[0].items()}


def test_every_row_keeps_to_the_format() -> None:
    ids: list[str] = []
    for customer in BOOK:
        assert set(customer) <= CUSTOMER
        assert re.fullmatch(r"[a-z0-9.-]+\.example|contoso\.(de|com)", customer["domain"])
        assert re.fullmatch(r"[A-Z]{2}", customer["country"])
        ids.append(customer["id"])
        for row in customer["subscriptions"]:
            assert set(row) <= SUBSCRIPTION
            offer = CATALOGUE.by_any(row["offer"])
            assert offer is not None or row["offerName"]
            assert 1 <= row["quantity"] <= (offer.seat_ceiling if offer else row["quantity"])
            assert row["status"] in {"active", "suspended", "deleted", "pending", "expired", "disabled", "none"}
            date.fromisoformat(row["commitmentEndDate"])
            ids.append(row["id"])
        held = {row["offer"] for row in customer["subscriptions"] if row["status"] != "deleted"}
        for user in customer["users"]:
            assert set(user) <= USER
            assert user["userPrincipalName"].endswith("@" + customer["domain"])
            assert user["userPrincipalName"].isascii()
            assert set(user["licenses"]) <= held
            plans = {plan.key for key in user["licenses"] for plan in CATALOGUE.offers[key].plans}
            assert set(user.get("disabledPlans", ())) <= plans
            ids.append(user["id"])
        for right in ("delegatedAdmin", "granularAdmin"):
            if isinstance(named := customer.get(right, True), list):
                assert set(named) <= set(CATALOGUE.families)
    assert len({uuid.UUID(each) for each in ids}) == len(ids)
    assert len({each["domain"] for each in BOOK}) == len(BOOK)


def test_contoso_is_as_in_screens_md() -> None:
    """Zentrale may become three offers; telephony, bought directly, blocks E5 (and so does Power BI Pro)."""
    contoso = _customer("Contoso GmbH")
    head, plant, *_ = contoso["subscriptions"]
    assert (head["friendlyName"], head["quantity"], head["commitmentEndDate"]) == ("Zentrale", 24, "2027-03-31")
    assert [contoso["id"][-4:], head["id"][-4:], plant["id"][-4:]] == ["9c41", "7f3a", "22d0"]
    assert _kinds("Contoso GmbH") == {
        "Business Standard": [],
        "Office 365 E1": [],
        "Office 365 E3": [],
        "Office 365 E5": ["ServicesAlreadyHeld", "ServicesAlreadyHeld"],
    }
    assert _judged(contoso)[2] == {}
    assert len(contoso["users"]) == 23
    assert sum("disabledPlans" in each for each in contoso["users"]) == 2


@pytest.mark.parametrize(
    ("name", "target", "reasons"),
    [
        ("Fabrikam Reisen AG", "Office 365 E5", []),
        ("Müller & Söhne GmbH", "Office 365 E5", []),
        ("Adventure Works Cycles", "Business Premium", []),
        ("Bharat Textiles Pvt Ltd", "Business Standard India", []),
        ("Kaveri Software Pvt Ltd", "Business Standard India", []),
        ("Gestern & Heute Verlag", "Office 365 E3", ["NotActive"]),
        ("Altmann Abbruch GmbH", "Office 365 E1", ["NotActive"]),
        ("Spätlese Weinhandel", "Office 365 E1", ["NotActive"]),
        ("Ohnerecht Consulting", "Office 365 E1", ["DelegatedRightsMissing"]),
        ("Teilrecht Steuerberatung", "Office 365 E1", []),
        ("Teilrecht Steuerberatung", "Business Standard", ["DelegatedRightsMissing"]),
        ("Feinrecht Notare", "Business Standard", ["GranularRightsMissing"]),
        ("Doppelpost Versand", "Office 365 E3", ["ServicesAlreadyHeld"]),
        ("Zahlenwerk Controlling", "Office 365 E5", ["ServicesAlreadyHeld"]),
        ("Ferngespräch Callcenter", "Office 365 E5", ["ServicesAlreadyHeld"]),
        ("Schreibstube Lektorat", "Business Standard", ["ServicesAlreadyHeld"]),
        ("Schonda Software GmbH", "Office 365 E3", ["ServicesAlreadyHeld", "TargetAlreadyHeld"]),
        ("Woanders Handel", "Office 365 E1", ["TargetAlreadyHeld"]),
        ("Zwilling & Partner", "Office 365 E3", []),
        ("Nacharbeit Pflegedienst", "Office 365 E3", []),
        ("Anbau Architekten", "Office 365 E1", ["AddOnsPresent"]),
        ("Wartezimmer Praxis", "Office 365 E1", ["OperationPending"]),
        ("Halbfertig Möbel", "Office 365 E1", ["NotProvisioned"]),
    ],
)
def test_there_is_a_customer_for_the_case(name: str, target: str, reasons: list[str]) -> None:
    assert _kinds(name)[target] == reasons


def test_one_customer_has_nearly_every_reason_at_once() -> None:
    assert _kinds("Allesgleichzeitig Events")["Office 365 E3"] == [
        *("NotActive", "DelegatedRightsMissing", "ServicesAlreadyHeld", "TargetAlreadyHeld"),
        *("OperationPending", "AddOnsPresent", "NotProvisioned"),
    ]


def test_services_in_the_way_were_sold_by_us_by_another_partner_and_directly() -> None:
    sellers = set()
    for customer in BOOK:
        for options in _judged(customer):
            for reasons in options.values():
                sellers |= {each.blocking.sold_by for each in reasons if hasattr(each, "blocking")}
    assert sellers == {SoldBy.US, SoldBy.PARTNER, SoldBy.DIRECT}


def test_there_are_customers_for_hard_names_and_sizes() -> None:
    names = [each["companyName"] for each in BOOK]
    assert names.count("Nordwind Handel GmbH") == 2
    assert {"Payload Logistics", '<!channel> & Co "Quotes"', "شركة النور للتجارة", "Café Sonnenschein ☀️🌻"} <= set(
        names
    )
    assert {0, 40} <= {len(each["subscriptions"]) for each in BOOK}
    assert max(row["quantity"] for each in BOOK for row in each["subscriptions"]) == 300


def test_one_customer_has_more_users_than_seats_and_switched_off_services() -> None:
    customer = _customer("Nacharbeit Pflegedienst")
    assert len(customer["users"]) > customer["subscriptions"][0]["quantity"]
    assert sum("disabledPlans" in each for each in customer["users"]) == 3


def test_every_product_without_an_upgrade_says_so_by_having_no_option() -> None:
    assert _judged(_customer("Endstation Hotels")) == [{}, {}, {}]
    assert _judged(_customer("Wolkenlos Technik"))[0] == {}


def test_there_are_cases_for_seats() -> None:
    """A term with a commitment, one at its limit, one that is suspended, one that can be upgraded in part."""
    some, full, suspended = _customer("Studio 54")["subscriptions"]
    assert (some["quantity"], some["status"], some["termDuration"]) == (20, "active", "P1Y")
    limit = CATALOGUE.offers[full["offer"]].seat_limit
    assert (full["quantity"], full["status"]) == (limit, "active")
    assert suspended["status"] == "suspended"
    assert _customer("Teilweise Umzug eG")["subscriptions"][0]["partialUpgrade"] is True
