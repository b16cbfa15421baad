"""Cards, steps and notices: each once, drawn from the row, found again after a crash, never dropped silently."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.changes import ChangeState, Outcome
from bot.workspace.sample import AUDIT, PEOPLE
from storage.records import ChangeUpdate, OutboxKind
from tests.bot.worker.conftest import Post

CARD, STEP, NOTICE = OutboxKind.CARD, OutboxKind.STEP, OutboxKind.NOTICE


class LosesAnswers(AsyncWebClient):
    """A connection on which the first message arrives and its answer does not."""

    lost = 0

    async def chat_postMessage(self, **arguments: Any) -> Any:  # type: ignore[override]  # noqa: N802 - slack_sdk's name
        answer = await super().chat_postMessage(**arguments)
        if not self.lost:
            self.lost += 1
            raise TimeoutError
        return answer


class Holds(AsyncWebClient):
    """A process that is paused right before it posts."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def conversations_info(self, **arguments: Any) -> Any:  # type: ignore[override]
        self.reached.set()
        await self.go_on.wait()
        return await super().conversations_info(**arguments)


async def test_a_change_has_one_card_with_its_steps_in_the_thread_and_a_direct_message(post: Post) -> None:
    change = await post.change()
    await post.put(change, CARD, STEP, STEP, NOTICE)
    await post.send()
    assert await post.waiting(change) == []
    messages = await post.in_audit()
    assert len(messages) == 1
    assert "Müller &amp; Söhne &lt;!channel&gt;" in messages[0]["text"]
    replies = (await post.client.conversations_replies(channel=AUDIT, ts=messages[0]["ts"])).get("messages") or []
    assert len(replies) == 2  # both steps waited for the card, and are told together
    assert [replies[1]["text"].count(words) for words in ("Audit entry 1", "Audit entry 2")] == [1, 1]
    notice = await post.sven.wait_for_message(post.sven.direct, containing="Zentrale")
    assert "24 Lizenzen" in notice["text"]


async def test_a_card_is_drawn_from_the_row_as_it_is_when_it_is_sent(post: Post) -> None:
    change = await post.change()
    await post.put(change, CARD)
    async with post.desk.database.write() as tx:
        await tx.changes.claim_due(owner="w", lease=timedelta(minutes=1))
        outcome = Outcome(target_subscription_id="new-b8e2", correlation_id="c", follow_ups=0)
        await tx.changes.move(change.id, to=ChangeState.COMPLETED, lease_owner="w", set=ChangeUpdate(outcome=outcome))
    await post.send()
    first = await post.in_audit()
    assert "b8e2" in first[0]["text"]
    await post.put(change, CARD)
    await post.send()
    again = await post.in_audit()
    assert [message["ts"] for message in again] == [message["ts"] for message in first]


@pytest.mark.parametrize("kind", [CARD, STEP, NOTICE])
async def test_a_message_whose_answer_was_lost_is_found_again_and_not_posted_twice(
    post: Post, kind: OutboxKind
) -> None:
    change = await post.change()
    if kind is STEP:
        await post.put(change, CARD)
        await post.send()
    await post.put(change, kind)
    lossy = LosesAnswers(token="xoxb-1", base_url=post.client.base_url, session=post.client.session, retry_handlers=[])
    post.with_client(lossy)
    await post.send()
    assert lossy.lost == 1
    assert len(await post.waiting(change)) == 1
    post.clock.advance(timedelta(minutes=1))
    await post.send()
    assert await post.waiting(change) == []
    card = (await post.in_audit())[:1]
    if kind is NOTICE:
        shown = await post.sven.messages(post.sven.direct)
        assert len(shown) == 1
    else:
        thread = (await post.client.conversations_replies(channel=AUDIT, ts=card[0]["ts"])).get("messages") or []
        assert len(thread) == (2 if kind is STEP else 1)


async def test_a_card_that_somebody_deleted_is_posted_anew(post: Post) -> None:
    change = await post.change()
    await post.put(change, CARD)
    await post.send()
    before = await post.in_audit()
    await post.client.chat_delete(channel=AUDIT, ts=before[0]["ts"])
    await post.put(change, CARD)
    await post.send()
    after = await post.in_audit()
    assert len(after) == 1
    assert after[0]["ts"] != before[0]["ts"]


async def test_a_channel_shared_with_others_gets_nothing_and_nothing_is_lost(post: Post) -> None:
    own = post.desk
    post.outbox.desk = replace(own, config=replace(own.config, audit_channel="C0SHARED01"))
    change = await post.change()
    await post.put(change, CARD)
    with structlog.testing.capture_logs() as lines:
        await post.send()
    assert [line["event"] for line in lines] == ["outbox_trouble"]
    assert lines[0]["reference"]
    assert "üller" not in repr(lines)
    assert len(await post.waiting(change)) == 1
    post.outbox.desk = own
    post.clock.advance(timedelta(minutes=11))
    await post.send()
    assert await post.waiting(change) == []
    assert len(await post.in_audit()) == 1


@pytest.mark.parametrize("burst", [1])
async def test_when_slack_wants_fewer_messages_they_wait_and_all_arrive(post: Post) -> None:
    change = await post.change()
    await post.put(change, CARD, STEP, STEP)
    await post.send()
    while await post.waiting(change):
        post.clock.advance(timedelta(seconds=2))
        await post.send()
    card = await post.in_audit()
    thread = (await post.client.conversations_replies(channel=AUDIT, ts=card[0]["ts"])).get("messages") or []
    assert len(thread) == 2


async def test_what_is_found_again_is_known_by_ids_alone(post: Post) -> None:
    """Metadata is readable for everybody in the channel."""
    change = await post.change()
    await post.put(change, CARD)
    await post.send()
    history = await post.client.conversations_history(channel=AUDIT, include_all_metadata=True)
    metadata = (history.get("messages") or [])[0]["metadata"]
    assert metadata["event_type"] == "upgrade_desk"
    assert set(metadata["event_payload"]) == {"item", "change", "kind", "version", "audit_number", "audit_hash"}
    assert "üller" not in repr(metadata)
    assert PEOPLE["sales_agent"] not in repr(metadata)
