"""Ids that are written in another case are the same ids: on the list of those never to touch, and in the database."""

import json
from typing import Any, Final

import pytest

from bot.desk.prepare_upgrade import prepare_upgrade
from bot.desk.request_upgrade import request_upgrade
from bot.domain.errors import Refused
from bot.domain.people import Caller
from bot.domain.policy_file import PolicyError, parse_policy
from bot.eligibility.client import EligibilityClient
from tests.attacks.conftest import CONTOSO
from tests.support.asking import option_handle
from tests.support.canned import Canned
from tests.support.desks import DeskKit

CUSTOMER: Final = "C0000000-000A-4000-8000-00000000ABCD"
SOURCE: Final = "50000000-000A-4000-8000-00000000ABCD"


@pytest.mark.parametrize("key", ["never_customers", "pilot_customers"])
async def test_a_customer_in_the_policy_is_meant_in_any_case(kit: DeskKit, heidi: Caller, key: str) -> None:
    """Portals show tenant ids in either case. One that is never to be touched is not touched."""
    kit.policy = parse_policy(f'[operation]\nmode = "live"\n{key} = [" {CONTOSO["id"].upper()} "]\n', source="test")
    handle = await option_handle(kit, heidi, CONTOSO)
    asked = await prepare_upgrade(kit.desk, caller=heidi, handle=handle)
    if key == "never_customers":
        with pytest.raises(Refused):
            await request_upgrade(kit.desk, caller=heidi, draft_id=asked.draft_id, note="")
    else:
        await request_upgrade(kit.desk, caller=heidi, draft_id=asked.draft_id, note="")


@pytest.mark.parametrize("text", ["contoso.de", "Contoso GmbH", CUSTOMER[:-1], f"{{{CUSTOMER}}}"])
def test_a_customer_in_the_policy_that_is_no_tenant_id_stops_the_start(text: str) -> None:
    """It would never meet anybody: whoever wrote it believes a customer protected who is not."""
    with pytest.raises(PolicyError):
        parse_policy(f'[operation]\nnever_customers = ["{text}"]\n', source="test")


async def test_ids_that_a_service_writes_in_capitals_are_the_same_ids(
    server: Canned, client: EligibilityClient
) -> None:
    """One open change a subscription and one order a customer are unique keys: they would miss another spelling."""
    held: dict[str, Any] = {"id": SOURCE, "quantity": 5, "status": "active", "offerId": "x", "attributes": {}}
    profile = {"companyName": "Contoso", "domain": "contoso.de"}
    for customer_id in (CUSTOMER, CUSTOMER.lower()):
        server.answer(
            "GET", f"/customers/{customer_id}", json.dumps({"id": CUSTOMER, "companyProfile": profile}).encode()
        )
        server.answer("GET", f"/customers/{customer_id}/subscriptions/{SOURCE}", json.dumps(held).encode())
        server.answer(
            "GET", f"/customers/{customer_id}/subscriptions", json.dumps({"totalCount": 1, "items": [held]}).encode()
        )
        customer = await client.customer(customer_id, correlation_id=CUSTOMER)
        assert customer.id == CUSTOMER.lower()
        found = await client.subscription(customer_id, SOURCE, correlation_id=CUSTOMER)
        (listed,) = await client.subscriptions(customer_id, correlation_id=CUSTOMER)
        assert found.id == listed.id == SOURCE.lower()
