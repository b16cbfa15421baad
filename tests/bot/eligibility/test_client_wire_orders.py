"""Orders of the client against answers as Partner Center writes them, and against those that no service should give."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.eligibility.client import AcceptedForLater, Declined, Done, EligibilityClient, NotNow, OrderAnswer, Unclear
from tests.support.canned import Canned, canned_server
from tests.support.counting_ids import CountingIds
from tests.support.service import E3, QUICK

WIRE = Path(__file__).parents[4] / "shared" / "wire" / "partner_center"
ID = "11111111-0000-4000-8000-000000000000"
CUSTOMER, SOURCE = "c0000000-0000-4000-8000-000000000001", "50000000-0000-4000-8000-000000000001"
BASE = f"/customers/{CUSTOMER}/subscriptions"
CATALOGUE = load_default()
TARGET = CATALOGUE.offers[E3].offer_id


@pytest.fixture
async def server() -> AsyncIterator[Canned]:
    """A service that says what it is told."""
    async with canned_server() as running:
        yield running


@pytest.fixture
async def client(server: Canned, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[EligibilityClient]:
    """A client of it."""

    async def token() -> str:
        return "token"

    async with aiohttp.ClientSession(trust_env=False) as session:
        yield EligibilityClient(
            session=session,
            base_url=f"{server.url}/v1/",
            token_source=token,
            catalogue=CATALOGUE,
            clock=clock,
            ids=ids,
            limits=replace(QUICK, body_most=200_000, licence_reads=3),
        )


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _upgrade(**fields: Any) -> dict[str, Any]:
    offer = {"id": TARGET, "name": "Office 365 Enterprise E3", "maximumQuantity": 10_000_000, "unknownField": [1]}
    made = {"targetOffer": offer, "upgradeType": "upgrade_only", "isEligible": True, "quantity": 24}
    return {**made, "upgradeErrors": [], **fields}


async def _order(client: EligibilityClient, entry: dict[str, Any] | None = None) -> OrderAnswer:
    return await client.upgrade(
        CUSTOMER,
        SOURCE,
        TARGET,
        25,
        request_id=ID.replace("1", "2"),
        correlation_id=ID,
        timeout=2.0,
        entry=entry or _upgrade(),
    )


async def test_the_order_is_the_very_item_of_the_list(server: Canned, client: EligibilityClient) -> None:
    """What we do not know goes out again as it came; only the seats are ours."""
    server.answer("POST", f"{BASE}/{SOURCE}/upgrades", _json({"targetSubscriptionId": "new"}))
    assert await _order(client) == Done(target_subscription_id="new", quantity=25)
    method, path, headers, body = server.asked[-1]
    assert (method, path) == ("POST", f"/v1{BASE}/{SOURCE}/upgrades")
    assert json.loads(body) == _upgrade(quantity=25)
    assert (headers["MS-RequestId"], headers["MS-CorrelationId"]) == (ID.replace("1", "2"), ID)
    assert headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, {"targetSubscriptionId": "new", "upgradeErrors": None, "licenseErrors": None}, Done),
        (200, {"upgradeErrors": [{"code": 2}]}, Declined),
        (200, {"targetSubscriptionId": "new", "upgradeErrors": [{"code": 0}]}, Unclear),
        (200, {}, Unclear),
        (200, {"targetSubscriptionId": "  "}, Unclear),
        (200, [], Unclear),
        (201, {"targetSubscriptionId": "new"}, Unclear),
        (202, {}, AcceptedForLater),
        (302, {}, Unclear),
        (400, {"code": 60000, "description": "customer licence migration failed"}, Declined),
        (404, "<html>", Declined),
        (408, {}, Unclear),
        (418, {}, Unclear),
        (500, {"code": 800003}, Unclear),
    ],
)
async def test_only_a_clear_answer_is_a_clear_outcome(
    server: Canned, client: EligibilityClient, status: int, body: object, answer: type[object]
) -> None:
    server.answer("POST", f"{BASE}/{SOURCE}/upgrades", _json(body), status=status, Location="http://127.0.0.1:9/")
    assert isinstance(await _order(client), answer)
    assert len(server.asked) == 1


async def test_accounts_without_a_service_name_are_told_by_their_fault(
    server: Canned, client: EligibilityClient
) -> None:
    errors = [
        {"userObjectId": "u1", "name": "Anna", "email": "a@x", "errors": [{"code": 60012, "data": ["TEAMS1", "X"]}]},
        {"userObjectId": "u2", "errors": [{"code": "1", "description": "Exchange could not be moved"}]},
    ]
    server.answer("POST", f"{BASE}/{SOURCE}/upgrades", _json({"targetSubscriptionId": "n", "licenseErrors": errors}))
    answer = await _order(client)
    assert isinstance(answer, Done)
    assert [each.services for each in answer.follow_ups] == [("Microsoft Teams", "X"), ("Exchange could not be moved",)]


async def test_seats_go_back_with_everything_that_came(server: Canned, client: EligibilityClient) -> None:
    """A PATCH resets what it leaves out (facts/partner-center.md, 3)."""
    held = {
        "id": SOURCE,
        "offerId": TARGET,
        "quantity": 5,
        "status": "active ",
        "autoRenewEnabled": True,
        "scheduledNextTermInstructions": {"quantity": 7},
        "fieldOfTomorrow": {"a": [1]},
        "attributes": {"etag": "abc", "objectType": "Subscription"},
    }
    server.answer("GET", f"{BASE}/{SOURCE}", _json(held))
    server.answer("PATCH", f"{BASE}/{SOURCE}", _json({**held, "quantity": 9}))
    answer = await client.change_quantity(
        CUSTOMER, SOURCE, 9, expected=5, request_id=ID, correlation_id=ID, timeout=2.0
    )
    assert answer == Done(target_subscription_id=SOURCE, quantity=9)
    method, _, headers, body = server.asked[-1]
    assert (method, headers["If-Match"]) == ("PATCH", '"abc"')
    sent = json.loads(body)
    assert (sent["quantity"], sent["fieldOfTomorrow"], sent["scheduledNextTermInstructions"]) == (
        9,
        {"a": [1]},
        {"quantity": 7},
    )


@pytest.mark.parametrize("etag", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "a\tb", 'a"b', "ä", "", "a" * 1001])
async def test_an_etag_that_no_header_may_carry_orders_nothing(
    server: Canned, client: EligibilityClient, etag: str
) -> None:
    """It would end the order with an exception after it was marked as sent, or add a header of others."""
    held = {"id": SOURCE, "offerId": TARGET, "quantity": 5, "status": "active", "attributes": {"etag": etag}}
    server.answer("GET", f"{BASE}/{SOURCE}", _json(held))
    answer = await client.change_quantity(
        CUSTOMER, SOURCE, 9, expected=5, request_id=ID, correlation_id=ID, timeout=2.0
    )
    assert isinstance(answer, NotNow)
    assert answer.why == "subscription_unreadable"
    assert [method for method, *_ in server.asked] == ["GET"]
