import asyncio
import contextlib
from typing import Any

import aiohttp
import pytest

from bot.workspace.sample import GENERAL, PEOPLE
from tests.support.plain_app import SILENT, PlainApp
from tests.support.screens import card
from tests.support.workspace_client import RunningWorkspace, wait_for

HEIDI, NOAH = PEOPLE["helpdesk_agent"], PEOPLE["none"]


async def test_hello_says_how_many_connections_there_are(listening: PlainApp, wire: Any) -> None:
    async with listening.connected():
        first, second = listening.frames
        assert set(first) == set(wire("socket.hello.json"))
        assert (first["num_connections"], second["num_connections"]) == (1, 2)


async def test_a_ticket_opens_one_connection(app: PlainApp, desk: RunningWorkspace) -> None:
    url = await app.ticket()
    async with desk.web.ws_connect(url) as socket:
        await socket.receive_json()
        for wrong in (url, url.replace("ticket=", "ticket=x"), (await app.ticket()).replace("app_id=", "app_id=x")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await desk.web.ws_connect(wrong)
            assert refused.value.status == 403


async def test_an_eleventh_connection_is_one_too_many(app: PlainApp, desk: RunningWorkspace) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(app.connected())
        async with desk.web.ws_connect(await app.ticket()) as socket:
            assert (await socket.receive_json())["reason"] == "too_many_websockets"
            assert (await socket.receive()).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}


async def test_each_envelope_goes_to_one_connection_in_turn(listening: PlainApp, desk: RunningWorkspace) -> None:
    other = PlainApp(desk, bot_token="xoxb-bot", app_token="xapp-app")
    async with other.connected():
        for _ in range(4):
            await desk.member(HEIDI).send(GENERAL, "/access")
    assert (len(listening.envelopes), len(other.envelopes)) == (2, 2)


async def test_a_command_without_an_ack_shows_slacks_own_error(listening: PlainApp, desk: RunningWorkspace) -> None:
    listening.answer = lambda _envelope: SILENT
    noah = desk.member(NOAH)
    answer = await noah.send(GENERAL, "/access me")
    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")
    said = await noah.wait_for_message(GENERAL, containing="/access failed with the error “operation_timeout”")
    assert (said["user"], said["ephemeral"]) == ("USLACKBOT", True)
    assert await desk.member(HEIDI).messages(GENERAL) == []


async def test_moving_the_clock_does_not_shorten_the_time_to_ack(listening: PlainApp, desk: RunningWorkspace) -> None:
    listening.answer = lambda _envelope: SILENT
    sending = asyncio.ensure_future(desk.member(NOAH).send(GENERAL, "/access me"))
    await listening.wait_for_payload("slash_commands")
    await desk.advance(3600)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(sending), 0.2)
    assert (await sending)["error"] == "operation_timeout"


async def test_without_an_app_a_command_and_a_press_fail_at_once(app: PlainApp, desk: RunningWorkspace) -> None:
    heidi = desk.member(HEIDI)
    answer = await heidi.send(GENERAL, "/access me")
    assert answer["error"] == "dispatch_failed"
    assert answer["text"] == "/access ist mit dem Fehler „dispatch_failed“ fehlgeschlagen"
    await app.call("chat.postMessage", channel=GENERAL, **card())
    pressed = await heidi.press(await heidi.wait_for_message(GENERAL, containing="Approve"), "Approve")
    assert (pressed["ok"], pressed["error"]) == (False, "dispatch_failed")


async def test_an_ack_may_come_over_another_connection(app: PlainApp, desk: RunningWorkspace) -> None:
    async with desk.web.ws_connect(await app.ticket()) as first, desk.web.ws_connect(await app.ticket()) as second:
        await first.receive_json()
        await second.receive_json()
        sending = asyncio.ensure_future(desk.member(NOAH).send(GENERAL, "/access me"))
        done, waiting = await asyncio.wait(
            [asyncio.ensure_future(first.receive_json()), asyncio.ensure_future(second.receive_json())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        envelope = done.pop().result()
        for one in (first, second):
            await one.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await sending)["ok"]
        for one in waiting:
            one.cancel()


async def test_a_connection_that_is_told_to_refresh_gets_nothing_more(
    listening: PlainApp, desk: RunningWorkspace, wire: Any
) -> None:
    socket = desk.server.workspace.socket
    await socket.disconnect("warning")
    assert (await desk.member(NOAH).send(GENERAL, "/access me"))["ok"]
    await socket.disconnect("refresh_requested")
    assert (await desk.member(NOAH).send(GENERAL, "/access me"))["error"] == "dispatch_failed"
    other = PlainApp(desk, bot_token="xoxb-bot", app_token="xapp-app")
    async with other.connected():
        assert (await desk.member(NOAH).send(GENERAL, "/access me"))["ok"]

    async def told() -> bool:
        return [one.get("reason") for one in listening.frames[1:]] == ["warning", "refresh_requested"]

    await wait_for(told)
    assert set(listening.frames[-1]) == set(wire("socket.disconnect.refresh_requested.json"))


async def test_frames_that_make_no_sense_are_survived(app: PlainApp, desk: RunningWorkspace) -> None:
    async with desk.web.ws_connect(await app.ticket()) as socket:
        await socket.receive_json()
        for nonsense in ("not json", "[]", "3", '{"envelope_id": "unknown"}', '{"envelope_id": {}}'):
            await socket.send_str(nonsense)
        sending = asyncio.ensure_future(desk.member(NOAH).send(GENERAL, "/access me"))
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await sending)["ok"]


async def test_an_event_comes_again_three_times_with_the_same_id(listening: PlainApp, desk: RunningWorkspace) -> None:
    listening.answer = lambda _envelope: SILENT
    await desk.member(HEIDI).post("home")

    async def four() -> bool:
        return len(listening.envelopes) == 4

    await wait_for(four)
    assert [one["retry_attempt"] for one in listening.envelopes] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in listening.envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({one["payload"]["event_id"] for one in listening.envelopes}) == 1
    assert len({one["envelope_id"] for one in listening.envelopes}) == 4


@pytest.mark.parametrize(
    ("ack", "seen_by_others", "text"),
    [
        ({"text": "hi"}, False, "hi"),
        ({"text": "hi", "response_type": "in_channel"}, True, "hi"),
        ({"response_type": "in_channel"}, True, "/access me"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "block"}}]}, False, "block"),
    ],
)
async def test_an_ack_may_carry_the_answer(
    listening: PlainApp, desk: RunningWorkspace, *, ack: dict[str, Any], seen_by_others: bool, text: str
) -> None:
    listening.answer = lambda _envelope: ack
    assert (await desk.member(NOAH).send(GENERAL, "/access me"))["ok"]
    await desk.member(NOAH).wait_for_message(GENERAL, containing=text)
    assert bool(await desk.member(HEIDI).messages(GENERAL)) is seen_by_others


async def test_an_answer_that_slack_would_not_show_is_an_error(listening: PlainApp, desk: RunningWorkspace) -> None:
    listening.answer = lambda _envelope: {"blocks": [{"type": "shiny"}]}
    assert (await desk.member(NOAH).send(GENERAL, "/access me"))["error"] == "invalid_blocks"
