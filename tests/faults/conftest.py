"""Worlds for the tests of this folder: each with data of its own, on an engine of the test's choice."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.world import World, running_world
from tests.support.engines import PostgresTemplate, copied_sqlite

Worlds = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """What makes worlds, in an `async with`, by engine and number of customers."""

    @asynccontextmanager
    async def made(engine: str, *, customers: int, held: int = 1) -> AsyncIterator[World]:
        folder: Path = tmp_path_factory.mktemp("world")
        async with AsyncExitStack() as stack:
            if engine == "postgres":
                template: PostgresTemplate = request.getfixturevalue("postgres_template")
                url = stack.enter_context(template.copied())
            else:
                url = copied_sqlite(request.getfixturevalue("sqlite_template"), folder)
            yield await stack.enter_async_context(
                running_world(folder, engine=engine, database_url=url, customers=customers, held=held)
            )

    return made
