import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import Answer, Served, load, write_book
from tests.support.service import BASIC, E1, E3, E5, STANDARD, customer, subscription, user

NOBODY = "00000000-0000-4000-8000-ffffffffffff"


async def fill(service: Served, tmp_path: Path, *customers: dict[str, Any]) -> None:
    await load(service.book, write_book(tmp_path, customers), clock=service.clock)


def names(answer: Answer) -> list[str]:
    return [each["companyProfile"]["companyName"] for each in answer.items]


def starting(text: str, field: str = "CompanyName", operator: str = "starts_with") -> str:
    return json.dumps({"Field": field, "Value": text, "Operator": operator})


async def test_customers_are_found_by_the_beginning_of_name_or_domain(service: Served, tmp_path: Path) -> None:
    await fill(service, tmp_path, customer("Müller AG", domain="mueller.de"), customer("Other", domain="other.de"))
    for text in ("müll", "MULLER", "mueller ag"):
        assert names(await service.get("/v1/customers", filter=starting(text))) == ["Müller AG"]
    assert names(await service.get("/v1/customers", filter=starting("MUELLER.", "Domain"))) == ["Müller AG"]
    found = (await service.get("/v1/customers", size="0")).body
    assert (found["totalCount"], found["attributes"]) == (2, {"objectType": "Collection"})
    assert "allowDelegatedAccess" not in found["items"][0]


@pytest.mark.parametrize(
    "filter_",
    [
        *(
            "nonsense",
            "[]",
            "null",
            "{}",
            '{"Field":"CompanyName"}',
            '{"Field":1,"Value":"x","Operator":"starts_with"}',
        ),
        *(starting("x", "IndirectReseller"), starting("x", operator="substring"), starting("a\0b")),
        *(json.dumps({"Field": "Domain", "Value": "\ud800", "Operator": "starts_with"}), "[" * 50_000),
    ],
)
async def test_a_filter_that_cannot_be_used_is_refused_in_their_shape(service: Served, filter_: str) -> None:
    answer = await service.get("/v1/customers", filter=filter_[:15_000])
    assert answer.status == 400
    assert set(answer.body) == {"code", "description", "data", "source"}


async def test_pages_follow_by_the_token_of_the_one_before(service: Served, tmp_path: Path) -> None:
    await fill(service, tmp_path, *(customer(f"Firma {n:02}") for n in range(7)))
    seen: list[str] = []
    query: dict[str, str] = {"size": "3", "filter": starting("fi")}
    headers: dict[str, str] = {}
    while True:
        page = await service.get("/v1/customers", headers=headers, **query)
        seen += names(page)
        following = page.body["links"].get("next")
        if following is None:
            break
        assert following["uri"].startswith("/v1/customers?")
        assert "seekOperation=Next" in following["uri"]
        assert page.body["continuationToken"] == following["headers"][0]["value"]
        headers = {each["key"]: each["value"] for each in following["headers"]}
        query["seekOperation"] = "Next"
    assert seen == [f"Firma {n:02}" for n in range(7)]


@pytest.mark.parametrize("spoil", ["made-up", "", "W10=.AAAA", "é", "x" * 5000])
async def test_a_token_that_somebody_made_up_is_refused(service: Served, spoil: str) -> None:
    headers = {"MS-ContinuationToken": spoil}
    assert (await service.get("/v1/customers", headers=headers, seekOperation="Next")).status == 400


async def test_a_token_is_good_for_its_own_list_only(service: Served, tmp_path: Path) -> None:
    await fill(service, tmp_path, *(customer(f"Firma {n}") for n in range(4)))
    page = await service.get("/v1/customers", size="2")
    headers = {"MS-ContinuationToken": page.body["continuationToken"]}
    assert (await service.get("/v1/customers", headers=headers, size="2", seekOperation="Next")).status == 200
    assert (await service.get("/v1/customers", headers=headers, size="2")).status == 400
    assert (await service.get("/v1/customers", size="2", seekOperation="Next")).status == 400
    assert (await service.get("/v1/customers", size="2", headers=headers, seekOperation="First")).status == 400
    other = await service.get(
        "/v1/customers", headers=headers, size="2", seekOperation="Next", filter=starting("Firma")
    )
    assert other.status == 400


async def test_one_customer_tells_delegated_access(service: Served, tmp_path: Path) -> None:
    made = [customer("All"), customer("None", delegatedAdmin=False), customer("Some", delegatedAdmin=["exchange"])]
    await fill(service, tmp_path, *made)
    told = [(await service.get(f"/v1/customers/{each['id'].upper()}")).body for each in made]
    assert [each["allowDelegatedAccess"] for each in told] == [True, False, True]
    assert told[0]["companyProfile"]["address"] == {"country": "DE"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/v1/customers/{NOBODY}", 60003),
        ("/v1/customers/not-an-id", 60003),
        ("/v1/customers/%00", 60003),
        (f"/v1/customers/{NOBODY}/subscriptions", 60003),
        (f"/v1/customers/{NOBODY}/subscribedskus", 60003),
        (f"/v1/customers/{NOBODY}/users", 60003),
        (f"/v1/customers/{{id}}/subscriptions/{NOBODY}", 20003),
        (f"/v1/customers/{{id}}/subscriptions/{NOBODY}/upgrades", 20003),
        (f"/v1/customers/{{id}}/users/{NOBODY}", 60002),
        (f"/v1/customers/{{id}}/users/{NOBODY}/licenses", 60002),
        ("/v1/nothing", 1000),
        ("/", 1000),
    ],
)
async def test_what_is_not_there_is_404_with_its_code(service: Served, tmp_path: Path, path: str, code: int) -> None:
    made = customer("A")
    await fill(service, tmp_path, made)
    answer = await service.get(path.replace("{id}", made["id"]))
    assert (answer.status, answer.body["code"]) == (404, code)


async def test_only_what_we_sold_is_listed_and_the_rest_counts(service: Served, tmp_path: Path) -> None:
    mine, theirs = subscription(BASIC, 5), subscription(E3, 2, soldBy="partner", friendlyName="Theirs")
    gone = subscription(E1, 9, status="deleted")
    made = customer("A", mine, theirs, gone)
    await fill(service, tmp_path, made)
    listed = await service.get(f"/v1/customers/{made['id']}/subscriptions")
    assert [each["id"] for each in listed.items] == [mine["id"], gone["id"]]
    hidden = await service.get(f"/v1/customers/{made['id']}/subscriptions/{theirs['id']}")
    assert (hidden.status, hidden.body["code"]) == (404, 20003)
    upgrades = await service.get(f"/v1/customers/{made['id']}/subscriptions/{mine['id']}/upgrades")
    by_name = {each["targetOffer"]["name"]: each for each in upgrades.items}
    assert by_name["Office 365 Enterprise E1"]["isEligible"] is True
    against = by_name["Office 365 Enterprise E3"]["upgradeErrors"]
    assert {(each["code"], each["condition"]) for each in against} == {(3, 3), (3, 4)}
    blocking = against[0]["blockingSubscription"]
    assert (blocking["soldBy"], blocking["offerName"]) == ("partner", "Office 365 Enterprise E3")
    assert not {"id", "friendlyName"} & set(blocking)


async def test_one_subscription_has_an_etag_in_header_and_body(service: Served, tmp_path: Path) -> None:
    mine = subscription(BASIC, 5, commitmentEndDate="2027-03-31", autoRenew=False, billingCycle="annual")
    made = customer("A", mine)
    await fill(service, tmp_path, made)
    answer = await service.get(f"/v1/customers/{made['id']}/subscriptions/{mine['id']}")
    assert answer.headers["ETag"] == f'"{answer.body["attributes"]["etag"]}"'
    told = {key: answer.body[key] for key in ("commitmentEndDate", "autoRenewEnabled", "billingCycle", "friendlyName")}
    assert told == {
        "commitmentEndDate": "2027-03-31T00:00:00Z",
        "autoRenewEnabled": False,
        "billingCycle": "annual",
        "friendlyName": "Zentrale",
    }


async def test_upgrades_tell_every_reason_with_quantity_and_limits(service: Served, tmp_path: Path) -> None:
    mine = subscription(BASIC, 24, status="suspended", addOns=["Extra"], operationPending=True, provisioned=False)
    made = customer("A", mine, delegatedAdmin=False)
    await fill(service, tmp_path, made)
    answer = await service.get(f"/v1/customers/{made['id']}/subscriptions/{mine['id']}/upgrades")
    assert len(answer.items) == 4
    for each in answer.items:
        assert (each["isEligible"], each["quantity"]) == (False, 24)
        assert [error["code"] for error in each["upgradeErrors"]] == [2, 1, 4, 6, 9]
        assert each["upgradeErrors"][0]["additionalDetails"] == "suspended"
    assert {each["targetOffer"]["maximumQuantity"] for each in answer.items} == {300, 10_000_000}


async def test_an_offer_without_upgrades_has_an_empty_list(service: Served, tmp_path: Path) -> None:
    known, unknown = subscription(E5, 5), subscription("THEIRS-1", offerName="Their own")
    made = customer("A", known, unknown)
    await fill(service, tmp_path, made)
    for each in (known, unknown):
        answer = await service.get(f"/v1/customers/{made['id']}/subscriptions/{each['id']}/upgrades")
        assert (answer.status, answer.items) == (200, [])
    listed = await service.get(f"/v1/customers/{made['id']}/subscriptions")
    assert [each["offerName"] for each in listed.items] == ["Office 365 Enterprise E5", "Their own"]


async def test_subscribed_skus_count_everybodys_subscriptions_and_users(service: Served, tmp_path: Path) -> None:
    people = [user("A"), user("B"), user("C", licenses=[E3]), {**user("D"), "state": "inactive"}]
    made = customer(
        *("A", subscription(BASIC, 5), subscription(BASIC, 3, soldBy="direct")),
        *(subscription(E3, 1, status="suspended"), subscription(STANDARD, 4, status="deleted")),
        users=people,
    )
    await fill(service, tmp_path, made)
    skus = (await service.get(f"/v1/customers/{made['id']}/subscribedskus")).items
    told = [
        [each[f"{kind}Units"] for kind in ("active", "consumed", "available", "suspended")] + [each["capabilityStatus"]]
        for each in skus
    ]
    assert told == [[8, 2, 6, 0, "Enabled"], [0, 1, -1, 1, "Suspended"]]
    assert skus[0]["productSku"]["skuPartNumber"] == "O365_BUSINESS_ESSENTIALS"
    assert "EXCHANGE_S_STANDARD" in {each["serviceName"] for each in skus[0]["servicePlans"]}


async def test_users_come_in_pages_with_their_licences(service: Served, tmp_path: Path) -> None:
    people = [user(f"P{n}", disabled=["TEAMS1"] if n == 1 else []) for n in range(5)]
    gone = {**user("Gone"), "state": "inactive"}
    made = customer("A", subscription(BASIC, 5), users=[*people, gone])
    await fill(service, tmp_path, made)
    path = f"/v1/customers/{made['id']}/users"
    first = await service.get(path, size="3")
    token = {"MS-ContinuationToken": first.body["continuationToken"]}
    second = await service.get(path, size="3", seekOperation="Next", headers=token)
    assert [each["id"] for each in first.items + second.items] == sorted(each["id"] for each in people)
    off = {each["id"]: each["assignedLicenses"][0]["disabledPlans"] for each in first.items + second.items}
    assert [len(off[each["id"]]) for each in people] == [0, 1, 0, 0, 0]
    inactive = await service.get(path, filter=starting("Inactive", "UserState", "equals"))
    assert [each["id"] for each in inactive.items] == [gone["id"]]
    licences = (await service.get(f"{path}/{people[1]['id']}/licenses")).items
    states = {each["serviceName"]: each["capabilityStatus"] for each in licences[0]["servicePlans"]}
    assert (states["TEAMS1"], states["EXCHANGE_S_STANDARD"]) == ("Disabled", "Enabled")
    assert (await service.get(f"{path}/{people[1]['id']}/licenses", licenseGroupIds="group2")).items == []
    assert (await service.get(f"{path}/{people[1]['id']}")).body["displayName"] == "P1"


async def test_audit_records_are_refused_beyond_90_days(service: Served) -> None:
    today = service.clock.now().date()
    fine = await service.get("/v1/auditrecords", startDate=(today - timedelta(days=90)).isoformat())
    assert (fine.status, fine.items) == (200, [])
    for start, end in (
        ((today - timedelta(days=91)).isoformat(), None),
        ("yesterday", None),
        (today.isoformat(), (today - timedelta(days=1)).isoformat()),
    ):
        query = {"startDate": start} if end is None else {"startDate": start, "endDate": end}
        assert (await service.get("/v1/auditrecords", **query)).status == 400
    assert (await service.get("/v1/auditrecords", endDate="9999-12-31")).status == 200


async def test_a_customer_with_400_subscriptions_is_listed_whole(service: Served, tmp_path: Path) -> None:
    made = customer("Large", *(subscription(BASIC, n % 300 + 1) for n in range(400)))
    await fill(service, tmp_path, made)
    listed = await service.get(f"/v1/customers/{made['id']}/subscriptions")
    assert [each["id"] for each in listed.items] == [each["id"] for each in made["subscriptions"]]
