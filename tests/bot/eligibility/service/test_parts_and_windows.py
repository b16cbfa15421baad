import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.clock import ShiftedClock
from tests.bot.eligibility.service.test_writes import Case, case
from tests.support.books import Served
from tests.support.service import BASIC, an_id, subscription, user

E3_NAME = "Office 365 Enterprise E3"


async def _eventually(it: Case, quantity: int) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while (found := await it.read())["quantity"] != quantity:  # noqa: ASYNC110 - the service has no event for it
            await asyncio.sleep(0.02)
    return found


async def test_seats_of_a_term_can_be_given_back_for_seven_days(
    service: Served, tmp_path: Path, clock: ShiftedClock
) -> None:
    """facts/partner-center.md, 3: `refundableQuantity` has a window for each adding; one that is over is gone."""
    it = await case(service, tmp_path, subscription(BASIC, 10, termDuration="P1Y"))
    assert "refundableQuantity" not in await it.read()
    await it.seats(15)
    clock.advance(timedelta(days=3))
    found = (await it.seats(17)).body
    assert found["termDuration"] == "P1Y"
    assert [each["quantity"] for each in found["refundableQuantity"]["details"]] == [5, 2]
    assert found["refundableQuantity"]["totalQuantity"] == 7
    clock.advance(timedelta(days=5))
    assert [each["quantity"] for each in (await it.seats(18)).body["refundableQuantity"]["details"]] == [2, 1]


async def test_without_a_term_nothing_is_said_about_giving_back(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 10, cancellationAllowedUntilDate="2027-01-31"))
    found = (await it.seats(15)).body
    assert "refundableQuantity" not in found
    assert found["cancellationAllowedUntilDate"] == "2027-01-31T00:00:00Z"


async def test_what_was_accepted_is_carried_out_later_and_can_be_followed(service: Served, tmp_path: Path) -> None:
    """202 with the Location of the subscription, which shows the old number until it is done (facts, 3)."""
    it = await case(service, tmp_path, subscription(BASIC, 10))
    service.faults.arm("accepted", method="PATCH", seconds=0.3)
    answer = await it.seats(15)
    assert answer.status == 202
    assert answer.headers["Location"] == it.path.removeprefix("/v1")
    await _eventually(it, 15)
    assert len(await it.audit()) == 1


async def test_what_was_accepted_is_carried_out_once_by_its_request_id(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 10))
    service.faults.arm("accepted", method="PATCH")
    headers, body = {"MS-RequestId": an_id()}, {**await it.read(), "quantity": 15}
    first = await service.call("PATCH", it.path, body=body, headers=headers)
    again = await service.call("PATCH", it.path, body=body, headers=headers)
    assert (first.status, again.status, again.body["quantity"]) == (202, 200, 15)
    assert len(await it.audit()) == 1


async def test_a_part_is_upgraded_and_the_rest_stays(service: Served, tmp_path: Path) -> None:
    """Issue 5, 3: the source keeps its id and the other seats; the new one ends with it (facts, 2)."""
    people = [user("Anna"), user("Bert"), user("Cleo")]
    own = {"partialUpgrade": True, "commitmentEndDate": "2027-03-31"}
    it = await case(service, tmp_path, subscription(BASIC, 10, **own), users=people)
    items = (await service.get(f"{it.path}/upgrades")).items
    assert {each["partialQuantityAllowed"] for each in items} == {True}
    correlation = an_id()
    answer = await it.upgrade_to(E3_NAME, quantity=4, headers={"MS-CorrelationId": correlation})
    assert (answer.status, answer.body["upgradeErrors"], answer.body["licenseErrors"]) == (200, [], [])
    old, new = await it.subscriptions()
    assert (old["id"], old["status"], old["quantity"]) == (answer.body["sourceSubscriptionId"], "active", 6)
    assert (new["id"], new["quantity"], new["offerName"]) == (answer.body["targetSubscriptionId"], 4, E3_NAME)
    assert new["commitmentEndDate"] == "2027-03-31T00:00:00Z"
    skus = (await service.get(f"{it.root}/subscribedskus")).items
    held = {each["productSku"]["skuPartNumber"]: each["consumedUnits"] for each in skus}
    assert held == {"O365_BUSINESS_ESSENTIALS": 3, "ENTERPRISEPACK": 0}
    (record,) = await it.audit()
    assert (record["operationType"], record["originalCorrelationId"]) == ("upgrade_subscription", correlation)
    assert json.loads(record["resourceNewValue"])["quantity"] == 4


async def test_who_has_no_seat_left_after_a_part_is_named(service: Served, tmp_path: Path) -> None:
    people = [user("Anna"), user("Bert"), user("Cleo")]
    it = await case(service, tmp_path, subscription(BASIC, 4, partialUpgrade=True), users=people)
    result = (await it.upgrade_to(E3_NAME, quantity=2)).body
    assert [each["name"] for each in result["licenseErrors"]] == ["Cleo"]


@pytest.mark.parametrize(
    ("own", "quantity", "code"),
    [({}, 4, 800090), ({"partialUpgrade": True}, 0, 2002), ({"partialUpgrade": True}, -1, 2002)],
)
async def test_a_part_that_is_not_permitted_is_refused(
    service: Served, tmp_path: Path, own: dict[str, Any], quantity: int, code: int
) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 10, **own))
    items = (await service.get(f"{it.path}/upgrades")).items
    assert all(("partialQuantityAllowed" in each) == bool(own) for each in items)
    answer = await it.upgrade_to(E3_NAME, quantity=quantity)
    assert (answer.status, answer.body["code"]) == (400, code)
    assert [(each["quantity"], each["status"]) for each in await it.subscriptions()] == [(10, "active")]


async def test_all_of_it_is_upgraded_as_ever_where_parts_are_permitted(service: Served, tmp_path: Path) -> None:
    it = await case(service, tmp_path, subscription(BASIC, 10, partialUpgrade=True), users=[user("Anna")])
    await it.upgrade_to("Office 365 Enterprise E1")
    old, new = await it.subscriptions()
    assert (old["status"], new["quantity"]) == ("deleted", 10)
