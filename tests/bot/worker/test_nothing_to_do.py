"""A worker with nothing to do only reads: several on one SQLite would else take its one write lock all the time."""

import sqlite3
from contextlib import closing

import pytest

from bot.worker.gathering import Gathering
from bot.worker.mending import Mending
from bot.worker.submission import Submission
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Only SQLite has one writer."""
    return sqlite_url


async def test_steps_that_find_nothing_need_no_write_lock(post: Post, database_url: str) -> None:
    """Another process writes all the while: nobody waits for it, and nobody fails."""
    outbox, desk = post.outbox, post.desk
    gathering = Gathering(
        desk=desk, mailer=outbox.mailer, drawing=outbox.drawing, owner="worker-1", pacing=outbox.pacing
    )
    submission = Submission(desk=desk, owner="worker-1")
    steps = (submission.step, outbox.step, Mending(desk=desk).step, gathering.step)
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for step in steps:
            assert not await step()
        other.execute("ROLLBACK")
    await post.put(await post.change(), OutboxKind.CARD)
    for loop in (submission, outbox):
        assert await loop.step()
        assert await loop.drain(seconds=30) == 0
