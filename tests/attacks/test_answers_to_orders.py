"""Answers that tempt the client to call an order failed that was carried out, or to lose what it was told."""

import json
from typing import Any, Final

import pytest

from bot.domain.catalogue import load_default
from bot.eligibility.client import Declined, Done, EligibilityClient, OrderAnswer, Unclear
from tests.support.canned import Canned
from tests.support.service import E3

CUSTOMER: Final = "c0000000-0000-4000-8000-000000000001"
SOURCE: Final = "50000000-0000-4000-8000-000000000001"
PATH: Final = f"/customers/{CUSTOMER}/subscriptions/{SOURCE}/upgrades"
TARGET: Final = load_default().offers[E3].offer_id


async def _order(client: EligibilityClient, **fields: Any) -> OrderAnswer:
    offer = {"id": TARGET, "name": "Office 365 Enterprise E3", **fields}
    return await client.upgrade(
        CUSTOMER,
        SOURCE,
        TARGET,
        24,
        request_id="11111111-0000-4000-8000-000000000000",
        correlation_id="22222222-0000-4000-8000-000000000000",
        timeout=2.0,
        entry={"targetOffer": offer, "upgradeType": "upgrade_only", "isEligible": True, "quantity": 24},
    )


async def test_half_a_character_in_the_services_own_words_does_not_stop_the_order(
    server: Canned, client: EligibilityClient
) -> None:
    """The item goes back as it came; it is marked as sent by then, so whatever stops it here makes it unknown."""
    server.answer("POST", PATH, json.dumps({"targetSubscriptionId": "new"}).encode())
    assert isinstance(await _order(client, description="cut \ud83d here"), Done)
    assert json.loads(server.asked[-1][3])["targetOffer"]["description"] == "cut \ud83d here"


@pytest.mark.parametrize("body", [b"[" * 100_000, b"9" * 100_000, b"\xff\xfe", b"null", b'{"code": {}}', b"x" * 100])
async def test_a_refusal_whose_body_nobody_can_read_is_still_a_refusal(
    server: Canned, client: EligibilityClient, body: bytes
) -> None:
    server.answer("POST", PATH, body, status=400)
    assert isinstance(await _order(client), Declined)


async def test_a_refusal_that_says_that_this_request_was_carried_out_is_none(
    server: Canned, client: EligibilityClient
) -> None:
    """Our own service says so where something between us sent the request twice and changed it."""
    body = {"code": 3000, "description": "The MS-RequestId was used for a different request, which was carried out."}
    server.answer("POST", PATH, json.dumps(body).encode(), status=409)
    assert isinstance(await _order(client), Unclear)


async def test_a_yes_about_another_subscription_is_no_yes_to_ours(server: Canned, client: EligibilityClient) -> None:
    body = {"sourceSubscriptionId": "50000000-0000-4000-8000-000000000002", "targetSubscriptionId": "new"}
    server.answer("POST", PATH, json.dumps(body).encode())
    assert isinstance(await _order(client), Unclear)


async def test_a_no_about_another_subscription_is_no_no_to_ours(server: Canned, client: EligibilityClient) -> None:
    body = {"sourceSubscriptionId": "50000000-0000-4000-8000-000000000002", "upgradeErrors": [{"code": 2}]}
    server.answer("POST", PATH, json.dumps(body).encode())
    assert isinstance(await _order(client), Unclear)


async def test_the_source_may_be_written_in_any_case(server: Canned, client: EligibilityClient) -> None:
    body = {"sourceSubscriptionId": SOURCE.upper(), "targetSubscriptionId": "new"}
    server.answer("POST", PATH, json.dumps(body).encode())
    assert isinstance(await _order(client), Done)


@pytest.mark.parametrize(
    "body",
    [
        {"targetSubscriptionId": "new", "upgradeErrors": {"code": 2}},
        {"targetSubscriptionId": "new", "upgradeErrors": "2"},
        {"targetSubscriptionId": None, "upgradeErrors": [{}]},
        {"upgradeErrors": [], "licenseErrors": [{"userObjectId": "u1"}]},
        [{"targetSubscriptionId": "new"}],
        "completed",
        None,
    ],
)
async def test_a_200_that_contradicts_itself_or_says_too_little_is_unclear(
    server: Canned, client: EligibilityClient, body: object
) -> None:
    """Neither a yes nor a no may be read into it."""
    server.answer("POST", PATH, json.dumps(body).encode())
    assert isinstance(await _order(client), Unclear)
    assert len(server.asked) == 1
