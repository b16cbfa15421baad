"""`MS-RequestId`: an effect and its answer are one (issue 2, 2; docs/decisions/0022)."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storage.book.book import Book
from tests.support.books import Answer, Served, load, served, write_book
from tests.support.service import BASIC, an_id, customer, subscription

STANDARD_ID = "031C9E47-4802-4248-838E-778FB1D2CC05"
ORDER = {"targetOffer": {"id": STANDARD_ID}}


async def two_customers(service: Served, tmp_path: Path) -> list[str]:
    made = [customer("A", subscription(BASIC, 5)), customer("B", subscription(BASIC, 5))]
    await load(service.book, write_book(tmp_path, made), clock=service.clock)
    return [f"/v1/customers/{each['id']}/subscriptions/{each['subscriptions'][0]['id']}" for each in made]


async def order(service: Served, path: str, request_id: str, body: Any = ORDER) -> Answer:
    return await service.call("POST", f"{path}/upgrades", body=body, headers={"MS-RequestId": request_id})


async def bought(service: Served, path: str) -> int:
    root = path.rsplit("/", 1)[0]
    return sum(each["offerId"] == STANDARD_ID for each in (await service.get(root)).items)


async def test_the_same_id_again_gets_the_same_answer_and_does_nothing_twice(service: Served, tmp_path: Path) -> None:
    path, _ = await two_customers(service, tmp_path)
    request = an_id()
    first = await order(service, path, request)
    again = await order(service, path, request.upper())
    assert (first.status, first.raw, first.headers["Content-Type"]) == (
        again.status,
        again.raw,
        again.headers["Content-Type"],
    )
    assert first.headers["MS-RequestId"] == again.headers["MS-RequestId"] == request
    assert first.body["targetSubscriptionId"]
    assert await bought(service, path) == 1


async def test_the_answer_survives_a_restart(book: Book, service: Served, tmp_path: Path) -> None:
    path, _ = await two_customers(service, tmp_path)
    request = an_id()
    first = await order(service, path, request)
    async with served(book, clock=service.clock) as restarted:
        assert (await order(restarted, path, request)).raw == first.raw


async def test_twenty_at_once_with_one_id_are_one_order(service: Served, tmp_path: Path) -> None:
    path, _ = await two_customers(service, tmp_path)
    request = an_id()
    answers = await asyncio.gather(*(order(service, path, request) for _ in range(20)))
    assert {(each.status, each.raw) for each in answers} == {(200, answers[0].raw)}
    assert await bought(service, path) == 1


async def test_twenty_at_once_with_ids_of_their_own_are_one_order_too(service: Served, tmp_path: Path) -> None:
    """Conditions are judged again inside the transaction."""
    path, _ = await two_customers(service, tmp_path)
    answers = await asyncio.gather(*(order(service, path, an_id()) for _ in range(20)))
    assert {each.status for each in answers} == {200}
    assert sum("targetSubscriptionId" in each.body for each in answers) == 1
    assert await bought(service, path) == 1


async def test_one_id_for_different_requests_is_refused(service: Served, tmp_path: Path) -> None:
    path, other = await two_customers(service, tmp_path)
    request = an_id()
    assert (await order(service, path, request)).status == 200
    for each in (
        await order(service, other, request),
        await order(service, path, request, {**ORDER, "quantity": 7}),
        await service.call(
            "PATCH", other, body={**(await service.get(other)).body, "quantity": 9}, headers={"MS-RequestId": request}
        ),
    ):
        assert (each.status, each.body["code"]) == (409, 3000)
    assert await bought(service, other) == 0


async def test_one_id_at_two_customers_at_once_acts_once(service: Served, tmp_path: Path) -> None:
    paths = await two_customers(service, tmp_path)
    for _ in range(5):
        request = an_id()
        answers = await asyncio.gather(*(order(service, each, request) for each in paths))
        assert sorted(each.status for each in answers) == [200, 409]
        winner = paths[0 if answers[0].status == 200 else 1]
        assert [await bought(service, each) for each in paths] == [int(each == winner) for each in paths]
        paths = await two_customers(service, tmp_path)


@pytest.mark.parametrize("kind", ["error", "throttled", "unavailable", "html", "cut", "conflict"])
async def test_an_id_that_did_not_act_is_not_remembered(service: Served, tmp_path: Path, kind: str) -> None:
    path, _ = await two_customers(service, tmp_path)
    request = an_id()
    service.faults.arm_next_order(kind)
    try:
        spoilt = await order(service, path, request)
    except aiohttp.ClientError:
        assert kind == "cut"
    else:
        assert spoilt.status >= 400
    assert await bought(service, path) == 0
    assert (await order(service, path, request)).body["targetSubscriptionId"]
    assert await bought(service, path) == 1


async def test_a_refused_request_is_not_remembered(service: Served, tmp_path: Path) -> None:
    path, _ = await two_customers(service, tmp_path)
    request = an_id()
    assert (await order(service, path, request, b"{broken")).status == 400
    assert (await order(service, path, request)).status == 200


@pytest.mark.parametrize("kind", ["cut", "error", "half_body", "html_ok", "accepted"])
async def test_an_order_whose_answer_was_lost_is_found_again_by_its_id(
    service: Served, tmp_path: Path, kind: str
) -> None:
    path, _ = await two_customers(service, tmp_path)
    request = an_id()
    service.faults.arm_next_order(kind, acts=True)
    try:
        await order(service, path, request)
    except aiohttp.ClientError:
        assert kind in {"cut", "half_body"}
    assert await bought(service, path) == 1
    found = await order(service, path, request)
    assert found.body["targetSubscriptionId"]
    assert await bought(service, path) == 1
