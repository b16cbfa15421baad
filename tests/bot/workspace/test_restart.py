from pathlib import Path
from typing import Any

import pytest

from bot.workspace.sample import GENERAL, PEOPLE
from bot.workspace.store import FileStore
from tests.support.plain_app import PlainApp
from tests.support.screens import card, field, go_button, home, modal

HEIDI = PEOPLE["helpdesk_agent"]


async def test_started_again_it_finds_everything(start: Any, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "workspace.sqlite"
    async with start(store=FileStore(file)) as desk:
        app, heidi = PlainApp(desk, bot_token="xoxb-bot", app_token="xapp-app"), desk.member(HEIDI)
        async with app.connected():
            await app.call("chat.postMessage", channel=HEIDI, text="direct")
            parent = (await app.call("chat.postMessage", channel=GENERAL, **card()))["ts"]
            await app.call("chat.postMessage", channel=GENERAL, text="reply", thread_ts=parent)
            gone = (await app.call("chat.postMessage", channel=GENERAL, text="gone"))["ts"]
            await app.call("chat.delete", channel=GENERAL, ts=gone)
            await app.call("views.publish", user_id=HEIDI, view=home())
            await heidi.press(await heidi.wait_for_message(GENERAL, containing="Approve"), "Approve")
            actions = await app.wait_for_payload("block_actions")
            view = modal(field(), {"type": "actions", "elements": [go_button()]})
            await app.call("views.open", trigger_id=actions["trigger_id"], view=view)
            typed = {"why": {"reason": {"value": "typed"}}}
            await heidi.press(await heidi.wait_for_modal(), "Approve", state=typed)
            await heidi.speak("en-GB")
            await heidi.get("conversation", channel=GENERAL, mark="1")
        before = await heidi.messages(GENERAL)
        url = actions["response_url"].removeprefix(desk.url)
        await app.respond(desk.url + url, text="one of five")

    async with start(store=FileStore(file)) as desk:
        app, heidi = PlainApp(desk, bot_token="xoxb-bot", app_token="xapp-app"), desk.member(HEIDI)
        after = await heidi.messages(GENERAL)
        without_links = [[{**one, "permalink": ""} for one in side] for side in (before, after[:-1])]
        assert without_links[0] == without_links[1]
        assert [one["text"] for one in await heidi.thread(GENERAL, parent)] == ["card", "reply"]
        assert [one["text"] for one in await heidi.messages(heidi.direct)] == ["direct"]
        assert (await heidi.get("home"))["view"]["type"] == "home"
        modal_ = await heidi.wait_for_modal()
        assert modal_["state"]["values"]["why"]["reason"]["value"] == "typed"
        assert (await app.call("users.info", user=HEIDI, include_locale=True))["user"]["locale"] == "en-GB"
        for _ in range(4):
            assert (await app.respond(desk.url + url, text="x"))[0] == 200
        assert (await app.respond(desk.url + url, text="x"))[0] == 404
        assert (await heidi.get("conversation", channel=GENERAL))["channel"]["unread"] == 5
        newer = (await app.call("chat.postMessage", channel=GENERAL, text="later"))["ts"]
        assert newer > after[-1]["ts"]


async def test_a_taken_port_is_an_os_error(start: Any) -> None:
    async with start() as desk:
        with pytest.raises(OSError, match="in use"):
            async with start(port=desk.server.port):
                pass


async def test_a_store_that_cannot_be_opened_stops_the_start(start: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises((OSError, RuntimeError)):
        async with start(store=FileStore(blocked / "workspace.sqlite")):
            pass


async def test_the_last_write_of_a_record_wins_and_none_forgets(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "x.sqlite")
    assert await store.load() == {}
    for number in range(100):
        store.put("k", "a", {"n": number})
    store.put("k", "b", {"n": 1})
    await store.flush()
    store.put("k", "b", None)
    await store.aclose()
    again = FileStore(tmp_path / "x.sqlite")
    assert await again.load() == {"k": {"a": {"n": 99}}}
    await again.aclose()
