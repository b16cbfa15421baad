"""The client against answers as Partner Center writes them, and against answers that no service should give."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.catalogue import load_default
from bot.domain.clock import ShiftedClock
from bot.domain.customers import ReasonKind
from bot.domain.errors import ServiceDenied, ServiceNonsense
from bot.eligibility.client import Accounts, EligibilityClient
from tests.support.canned import Canned, canned_server
from tests.support.counting_ids import CountingIds
from tests.support.service import BASIC, E1, E3, QUICK

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


async def test_the_documentations_own_example_is_read(server: Canned, client: EligibilityClient) -> None:
    server.answer("GET", f"{BASE}/{SOURCE}/upgrades", (WIRE / "01_upgrades_legacy_2.response.json").read_bytes())
    (option,) = await client.options(CUSTOMER, SOURCE, correlation_id=ID)
    assert option.target.key == E1
    assert [each.kind for each in option.reasons] == [ReasonKind.NOT_ACTIVE]


async def test_any_case_of_keys_and_either_form_of_codes_is_read(server: Canned, client: EligibilityClient) -> None:
    entry = {
        "TargetOffer": {"Id": TARGET, "Name": "E3"},
        "UpgradeType": 1,
        "IsEligible": False,
        "UpgradeErrors": [
            {"Code": "conflicting_service_types", "Description": "no"},
            {"code": 11},
            {"code": "SomethingNew", "description": "as it came"},
        ],
    }
    server.answer("GET", f"{BASE}/{SOURCE}/upgrades", _json({"Items": [entry]}))
    (option,) = await client.options(CUSTOMER, SOURCE, correlation_id=ID)
    kinds = [each.kind for each in option.reasons]
    assert kinds == [ReasonKind.SERVICES_ALREADY_HELD, ReasonKind.GRANULAR_RIGHTS_MISSING, ReasonKind.OTHER]
    assert (option.reasons[2].raw_code, option.reasons[2].raw_text) == ("SomethingNew", "as it came")


async def test_one_target_of_two_types_is_one_option(server: Canned, client: EligibilityClient) -> None:
    """Moving the licences too is preferred, where it is eligible."""
    refused = _upgrade(isEligible=False, upgradeErrors=[{"code": 1}])
    transfer = _upgrade(upgradeType="upgrade_with_license_transfer")
    for entries, kept in (([_upgrade(), transfer], transfer), ([refused, _upgrade()], _upgrade())):
        server.answer("GET", f"{BASE}/{SOURCE}/upgrades", _json({"items": entries}))
        offered = await client.offered(CUSTOMER, SOURCE, correlation_id=ID)
        assert [each.permitted for each in offered.options] == [True]
        assert offered.entries[TARGET.casefold()] == kept


async def test_not_eligible_without_a_reason_is_not_permitted(server: Canned, client: EligibilityClient) -> None:
    server.answer("GET", f"{BASE}/{SOURCE}/upgrades", _json({"items": [_upgrade(isEligible=False)]}))
    (option,) = await client.options(CUSTOMER, SOURCE, correlation_id=ID)
    assert (option.permitted, option.reasons[0].kind) == (False, ReasonKind.OTHER)


async def test_more_seats_than_the_target_allows_is_a_reason(server: Canned, client: EligibilityClient) -> None:
    offer = {"id": "unknown-offer", "name": "X" * 999, "maximumQuantity": 300}
    server.answer("GET", f"{BASE}/{SOURCE}/upgrades", _json({"items": [_upgrade(targetOffer=offer, quantity=301)]}))
    (option,) = await client.options(CUSTOMER, SOURCE, correlation_id=ID)
    assert [each.kind for each in option.reasons] == [ReasonKind.SEAT_LIMIT]
    assert (option.target.key, option.target.seat_limit) == (None, 300)
    assert (len(option.target.name), len(option.target.short_name)) == (256, 24)


async def test_an_answer_about_somebody_else_is_nonsense(server: Canned, client: EligibilityClient) -> None:
    """The wrong customer is the worst mistake."""
    other = {"id": ID, "companyProfile": {"companyName": "Other", "domain": "other.example"}}
    server.answer("GET", f"/customers/{CUSTOMER}", _json(other))
    with pytest.raises(ServiceNonsense):
        await client.customer(CUSTOMER, correlation_id=ID)


async def test_an_endless_body_is_given_up(server: Canned, client: EligibilityClient) -> None:
    server.answer("GET", f"/customers/{CUSTOMER}", _json({"id": CUSTOMER, "padding": "x" * 300_000}))
    with pytest.raises(ServiceNonsense):
        await client.customer(CUSTOMER, correlation_id=ID)


async def test_a_redirect_is_not_followed(server: Canned, client: EligibilityClient) -> None:
    """The token goes to nobody else."""
    server.answer("GET", f"/customers/{CUSTOMER}", b"", status=302, Location=f"{server.url}/elsewhere")
    with pytest.raises(ServiceNonsense):
        await client.customer(CUSTOMER, correlation_id=ID)
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [{}, {"items": {}}, {"items": [1]}, [], {"items": [{"id": 1}]}])
async def test_a_collection_that_is_none_is_nonsense(server: Canned, client: EligibilityClient, body: object) -> None:
    server.answer("GET", BASE, _json(body))
    with pytest.raises(ServiceNonsense):
        await client.subscriptions(CUSTOMER, correlation_id=ID)


async def test_a_page_that_leads_to_itself_ends(server: Canned, client: EligibilityClient) -> None:
    following = {"uri": "x", "headers": [{"key": "ms-continuationtoken", "value": "t"}]}
    server.answer("GET", BASE, _json({"items": [], "links": {"next": following}}))
    with pytest.raises(ServiceNonsense):
        await client.subscriptions(CUSTOMER, correlation_id=ID)
    assert len(server.asked) == 2


async def test_licences_are_asked_for_one_by_one_where_the_list_does_not_tell(
    server: Canned, client: EligibilityClient
) -> None:
    sku = CATALOGUE.offers[BASIC].entra_sku_id
    users = [{"id": f"user-{number}", "displayName": "x"} for number in range(3)]
    server.answer("GET", f"/customers/{CUSTOMER}/users", _json({"items": users}))

    def licence(*states: str) -> bytes:
        plans = [{"id": f"p{at}", "capabilityStatus": state} for at, state in enumerate(states)]
        return _json({"items": [{"productSku": {"id": sku.upper()}, "servicePlans": plans}]})

    server.answer("GET", f"/customers/{CUSTOMER}/users/user-0/licenses", licence("Enabled", "Disabled"))
    server.answer("GET", f"/customers/{CUSTOMER}/users/user-1/licenses", licence("Enabled"))
    server.answer("GET", f"/customers/{CUSTOMER}/users/user-2/licenses", _json({"items": []}))
    assert await client.accounts(CUSTOMER, sku, correlation_id=ID) == Accounts(total=2, reset=1)
    server.answer("GET", f"/customers/{CUSTOMER}/users", _json({"items": [*users, {"id": "user-3"}]}))
    assert await client.accounts(CUSTOMER, sku, correlation_id=ID) is None


async def test_users_that_may_not_be_read_are_not_known(server: Canned, client: EligibilityClient) -> None:
    """They need a user's token; an app's is refused."""
    server.answer("GET", f"/customers/{CUSTOMER}/users", _json({"code": 900329, "description": "no"}), status=403)
    assert await client.accounts(CUSTOMER, "sku", correlation_id=ID) is None
    server.answer("GET", f"/customers/{CUSTOMER}", b"<html>", status=401)
    with pytest.raises(ServiceDenied):
        await client.customer(CUSTOMER, correlation_id=ID)
