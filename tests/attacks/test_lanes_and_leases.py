"""A channel that is held up for longer than any lease: its messages wait unclaimed, and each is posted once."""

import asyncio
from datetime import timedelta

import pytest

from bot.worker.outbox import LEASE
from bot.workspace.sample import AUDIT, TEAM
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post, burst, post  # noqa: F401 - fixtures
from tests.bot.worker.test_outbox import Holds


@pytest.mark.parametrize("again", [1, 3])
async def test_what_waits_for_its_channel_beyond_a_lease_is_not_claimed_and_is_posted_once(
    post: Post,  # noqa: F811 - the fixture
    again: int,
) -> None:
    """Slack asked the channel to wait for minutes, or hundreds of messages were before this one."""
    change = await post.change()
    await post.put(change, OutboxKind.CARD)
    lane = post.outbox.pacing.channel(TEAM.id, AUDIT)
    async with post.desk.database.write() as tx:
        await tx.turns.hold(lane, seconds=again * 130.0)
    for _ in range(again):
        assert not await post.outbox.step()
        (item,) = await post.waiting(change)
        assert (item.attempts, item.lease_owner) == (0, None)
        post.clock.advance(LEASE + timedelta(seconds=11))
    await post.send()
    assert await post.waiting(change) == []
    assert len(await post.in_audit()) == 1


async def test_a_sender_that_sleeps_past_its_lease_begins_no_call(
    post: Post,  # noqa: F811 - the fixture
) -> None:
    """It wakes up between its claim and its call: somebody else may be sending the same by then."""
    change = await post.change()
    await post.put(change, OutboxKind.CARD)
    mailer = post.outbox.mailer
    holds = Holds(token="xoxb-1", base_url=post.client.base_url, session=post.client.session, retry_handlers=[])
    post.with_client(holds)
    assert await post.outbox.step()
    await asyncio.wait_for(holds.reached.wait(), 30)
    post.clock.advance(LEASE + timedelta(seconds=1))
    sleeper, post.outbox.mailer = post.outbox.mailer, mailer
    assert sleeper is not mailer
    other = post.beside("worker-2")
    assert await other.step()
    assert await other.drain(seconds=30) == 0
    holds.go_on.set()
    await post.outbox.drain(seconds=30)
    await post.send()
    assert await post.waiting(change) == []
    assert len(await post.in_audit()) == 1
