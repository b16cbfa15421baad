"""Slack closes a channel: what is to be told waits, in its order, and nothing is dropped."""

from datetime import timedelta

import pytest
import structlog

from bot.workspace.sample import AUDIT
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post

CARD, STEP = OutboxKind.CARD, OutboxKind.STEP


@pytest.mark.parametrize(("closed", "code"), [("is_archived", "is_archived"), ("bot_is_member", "not_in_channel")])
async def test_a_channel_that_is_closed_for_a_day_gets_everything_once_when_it_is_open_again(
    post: Post, closed: str, code: str
) -> None:
    place = post.slack.server.workspace.places.get(AUDIT)
    assert place is not None
    was = getattr(place, closed)
    manifest = post.slack.server.workspace.config.manifest
    if closed == "bot_is_member" and "chat:write.public" in manifest.scopes:
        code = ""  # the app may post without being in it
    setattr(place, closed, not was)
    change = await post.change()
    await post.put(change, CARD, STEP, STEP)
    with structlog.testing.capture_logs() as lines:
        for _ in range(24):
            await post.send()
            post.clock.advance(timedelta(hours=1))
    if code:
        assert len(await post.waiting(change)) == 3
        assert {line["code"] for line in lines if line["event"] == "outbox_trouble"} == {code}
    setattr(place, closed, was)
    for _ in range(3):
        await post.send()
        post.clock.advance(timedelta(hours=1))
    assert await post.waiting(change) == []
    card = await post.in_audit()
    thread = (await post.client.conversations_replies(channel=AUDIT, ts=card[0]["ts"])).get("messages") or []
    assert (len(card), len(thread)) == (1, 2)  # the steps that waited are told together
