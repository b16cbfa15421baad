"""Orders of the client against the real service and its faults."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.customers import ReasonKind
from bot.eligibility.client import Declined, Done, NotNow, Unclear
from bot.eligibility.service.faults import FaultKind
from tests.support.counting_ids import CountingIds
from tests.support.service import (
    BASIC,
    E3,
    E5,
    RunningService,
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


async def _order(service: RunningService, *, timeout: float = 2.0) -> object:  # noqa: ASYNC109 - the client's own
    client = service.client()
    return await client.upgrade(
        CUSTOMER,
        SOURCE,
        service.catalogue.offers[E3].offer_id,
        24,
        request_id=service.ids.uuid(),
        correlation_id=ID,
        timeout=timeout,
    )


async def test_an_order_is_done_with_its_follow_ups(service: RunningService) -> None:
    answer = await _order(service)
    assert isinstance(answer, Done)
    assert answer.quantity == 24
    (account,) = answer.follow_ups
    assert (account.name, account.services) == ("Felix Braun", ("Microsoft Teams",))
    hits = await service.client().audit_of(
        frozenset({ID}), since=service.clock.now(), customer_id=CUSTOMER, correlation_id=service.ids.uuid()
    )
    assert [(each.operation, each.status) for each in hits] == [("upgrade_subscription", "succeeded")]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (FaultKind.UNAUTHORIZED, Declined),
        (FaultKind.FORBIDDEN, Declined),
        (FaultKind.NOT_FOUND, Declined),
        (FaultKind.CONFLICT, Declined),
        (FaultKind.THROTTLED, NotNow),
        (FaultKind.ERROR, Unclear),
        (FaultKind.UNAVAILABLE, Unclear),
        (FaultKind.HTML, Unclear),
        (FaultKind.HTML_OK, Unclear),
        (FaultKind.NONSENSE, Unclear),
        (FaultKind.HALF_BODY, Unclear),
        (FaultKind.CUT, Unclear),
        (FaultKind.HANG, Unclear),
    ],
)
async def test_an_order_is_sent_once_whatever_comes_back(
    service: RunningService, kind: FaultKind, answer: type[object]
) -> None:
    """Only a refusal, or a request that never left, proves that nothing happened."""
    service.faults.arm(kind, method="POST", seconds=60)
    assert isinstance(await _order(service, timeout=2.0), answer)
    assert [method for _, method, _ in service.faults.met] == ["POST"]
    assert await service.orders() == (1 if kind is FaultKind.HALF_BODY else 0)


async def test_an_order_that_the_rules_refuse_is_declined_with_reasons(service: RunningService) -> None:
    client = service.client()
    offered = await client.offered(CUSTOMER, SOURCE, correlation_id=ID)
    e5 = service.catalogue.offers[E5].offer_id
    answer = await client.upgrade(
        CUSTOMER,
        SOURCE,
        e5,
        24,
        request_id=service.ids.uuid(),
        correlation_id=ID,
        timeout=2.0,
        entry=offered.entries[e5.casefold()],
    )
    assert isinstance(answer, Declined)
    assert [each.kind for each in answer.reasons] == [ReasonKind.SERVICES_ALREADY_HELD]
    assert await service.orders() == 0


async def test_seats_are_changed_where_they_are_still_what_was_expected(service: RunningService) -> None:
    client = service.client()

    async def change(quantity: int, *, expected: int) -> object:
        return await client.change_quantity(
            CUSTOMER,
            SOURCE,
            quantity,
            expected=expected,
            request_id=service.ids.uuid(),
            correlation_id=ID,
            timeout=2.0,
        )

    assert await change(30, expected=24) == Done(target_subscription_id=SOURCE, quantity=30)
    moved = await change(40, expected=24)
    assert isinstance(moved, Declined)
    assert (moved.code, moved.sent, moved.quantity_now) == ("quantity_moved", False, 30)
    beyond = await change(301, expected=30)
    assert isinstance(beyond, Declined)
    assert (await client.subscription(CUSTOMER, SOURCE, correlation_id=ID)).quantity == 30
