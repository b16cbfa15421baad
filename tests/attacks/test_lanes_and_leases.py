"""A channel that is held up for longer than an item's lease: the item is claimed again, and still posted once."""

import asyncio
from datetime import timedelta

import pytest

from bot.worker.outbox import LEASE
from bot.workspace.sample import AUDIT
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post, burst, post  # noqa: F401 - fixtures


@pytest.mark.parametrize("again", [1, 3])
async def test_what_waited_in_its_lane_beyond_its_lease_is_posted_once(
    post: Post,  # noqa: F811 - the fixture
    again: int,
) -> None:
    """Slack asked the channel to wait for minutes, or hundreds of messages were before this one."""
    change = await post.change()
    await post.put(change, OutboxKind.CARD)
    lane = post.outbox.mailer.pacing.turn(f"post {AUDIT}")
    async with lane:
        assert await post.outbox.step()
        for _ in range(again):
            await asyncio.sleep(0.3)
            post.clock.advance(LEASE + timedelta(seconds=1))
            assert await post.outbox.step()
        await asyncio.sleep(0.3)
    await post.outbox.drain(seconds=30)
    for _ in range(again):
        post.clock.advance(timedelta(minutes=2))
        await post.send()
    assert await post.waiting(change) == []
    assert len(await post.in_audit()) == 1
