"""Steps that wait are told in one message: found again whole, taken back whole, each with its entry's hash."""

import asyncio
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.worker.gathering import EVERY
from bot.worker.outbox import LEASE
from bot.workspace.sample import AUDIT
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post
from tests.bot.worker.test_a_thousand_waiting import entries
from tests.bot.worker.test_gathering import begun, gathering, refuse
from tests.bot.worker.test_outbox import LosesAnswers

CARD, STEP = OutboxKind.CARD, OutboxKind.STEP


class Sleeps(AsyncWebClient):
    """A process that is paused as the request leaves: it arrives when it goes on."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def chat_postMessage(self, **arguments: Any) -> Any:  # type: ignore[override]  # noqa: N802 - slack_sdk's name
        self.reached.set()
        await self.go_on.wait()
        return await super().chat_postMessage(**arguments)


def on(post: Post, kind: type[AsyncWebClient]) -> Any:
    return kind(token="xoxb-1", base_url=post.client.base_url, session=post.client.session, retry_handlers=[])


async def thread(post: Post) -> list[Any]:
    board = post.slack.server.workspace.board
    (card,) = board.history(AUDIT)
    return list(board.replies(AUDIT, card.ts))


async def test_of_gathered_steps_that_may_have_been_posted_only_the_new_one_is_posted(post: Post) -> None:
    """The answer was lost, and one more came meanwhile."""
    change = await post.change()
    await post.put(change, CARD)
    await post.send()
    await post.put(change, STEP, STEP, STEP)
    lossy = on(post, LosesAnswers)
    post.with_client(lossy)
    await post.send()
    assert lossy.lost == 1
    await post.put(change, STEP)
    post.clock.advance(timedelta(minutes=1))
    await post.send()
    assert await post.waiting(change) == []
    told = [entries(message) for message in await thread(post)]
    async with post.desk.database.read() as tx:
        rows = [(row.number, row.hash) for row in await tx.audit.of_change(change.id)]
    assert told == [rows[:3], rows[3:]]


async def test_more_steps_than_fit_one_message_go_into_several_in_order(post: Post) -> None:
    change = await post.change()
    await post.put(change, CARD, *[STEP] * 23)
    await post.send()
    told = [entries(message) for message in await thread(post)]
    assert [len(each) for each in told] == [10, 10, 3]
    numbers = [number for each in told for number, _ in each]
    assert numbers == sorted(numbers)
    assert await post.waiting(change) == []


async def test_a_sender_that_slept_past_its_lease_takes_its_gathered_steps_back(post: Post) -> None:
    change = await post.change()
    await post.put(change, CARD)
    await post.send()
    await post.put(change, STEP, STEP)
    sleeps, awake = on(post, Sleeps), post.beside("worker-2")
    post.with_client(sleeps)
    assert await post.outbox.step()
    await asyncio.wait_for(sleeps.reached.wait(), 30)
    post.clock.advance(LEASE + timedelta(seconds=1))
    await post.put(change, STEP)
    assert await awake.step()
    assert await awake.drain(seconds=30) == 0
    assert [len(entries(message)) for message in await thread(post)] == [3]
    sleeps.go_on.set()
    assert await post.outbox.drain(seconds=30) == 0
    assert [len(entries(message)) for message in await thread(post)] == [3]
    assert await post.waiting(change) == []


async def test_a_report_of_refusals_whose_teller_slept_past_its_lease_is_taken_back(post: Post) -> None:
    await begun(post)
    await refuse(post)
    post.clock.advance(EVERY)
    sleeps, awake = on(post, Sleeps), gathering(post, "worker-2")
    post.with_client(sleeps)
    sleeping = asyncio.create_task(gathering(post).step())
    await asyncio.wait_for(sleeps.reached.wait(), 30)
    post.clock.advance(LEASE + timedelta(seconds=1))
    await awake.step()
    assert len(await post.in_audit()) == 1
    sleeps.go_on.set()
    await sleeping
    assert len(await post.in_audit()) == 1


async def test_a_card_asked_for_again_before_it_is_drawn_is_drawn_once(post: Post) -> None:
    """What it shows is read when its turn has come; an update that would draw the same is not sent."""
    change = await post.change()
    await post.put(change, CARD)
    asks = Asks(token="xoxb-1", base_url=post.client.base_url, session=post.client.session, retry_handlers=[])
    asks.ask = lambda: post.put(change, CARD)
    post.with_client(asks)
    await post.send()
    assert (asks.asked, asks.updates) == (1, 0)
    assert await post.waiting(change) == []
    assert len(await post.in_audit()) == 1


class Asks(AsyncWebClient):
    """The card is asked for once more between its claim and its drawing."""

    asked = updates = 0
    ask: Any

    async def conversations_info(self, **arguments: Any) -> Any:  # type: ignore[override]
        self.asked += 1
        if self.asked == 1:
            await self.ask()
        return await super().conversations_info(**arguments)

    async def chat_update(self, **arguments: Any) -> Any:  # type: ignore[override]
        self.updates += 1
        return await super().chat_update(**arguments)


async def test_a_card_that_was_deleted_is_posted_by_a_turn_of_its_channel(post: Post) -> None:
    """And the steps that wait go into the new card's thread."""
    change = await post.change()
    await post.put(change, CARD)
    await post.send()
    (card,) = await post.in_audit()
    await post.client.chat_delete(channel=AUDIT, ts=card["ts"])
    await post.put(change, CARD, STEP, STEP)
    for _ in range(3):
        await post.send()
        post.clock.advance(timedelta(minutes=20))
    assert await post.waiting(change) == []
    assert [len(entries(message)) for message in await thread(post)] == [2]
