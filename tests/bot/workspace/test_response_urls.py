from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clock import ShiftedClock
from bot.workspace.sample import GENERAL, PEOPLE
from tests.support.plain_app import PlainApp
from tests.support.screens import card
from tests.support.workspace_client import Person, RunningWorkspace

HEIDI, NOAH = PEOPLE["helpdesk_agent"], PEOPLE["none"]


@pytest.fixture
def heidi(desk: RunningWorkspace) -> Person:
    return desk.member(HEIDI)


async def of_command(app: PlainApp, person: Person) -> str:
    await person.send(GENERAL, "/access me")
    url: str = (await app.wait_for_payload("slash_commands"))["response_url"]
    return url


async def of_press(app: PlainApp, person: Person, *, ephemeral: bool) -> str:
    if ephemeral:
        await app.call("chat.postEphemeral", channel=GENERAL, user=person.id, **card())
    else:
        await app.call("chat.postMessage", channel=GENERAL, **card())
    await person.press(await person.wait_for_message(GENERAL, containing="Approve"), "Approve")
    url: str = (await app.wait_for_payload("block_actions"))["response_url"]
    return url


async def texts(person: Person) -> list[str]:
    return [one["text"] for one in await person.messages(GENERAL)]


async def test_it_works_five_times(listening: PlainApp, heidi: Person) -> None:
    url = await of_command(listening, heidi)
    assert (await listening.respond(url, blocks=[{"type": "shiny"}]))[0] == 400
    for number in range(5):
        assert await listening.respond(url, text=str(number)) == (200, "ok")
    assert await listening.respond(url, text="six") == (404, '{"ok":false,"error":"used_url"}')
    assert await texts(heidi) == ["0", "1", "2", "3", "4"]


async def test_it_works_for_thirty_minutes(listening: PlainApp, heidi: Person, clock: ShiftedClock) -> None:
    url = await of_command(listening, heidi)
    clock.advance(timedelta(minutes=29))
    assert (await listening.respond(url, text="x"))[0] == 200
    clock.advance(timedelta(minutes=1, seconds=1))
    assert await listening.respond(url, text="x") == (404, '{"ok":false,"error":"expired_url"}')
    assert (await listening.respond(url + "x", text="x"))[0] == 404


async def test_it_is_ephemeral_unless_it_says_in_channel(
    listening: PlainApp, heidi: Person, desk: RunningWorkspace
) -> None:
    url = await of_command(listening, heidi)
    await listening.respond(url, text="whispered")
    await listening.respond(url, text="said", response_type="in_channel")
    assert await texts(heidi) == ["whispered", "said"]
    assert await texts(desk.member(NOAH)) == ["said"]


@pytest.mark.parametrize("ephemeral", [True, False])
async def test_it_replaces_or_deletes_the_message_that_was_pressed(
    listening: PlainApp, heidi: Person, *, ephemeral: bool
) -> None:
    url = await of_press(listening, heidi, ephemeral=ephemeral)
    await listening.respond(url, text="locked", replace_original=True)
    (message,) = await heidi.messages(GENERAL)
    assert (message["text"], message["ephemeral"], "blocks" in message) == ("locked", ephemeral, False)
    await listening.respond(url, delete_original=True)
    assert await texts(heidi) == []
    assert (await listening.respond(url, text="x", replace_original=True))[0] == 404


async def test_deleting_with_a_text_deletes_and_then_posts(listening: PlainApp, heidi: Person) -> None:
    url = await of_press(listening, heidi, ephemeral=False)
    await listening.respond(url, delete_original=True, text="instead")
    (message,) = await heidi.messages(GENERAL)
    assert (message["text"], message["ephemeral"]) == ("instead", True)


async def test_it_can_answer_in_the_thread(listening: PlainApp, heidi: Person) -> None:
    url = await of_press(listening, heidi, ephemeral=False)
    (parent,) = await heidi.messages(GENERAL)
    body: dict[str, Any] = {"response_type": "in_channel", "replace_original": False, "thread_ts": parent["ts"]}
    await listening.respond(url, text="reply", **body)
    assert [one["text"] for one in await heidi.thread(GENERAL, parent["ts"])] == ["card", "reply"]
    assert (await heidi.messages(GENERAL))[0]["reply_count"] == 1


async def test_a_body_that_is_no_object_is_refused(listening: PlainApp, heidi: Person, desk: RunningWorkspace) -> None:
    url = await of_command(listening, heidi)
    for body in (b"not json", b"[]", b'"text"', b"{}"):
        async with desk.web.post(url, data=body) as response:
            assert response.status == 400
