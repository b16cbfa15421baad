"""A worker's outbox between a real database and the local workspace."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.clock import ShiftedClock
from storage.database import Database
from tests.support.post import Post, posting, replace_client

__all__ = ["Post", "burst", "post", "replace_client"]


@pytest.fixture
def burst() -> int:
    """How many messages a channel takes at once."""
    return 100


@pytest.fixture
async def post(database: Database, clock: ShiftedClock, burst: int) -> AsyncIterator[Post]:
    async with posting(database, clock, burst=burst) as made:
        yield made
