"""The client against the real service, and against its faults."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.customers import ReasonKind, SoldBy
from bot.domain.errors import (
    CustomerNotFound,
    ServiceDenied,
    ServiceNonsense,
    ServiceRejected,
    ServiceThrottled,
    ServiceTimeout,
    ServiceTrouble,
    ServiceUnreachable,
    SubscriptionGone,
)
from bot.eligibility.client import Accounts, NotNow
from bot.eligibility.service.faults import FaultKind
from tests.support.counting_ids import CountingIds
from tests.support.service import (
    BASIC,
    E5,
    QUICK,
    RunningService,
    an_id,
    customer,
    running_service,
    subscription,
    user,
)

CONTOSO = customer(
    "Contoso GmbH",
    subscription(BASIC, 24, commitmentEndDate="2027-03-31"),
    subscription("power-bi-pro", 5, soldBy="partner", friendlyName="Berichte"),
    domain="contoso.de",
    users=[user("Anna Becker"), user("Felix Braun", disabled=["TEAMS1"]), user("Ida Schulz", licenses=[])],
)
WITHOUT = customer("Ohnerecht", subscription(BASIC, 3), delegatedAdmin=False)
CUSTOMER, SOURCE = CONTOSO["id"], CONTOSO["subscriptions"][0]["id"]
ID = "11111111-0000-4000-8000-000000000000"


@pytest.fixture
async def service(tmp_path: Path, clock: ShiftedClock, ids: CountingIds) -> AsyncIterator[RunningService]:
    """The real service."""
    many = [customer(f"Serie {number:03d}") for number in range(30)]
    async with running_service(tmp_path, clock=clock, ids=ids, customers=[CONTOSO, WITHOUT, *many]) as running:
        yield running


async def test_customers_are_read_page_by_page(service: RunningService) -> None:
    client = service.client(replace(QUICK, page_size=7, pages=3))
    found = await client.customers_starting_with("CompanyName", "serie", correlation_id=ID)
    assert (len(found.customers), found.complete) == (21, False)
    found = await client.customers_starting_with("CompanyName", "serie 01", correlation_id=ID)
    assert (len(found.customers), found.complete) == (10, True)


async def test_a_subscription_is_read_with_the_catalogues_names(service: RunningService) -> None:
    found = await service.client().subscription(CUSTOMER, SOURCE, correlation_id=ID)
    assert (found.friendly_name, found.offer.key, found.quantity, found.active) == ("Zentrale", BASIC, 24, True)
    assert str(found.ends_on) == "2027-03-31"
    assert found.offer.seat_limit == 300


async def test_every_reason_of_the_service_is_told(service: RunningService) -> None:
    client = service.client()
    offered = await client.offered(CUSTOMER, SOURCE, correlation_id=ID)
    e5 = offered.option(service.catalogue.offers[E5].offer_id.upper())
    assert e5 is not None
    (reason,) = e5.reasons
    assert (reason.kind, reason.families) == (ReasonKind.SERVICES_ALREADY_HELD, ("power_bi",))
    assert reason.blocking is not None
    assert reason.blocking.sold_by is SoldBy.PARTNER
    options = await client.options(WITHOUT["id"], WITHOUT["subscriptions"][0]["id"], correlation_id=ID)
    assert {each.reasons[0].kind for each in options} == {ReasonKind.DELEGATED_RIGHTS_MISSING}


async def test_accounts_are_counted_by_what_they_hold(service: RunningService) -> None:
    sku = service.catalogue.offers[BASIC].entra_sku_id
    assert await service.client().accounts(CUSTOMER, sku, correlation_id=ID) == Accounts(total=2, reset=1)
    assert await service.client().accounts_reset(CUSTOMER, sku, correlation_id=ID) == 1


async def test_what_is_not_there_is_told_apart(service: RunningService) -> None:
    client = service.client()
    with pytest.raises(CustomerNotFound):
        await client.customer(an_id(), correlation_id=ID)
    with pytest.raises(CustomerNotFound):
        await client.subscriptions(an_id(), correlation_id=ID)
    with pytest.raises(SubscriptionGone):
        await client.subscription(CUSTOMER, an_id(), correlation_id=ID)
    with pytest.raises(SubscriptionGone):
        await client.options(CUSTOMER, an_id(), correlation_id=ID)


@pytest.mark.parametrize("bad", ["", "..", ".", "a/b", "a?b", "a#b", "%2e%2e", "a b", "ä", "x" * 200])
async def test_an_id_that_is_none_never_becomes_a_path(service: RunningService, bad: str) -> None:
    with pytest.raises(ServiceNonsense):
        await service.client().customer(bad, correlation_id=ID)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.UNAUTHORIZED, ServiceDenied),
        (FaultKind.FORBIDDEN, ServiceDenied),
        (FaultKind.NOT_FOUND, ServiceRejected),
        (FaultKind.CONFLICT, ServiceRejected),
        (FaultKind.THROTTLED, ServiceThrottled),
        (FaultKind.ERROR, ServiceTrouble),
        (FaultKind.UNAVAILABLE, ServiceTrouble),
        (FaultKind.HTML, ServiceTrouble),
        (FaultKind.HTML_OK, ServiceNonsense),
        (FaultKind.NONSENSE, ServiceNonsense),
        (FaultKind.HALF_BODY, ServiceNonsense),
        (FaultKind.CUT, ServiceUnreachable),
        (FaultKind.HANG, ServiceTimeout),
    ],
)
async def test_each_trouble_of_a_read_has_its_type(
    service: RunningService, kind: FaultKind, error: type[ServiceTrouble]
) -> None:
    with service.faults.armed(kind, seconds=60), pytest.raises(error) as raised:
        await service.client().customers_starting_with("CompanyName", "Contoso", correlation_id=ID)
    assert type(raised.value) is error
    assert raised.value.correlation_id == ID


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.UNAVAILABLE, FaultKind.HTML, FaultKind.CUT])
async def test_a_read_that_failed_once_is_tried_again(service: RunningService, kind: FaultKind) -> None:
    service.faults.arm(kind)
    assert (await service.client().customer(CUSTOMER, correlation_id=ID)).name == "Contoso GmbH"


async def test_a_throttled_read_waits_as_long_as_it_is_told(service: RunningService) -> None:
    service.faults.arm(FaultKind.THROTTLED, seconds=1)
    began = asyncio.get_running_loop().time()
    assert (await service.client().customer(CUSTOMER, correlation_id=ID)).name == "Contoso GmbH"
    assert asyncio.get_running_loop().time() - began >= 1


async def test_a_throttled_read_does_not_wait_beyond_its_budget(service: RunningService) -> None:
    service.faults.arm(FaultKind.THROTTLED, seconds=57)
    began = asyncio.get_running_loop().time()
    with pytest.raises(ServiceThrottled) as raised:
        await service.client().customer(CUSTOMER, correlation_id=ID)
    assert raised.value.retry_after == 57
    assert asyncio.get_running_loop().time() - began < 1


async def test_a_read_is_not_tried_for_ever(service: RunningService) -> None:
    with service.faults.armed(FaultKind.ERROR), pytest.raises(ServiceTrouble):
        await service.client().customer(CUSTOMER, correlation_id=ID)
    assert len(service.faults.met) == QUICK.read_tries


async def test_a_wrong_token_is_denied(service: RunningService) -> None:
    with pytest.raises(ServiceDenied):
        await service.client(token="wrong").customer(CUSTOMER, correlation_id=ID)


async def test_nobody_there_is_unreachable(service: RunningService) -> None:
    client = service.client(base_url="http://127.0.0.1:9")
    with pytest.raises(ServiceUnreachable):
        await client.customer(CUSTOMER, correlation_id=ID)
    answer = await client.change_quantity(
        CUSTOMER, SOURCE, 30, expected=24, request_id=ID, correlation_id=ID, timeout=2.0
    )
    assert isinstance(answer, NotNow)
