import asyncio
import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.eligibility.service.app import create_service
from bot.eligibility.service.faults import FaultKind, Faults
from storage.book.book import Book
from tests.support.books import CATALOGUE, TOKEN, Served, load, write_book
from tests.support.service import BASIC, an_id, customer, subscription


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer \u00e9"]
)
@pytest.mark.parametrize("path", ["/v1/customers", "/v1/nothing"])
async def test_without_the_token_nothing_is_told(service: Served, given: str | None, path: str) -> None:
    headers = {} if given is None else {"Authorization": given}
    async with service.session.get(service.url + path, headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert (await answer.json())["code"] == 400


async def test_the_document_is_open(service: Served) -> None:
    async with service.session.get(f"{service.url}/openapi.json") as answer:
        assert answer.status == 200


async def test_an_empty_token_lets_nobody_in(book: Book, clock: ShiftedClock) -> None:
    app = create_service(book=book, catalogue=CATALOGUE, token="", clock=clock, ids=RandomIds())
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/v1/customers", "headers": [(b"authorization", b"Bearer ")]}
    await app(scope, receive, send)
    assert sent[0]["status"] == 401


async def test_answers_carry_the_ids_of_the_request_or_make_them(service: Served) -> None:
    request, correlation = an_id(), an_id()
    answer = await service.get("/v1/customers", headers={"MS-RequestId": request, "MS-CorrelationId": correlation})
    assert (answer.headers["MS-RequestId"], answer.headers["MS-CorrelationId"]) == (request, correlation)
    made = await service.get("/v1/nothing")
    assert len(made.headers["MS-RequestId"]) == len(request)
    assert made.headers["MS-RequestId"] != made.headers["MS-CorrelationId"]


@pytest.mark.parametrize("name", ["MS-RequestId", "MS-CorrelationId"])
async def test_an_id_that_is_no_uuid_is_refused(service: Served, name: str) -> None:
    """Silently replaced, a request id would protect nobody."""
    for given in ("1", "", "é", "x" * 9000):
        assert (await service.get("/v1/customers", headers={name: given})).status == 400


async def test_a_method_that_is_not_there_names_those_that_are(service: Served) -> None:
    answer = await service.call("DELETE", "/v1/customers")
    assert (answer.status, answer.headers["Allow"], answer.body["code"]) == (405, "GET", 1000)


@pytest.mark.parametrize("query", [{"size": "-1"}, {"size": "many"}, {"size": "9" * 40}, {"size": "9" * 5000}])
async def test_a_size_that_cannot_be_is_400_and_a_large_one_is_bounded(service: Served, query: dict[str, str]) -> None:
    answer = await service.get("/v1/customers", **query)
    assert answer.status in {200, 400}
    assert answer.status == 200 or set(answer.body) == {"code", "description", "data", "source"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id":"\x00"}', b'{"id":"\\ud800"}', b"[" * 9000]
)
async def test_a_body_that_is_none_is_400_in_their_shape(service: Served, tmp_path: Path, body: bytes) -> None:
    made = customer("A", subscription(BASIC))
    await load(service.book, write_book(tmp_path, [made]), clock=service.clock)
    path = f"/v1/customers/{made['id']}/subscriptions/{made['subscriptions'][0]['id']}"
    for method, where in (("PATCH", path), ("POST", f"{path}/upgrades")):
        answer = await service.call(method, where, body=body)
        assert (answer.status, answer.body["code"]) == (400, 800002)


async def test_a_body_without_end_is_refused(service: Served) -> None:
    answer = await service.call("PATCH", f"/v1/customers/{an_id()}/subscriptions/{an_id()}", body=b"x" * 600_000)
    assert answer.status == 400


EXPECTED = {
    FaultKind.ERROR: 500,
    FaultKind.UNAVAILABLE: 503,
    FaultKind.THROTTLED: 429,
    FaultKind.UNAUTHORIZED: 401,
    FaultKind.FORBIDDEN: 403,
    FaultKind.NOT_FOUND: 404,
    FaultKind.CONFLICT: 409,
    FaultKind.HTML: 502,
    FaultKind.HTML_OK: 200,
    FaultKind.NONSENSE: 200,
    FaultKind.ACCEPTED: 202,
    FaultKind.SLOW: 200,
    FaultKind.CUT: None,
    FaultKind.HANG: None,
    FaultKind.HALF_BODY: None,
}


@pytest.mark.parametrize("kind", list(FaultKind))
async def test_each_fault_is_met_once_and_then_all_is_well(service: Served, kind: FaultKind) -> None:
    service.faults.arm(kind, seconds=0.1)
    begun = time.monotonic()
    # aiohttp quietly asks a second time where a GET got no answer at all; it never does so with a POST.
    method = "POST" if kind in {FaultKind.CUT, FaultKind.HANG} else "GET"
    try:
        assert (await service.call(method, "/v1/customers")).status == EXPECTED[kind]
    except aiohttp.ClientError:
        assert EXPECTED[kind] is None
    if kind in {FaultKind.SLOW, FaultKind.HANG}:
        assert time.monotonic() - begun >= 0.1
    assert service.faults.waiting == ()
    assert [each[0] for each in service.faults.met] == [kind]
    assert (await service.get("/v1/customers")).status == 200


async def test_throttling_has_its_own_shape(service: Served) -> None:
    service.faults.arm("throttled", seconds=57)
    answer = await service.get("/v1/customers")
    assert answer.headers["Retry-After"] == "57"
    assert answer.body == {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds."}


async def test_a_fault_meets_only_the_requests_it_is_armed_for(service: Served) -> None:
    service.faults.arm_next_order("error")
    assert (await service.get(f"/v1/customers/{an_id()}/subscriptions/{an_id()}")).status == 404
    with service.faults.armed("forbidden", path="/users$"):
        assert (await service.get("/v1/customers")).status == 200
        assert (await service.get(f"/v1/customers/{an_id()}/users")).status == 403
    assert [each.kind for each in service.faults.waiting] == [FaultKind.ERROR]
    answer = await service.call("POST", f"/v1/customers/{an_id()}/subscriptions/{an_id()}/upgrades", body={})
    assert answer.status == 500


def test_faults_that_cannot_be_are_refused() -> None:
    faults = Faults()
    for wrong in (
        {"kind": "throttled", "acts": True},
        {"kind": "slow", "acts": False},
        {"kind": "error", "times": 0},
        {"kind": "nonsense-kind"},
        {"kind": "slow", "seconds": -1},
    ):
        with pytest.raises(ValueError, match=r"."):
            faults.arm(**wrong)  # type: ignore[arg-type] # wrong on purpose


async def test_a_database_that_is_gone_is_500_and_no_secret_is_told(book_url: str, clock: ShiftedClock) -> None:
    """A mistake of ours has their shape too."""
    book = Book.at(book_url)
    app = create_service(book=book, catalogue=CATALOGUE, token=TOKEN, clock=clock, ids=RandomIds())
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.sleep(60)

    headers = [(b"authorization", f"Bearer {TOKEN}".encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/v1/customers/{an_id()}",
        "headers": headers,
        "query_string": b"",
    }
    await app(scope, receive, send)
    await book.close()
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"] in {900192, 800003}) == (500, True)
    assert b"book_customer" not in sent[1]["body"]
