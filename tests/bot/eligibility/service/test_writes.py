import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import Answer, Served, load, write_book
from tests.support.service import BASIC, E3, an_id, customer, subscription, user


class Case:
    """A customer in the book, and what is done to its first subscription."""

    def __init__(self, service: Served, made: dict[str, Any]) -> None:
        self.service, self.made = service, made
        self.root = f"/v1/customers/{made['id']}"
        self.path = f"{self.root}/subscriptions/{made['subscriptions'][0]['id']}"

    async def read(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.service.get(self.path)).body
        return found

    async def seats(self, quantity: object, *, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        body = {**await self.read(), "quantity": quantity, **fields}
        return await self.service.call("PATCH", self.path, body=body, headers=headers)

    async def upgrade_to(self, name: str, *, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        items = (await self.service.get(f"{self.path}/upgrades")).items
        chosen = next(each for each in items if each["targetOffer"]["name"] == name)
        return await self.service.call("POST", f"{self.path}/upgrades", body={**chosen, **fields}, headers=headers)

    async def subscriptions(self) -> list[dict[str, Any]]:
        return (await self.service.get(f"{self.root}/subscriptions")).items

    async def audit(self) -> list[dict[str, Any]]:
        wanted = json.dumps({"Field": "CustomerId", "Value": self.made["id"], "Operator": "equals"})
        return (await self.service.get("/v1/auditrecords", filter=wanted)).items


async def case(service: Served, tmp_path: Path, *subscriptions: dict[str, Any], **fields: Any) -> Case:
    made = customer("Contoso GmbH", *subscriptions, **fields)
    await load(service.book, write_book(tmp_path, [made]), clock=service.clock)
    return Case(service, made)


async def test_seats_are_set_to_the_new_total(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 24))
    before = await it.read()
    correlation = an_id()
    answer = await it.seats(30, headers={"MS-CorrelationId": correlation})
    assert (answer.status, answer.body["quantity"]) == (200, 30)
    assert answer.body["attributes"]["etag"] != before["attributes"]["etag"]
    assert await it.read() == answer.body
    record = (await it.audit())[0]
    assert (record["operationType"], record["originalCorrelationId"]) == ("update_subscription", correlation)
    assert json.loads(record["resourceOldValue"])["quantity"] == 24
    assert json.loads(record["resourceNewValue"])["quantity"] == 30


async def test_a_body_in_pascal_case_is_read_too(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 24))
    found = await it.read()
    body = {key[0].upper() + key[1:]: value for key, value in {**found, "quantity": 25}.items()}
    assert (await service.call("PATCH", it.path, body=body)).status == 200


async def test_what_the_body_leaves_out_is_reset(service: Served, tmp_path: Path) -> None:
    """As Partner Center does (facts, 3)."""
    it = await case(service, tmp_path, subscription(BASIC, 5))
    found = await it.read()
    del found["autoRenewEnabled"]
    answer = await service.call("PATCH", it.path, body={**found, "quantity": 6})
    assert answer.body["autoRenewEnabled"] is False


@pytest.mark.parametrize(
    ("own", "quantity", "fields", "status", "code"),
    [
        ({}, 301, {}, 400, 2002),
        ({}, 0, {}, 400, 2002),
        ({}, -5, {}, 400, 2002),
        ({}, 10**30, {}, 400, 2002),
        ({}, 9, {}, 400, 800090),
        ({}, "many", {}, 400, 800002),
        ({}, None, {}, 400, 800002),
        ({"status": "suspended"}, 11, {}, 400, 2001),
        ({"status": "deleted"}, 11, {}, 400, 2011),
        ({"status": "expired"}, 11, {}, 400, 800012),
        ({"operationPending": True}, 11, {}, 409, 900278),
        ({"provisioned": False}, 11, {}, 409, 800082),
        ({}, 11, {"status": "suspended"}, 400, 800096),
        ({}, 11, {"offerId": "796B6B5F-613C-4E24-A17C-EBA730D49C02"}, 400, 3000),
        ({}, 11, {"billingCycle": "annual"}, 400, 2054),
        ({}, 11, {"id": an_id()}, 400, 3000),
        ({}, 11, {"attributes": {"etag": "stale"}}, 400, 2055),
    ],
)
async def test_seats_that_cannot_be_are_refused_with_their_code(
    service: Served,
    tmp_path: Path,
    own: dict[str, Any],
    quantity: object,
    fields: dict[str, Any],
    status: int,
    code: int,
) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 10, **own))
    answer = await it.seats(quantity, **fields)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert (await it.read())["quantity"] == 10
    assert await it.audit() == []


async def test_of_two_changes_of_one_etag_the_second_is_stale(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 10))
    found = await service.get(it.path)
    first = await service.call("PATCH", it.path, body={**found.body, "quantity": 11})
    again = await service.call("PATCH", it.path, body={**found.body, "quantity": 12})
    assert (first.status, again.status, again.body["code"]) == (200, 400, 2055)
    bare = {key: value for key, value in found.body.items() if key != "attributes"}
    old, new = ({"If-Match": each.headers["ETag"]} for each in (found, first))
    assert (await service.call("PATCH", it.path, body={**bare, "quantity": 13}, headers=old)).body["code"] == 2055
    assert (await service.call("PATCH", it.path, body={**bare, "quantity": 13}, headers=new)).status == 200


async def test_an_upgrade_ends_the_old_subscription_and_begins_the_new_one(service: Served, tmp_path: Path) -> None:
    people = [user("Anna"), user("Bert")]
    it = await case(service, tmp_path, subscription(BASIC, 24), users=people)
    correlation = an_id()
    answer = await it.upgrade_to("Office 365 Enterprise E3", headers={"MS-CorrelationId": correlation})
    result = answer.body
    assert (answer.status, result["upgradeErrors"], result["licenseErrors"]) == (200, [], [])
    assert result["upgradeType"] == "upgrade_with_license_transfer"
    old, new = await it.subscriptions()
    assert (old["id"], old["status"]) == (result["sourceSubscriptionId"], "deleted")
    assert (new["id"], new["status"], new["quantity"]) == (result["targetSubscriptionId"], "active", 24)
    assert (new["offerName"], new["friendlyName"]) == ("Office 365 Enterprise E3", "Zentrale")
    skus = (await service.get(f"{it.root}/subscribedskus")).items
    assert [(each["productSku"]["skuPartNumber"], each["consumedUnits"]) for each in skus] == [("ENTERPRISEPACK", 2)]
    (record,) = await it.audit()
    assert (record["operationType"], record["originalCorrelationId"]) == ("upgrade_subscription", correlation)
    details = {each["key"]: each["value"] for each in record["customizedData"]}
    assert (details["SubscriptionId-0"], details["SubscriptionId-1"]) == (new["id"], old["id"])
    assert json.loads(details["UpgradeResult"]) == result


async def test_accounts_that_cannot_move_cleanly_are_named_with_their_services(service: Served, tmp_path: Path) -> None:
    """Services switched off one by one come back on; users beyond the seats have none (issue 2, 2)."""
    people = [user("Anna"), user("Bert", disabled=["TEAMS1", "SWAY"]), user("Cleo"), user("Dora")]
    it = await case(service, tmp_path, subscription(BASIC, 3), users=people)
    result = (await it.upgrade_to("Office 365 Enterprise E3")).body
    errors = {each["name"]: each for each in result["licenseErrors"]}
    assert set(errors) == {"Bert", "Dora"}
    assert errors["Bert"]["errors"][0]["code"] == "60000"
    assert "TEAMS1" in errors["Bert"]["errors"][0]["data"]
    assert "Microsoft Teams" in " ".join(errors["Bert"]["services"])
    assert (errors["Dora"]["errors"][0]["code"], errors["Dora"]["userObjectId"]) == ("60012", people[3]["id"])
    licences = (await service.get(f"{it.root}/users/{people[1]['id']}/licenses")).items
    assert [each["productSku"]["skuPartNumber"] for each in licences] == ["ENTERPRISEPACK"]
    assert {each["capabilityStatus"] for each in licences[0]["servicePlans"]} == {"Enabled"}
    left = (await service.get(f"{it.root}/users/{people[3]['id']}/licenses")).items
    assert [each["productSku"]["skuPartNumber"] for each in left] == ["O365_BUSINESS_ESSENTIALS"]


async def test_users_beyond_the_seats_keep_those_of_a_twin(service: Served, tmp_path: Path) -> None:
    people = [user(f"P{n}") for n in range(4)]
    it = await case(service, tmp_path, subscription(BASIC, 2), subscription(BASIC, 1), users=people)
    result = (await it.upgrade_to("Office 365 Enterprise E1")).body
    assert [each["name"] for each in result["licenseErrors"]] == ["P3"]


async def test_without_licence_transfer_nobody_moves_and_everybody_without_a_seat_is_named(
    service: Served, tmp_path: Path
) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 5), users=[user("Anna")])
    result = (await it.upgrade_to("Office 365 Enterprise E1", upgradeType=1)).body
    assert result["upgradeType"] == "upgrade_only"
    assert [(each["name"], each["errors"][0]["code"]) for each in result["licenseErrors"]] == [("Anna", "60012")]


async def test_an_upgrade_that_is_not_eligible_changes_nothing(service: Served, tmp_path: Path) -> None:
    """HTTP 200 alone is not success (facts, 1)."""
    it = await case(service, tmp_path, subscription(BASIC, 5), subscription(E3, 1, soldBy="partner"))
    request = {"MS-RequestId": an_id()}
    before = await it.subscriptions()
    answer = await it.upgrade_to("Office 365 Enterprise E3", headers=request)
    assert answer.status == 200
    assert "targetSubscriptionId" not in answer.body
    assert {each["code"] for each in answer.body["upgradeErrors"]} == {3}
    assert await it.subscriptions() == before
    assert await it.audit() == []
    assert (await it.upgrade_to("Office 365 Enterprise E1", headers=request)).body["targetSubscriptionId"]


@pytest.mark.parametrize(
    ("offer", "target", "code"),
    [(BASIC, "nonsense", 8), (BASIC, BASIC, 8), (E3, "796B6B5F-613C-4E24-A17C-EBA730D49C02", 7)],
)
async def test_a_target_that_the_table_has_not_is_an_error_of_the_result(
    service: Served, tmp_path: Path, offer: str, target: str, code: int
) -> None:
    it = await case(service, tmp_path, subscription(offer, 5))
    answer = await service.call("POST", f"{it.path}/upgrades", body={"targetOffer": {"id": target}})
    assert (answer.status, [each["code"] for each in answer.body["upgradeErrors"]]) == (200, [code])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quantity": 4}, 800090),
        ({"quantity": 301}, 2002),
        ({"upgradeType": "none"}, 3000),
        ({"quantity": "x"}, 800002),
    ],
)
async def test_an_order_that_cannot_be_is_refused(
    service: Served, tmp_path: Path, fields: dict[str, Any], code: int
) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 5))
    answer = await it.upgrade_to("Microsoft 365 Business Standard", **fields)
    assert (answer.status, answer.body["code"]) == (400, code)
    assert (await it.read())["status"] == "active"


async def test_more_seats_may_be_ordered_with_an_upgrade(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 5))
    await it.upgrade_to("Microsoft 365 Business Standard", quantity=8)
    assert [each["quantity"] for each in await it.subscriptions()] == [5, 8]


async def test_the_twin_of_what_was_upgraded_is_refused_next(service: Served, tmp_path: Path) -> None:
    """Condition 4 is the customer's."""
    first, twin = subscription(BASIC, 5), subscription(BASIC, 6)
    it = await case(service, tmp_path, first, twin)
    await it.upgrade_to("Microsoft 365 Business Standard")
    items = (await service.get(f"{it.root}/subscriptions/{twin['id']}/upgrades")).items
    standard = next(each for each in items if each["targetOffer"]["name"] == "Microsoft 365 Business Standard")
    assert 4 in {each["condition"] for each in standard["upgradeErrors"]}


async def test_an_upgraded_subscription_takes_no_more_orders(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 5))
    await it.upgrade_to("Microsoft 365 Business Standard")
    again = await it.upgrade_to("Office 365 Enterprise E3")
    assert 2 in {each["code"] for each in again.body["upgradeErrors"]}
