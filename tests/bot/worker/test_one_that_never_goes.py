"""One message that Slack never takes, or one conversation that it throttles, keeps nothing else back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.changes import Change
from bot.domain.people import Actor
from bot.worker.mending import Mending
from bot.workspace.sample import PEOPLE, TEAM
from storage.records import OutboxKind
from tests.bot.worker.conftest import Post
from tests.support import made

CARD, STEP, NOTICE = OutboxKind.CARD, OutboxKind.STEP, OutboxKind.NOTICE
STEP_SECONDS: Final = 5.0

Fails = Callable[[AsyncWebClient], Exception]


class Spiteful(AsyncWebClient):
    """Refuses to post what `meets`, in the way of `fails`; all else goes through."""

    meets: Callable[[dict[str, Any]], bool]
    fails: Fails

    async def chat_postMessage(self, **arguments: Any) -> Any:  # noqa: N802 - slack_sdk's name
        if self.meets(arguments):
            raise self.fails(self)
        return await super().chat_postMessage(**arguments)


def answered(code: str, status: int = 200, headers: dict[str, str] | None = None) -> Fails:
    """As slack_sdk raises what Slack refused."""

    def made_(client: AsyncWebClient) -> Exception:
        response = AsyncSlackResponse(
            client=client,
            http_verb="POST",
            api_url="chat.postMessage",
            req_args={},
            data={"ok": False, "error": code},
            headers=headers or {},
            status_code=status,
        )
        return SlackApiError(code, response)  # type: ignore[no-untyped-call]

    return made_


def silence(_: AsyncWebClient) -> Exception:
    """No answer."""
    return TimeoutError()


def of(change: Change) -> Callable[[dict[str, Any]], bool]:
    """What is about a change."""
    return lambda arguments: arguments["metadata"]["event_payload"]["change"] == change.id


async def spite(post: Post, meets: Callable[[dict[str, Any]], bool], fails: Fails) -> None:
    client = Spiteful(token="xoxb-1", base_url=post.client.base_url, session=post.client.session)
    client.meets, client.fails = meets, fails
    post.with_client(client)


async def passing(post: Post, *, seconds: float) -> None:
    """The worker for so long: the outbox and its mending."""
    mending = Mending(desk=post.desk)
    for _ in range(int(seconds / STEP_SECONDS)):
        await post.send()
        await mending.step()
        post.clock.advance(timedelta(seconds=STEP_SECONDS))
    await post.send()


@pytest.mark.parametrize("fails", [silence, answered("internal_error")])
async def test_a_card_that_slack_never_answers_for_does_not_hold_up_its_channel(post: Post, fails: Fails) -> None:
    """It is tried again and again, for as long as it takes; what comes after it goes out meanwhile."""
    never, other = await post.change(subscription="s-1"), await post.change(subscription="s-2")
    await spite(post, of(never), fails)
    await post.put(never, CARD)
    await post.put(other, CARD, STEP)
    await passing(post, seconds=120)
    assert await post.waiting(other) == []
    assert [each.kind for each in await post.waiting(never)] == [CARD]


async def test_a_conversation_that_slack_throttles_holds_up_no_other(post: Post) -> None:
    """Retry-After of one channel is that channel's: others get theirs within seconds."""
    adele = Actor(team_id=TEAM.id, user_id=PEOPLE["admin_agent"])
    svens = await post.change(subscription="s-1")
    async with post.desk.database.write() as tx:
        adeles = await tx.changes.add(made.change(tx, subscription="s-2", team_id=TEAM.id, asker=adele))
    await spite(post, of(svens), answered("ratelimited", 429, {"Retry-After": "300"}))
    await post.put(svens, NOTICE)
    await post.send()
    await post.put(adeles, NOTICE)
    await passing(post, seconds=10)
    assert await post.waiting(adeles) == []
    assert [each.kind for each in await post.waiting(svens)] == [NOTICE]


@pytest.mark.parametrize("fails", [answered("invalid_blocks"), lambda _: KeyError("a defect of ours")])
async def test_a_card_that_slack_does_not_take_gives_way_to_a_line_and_its_steps_go_on(
    post: Post, fails: Fails
) -> None:
    """The line names the change and carries the card's metadata; the steps stand in its thread."""
    change = await post.change()
    about = of(change)
    await spite(post, lambda arguments: about(arguments) and bool(arguments["blocks"]), fails)
    await post.put(change, CARD)
    await passing(post, seconds=900)
    assert await post.waiting(change) == []
    (line,) = await post.in_audit()
    assert change.number in line["text"]
    await spite(post, lambda _: False, fails)
    await post.put(change, STEP, CARD)
    await passing(post, seconds=30)
    assert await post.waiting(change) == []
    (drawn,) = await post.in_audit()
    assert (drawn["ts"], drawn["reply_count"]) == (line["ts"], 1)
    assert drawn["blocks"]


async def test_the_steps_of_a_card_that_was_given_up_are_given_up_too_and_counted(post: Post) -> None:
    """They would wait for ever. The next thing that happens to the change has its card drawn anew."""
    change = await post.change()
    await spite(post, of(change), answered("invalid_blocks"))
    await post.put(change, CARD, STEP)
    await passing(post, seconds=2 * 3600)
    assert await post.waiting(change) == []
    async with post.desk.database.read() as tx:
        assert (await tx.outbox.depth()).dead == 2
    await spite(post, lambda _: False, silence)
    await post.put(change, CARD, STEP)
    await passing(post, seconds=30)
    (card,) = await post.in_audit()
    assert card["reply_count"] == 1
