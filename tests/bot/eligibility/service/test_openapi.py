"""The document is complete: generated requests find no 500 and no answer outside it (issue 2, 2)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from bot.domain.clock import ShiftedClock
from bot.domain.ids import RandomIds
from bot.eligibility.service.app import create_service
from storage.book.book import Book
from tests.support.books import CATALOGUE, TOKEN, empty_database, load, write_book
from tests.support.service import BASIC, E3, customer, subscription, user

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
)
EXAMPLES = 25
MADE = customer(
    *("Ümläut & Söhne", subscription(BASIC, 5), subscription(E3, 2, soldBy="partner")),
    users=[user("Anna"), user("Bert", disabled=["TEAMS1"])],
)
KNOWN = {
    "customer_id": MADE["id"],
    "subscription_id": MADE["subscriptions"][0]["id"],
    "user_id": MADE["users"][0]["id"],
}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The app over a small book. Each request of the generator runs in a loop of its own, so nothing is pooled."""
    folder: Path = tmp_path_factory.mktemp("openapi")
    clock = ShiftedClock()
    for url in empty_database(request, folder):
        book = Book.at(url)

        async def fill(book: Book = book) -> None:
            await book.open()
            await load(book, write_book(folder, [MADE]), clock=clock)
            await book.close()

        asyncio.run(fill())
        yield create_service(book=book, catalogue=CATALOGUE, token=TOKEN, clock=clock, ids=RandomIds())


def test_no_generated_request_gets_an_answer_outside_the_document(app: FastAPI) -> None:
    document = schemathesis.openapi.from_asgi("/openapi.json", app)
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @given(case=operation.as_strategy(generation_mode=mode), known=st.sets(st.sampled_from(sorted(KNOWN))))
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.generate],
            )
            def each(case: Any, known: set[str]) -> None:
                nonlocal tried
                # Half of what is generated goes to a customer that is there, and so beyond the first 404.
                for name in known & set(case.path_parameters or {}):
                    case.path_parameters[name] = KNOWN[name]
                case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"}, checks=list(CHECKS))
                tried += 1

            each()
    assert tried >= EXAMPLES * 11


def test_every_operation_documents_every_status_that_can_come(app: FastAPI) -> None:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert statuses >= {"200", "400", "401", "405", "429", "500"}, path
            assert "422" not in statuses
            assert ("409" in statuses) == (method in {"post", "patch"})
            assert ("requestBody" in operation) == (method in {"post", "patch"})
    assert document["security"] == [{"bearer": []}]
