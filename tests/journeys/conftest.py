"""One product for the tests of a module, reached in both of Slack's ways, on both databases."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from tests.support.call_guard import no_connection_across_a_call
from tests.support.engines import PostgresTemplate, copied_sqlite
from tests.support.product import QUICKLY, Product, Transport, running_product

WAYS: Final[tuple[tuple[Transport, str], ...]] = (("socket", "sqlite"), ("http", "postgres"))


@pytest.fixture(autouse=True, scope="session")
def _no_proxy() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_connection_across_a_call() -> Iterator[None]:
    """Every journey: neither a slow Slack nor a slow service can drain the pool (issue 4, 5)."""
    with no_connection_across_a_call() as refused:
        yield
    assert not refused


@pytest.fixture(scope="module", params=WAYS, ids=["socket-sqlite", "http-postgres"])
def way(request: pytest.FixtureRequest) -> tuple[Transport, str]:
    """How Slack reaches the bot, and where the bot keeps what it knows."""
    found: tuple[Transport, str] = request.param
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def product(
    request: pytest.FixtureRequest, way: tuple[Transport, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Product]:
    """The product with the customers (`BOOK`) of the test's module."""
    transport, engine = way
    folder: Path = tmp_path_factory.mktemp("product")
    book: Sequence[dict[str, Any]] = request.module.BOOK
    async with AsyncExitStack() as stack:
        if engine == "postgres":
            template: PostgresTemplate = request.getfixturevalue("postgres_template")
            url = stack.enter_context(template.copied())
        else:
            url = copied_sqlite(request.getfixturevalue("sqlite_template"), folder)
        yield await stack.enter_async_context(
            running_product(
                folder,
                customers=book,
                transport=transport,
                database_url=url,
                tuning=getattr(request.module, "TUNING", QUICKLY),
            )
        )


@pytest.fixture(autouse=True)
def _no_fault_left(request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue("product") if "product" in request.fixturenames else None
    yield
    if found is not None:
        found.faults.clear()
