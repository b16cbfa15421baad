import asyncio
from typing import Any

import pytest

from bot.workspace.sample import AUDIT, GENERAL, PEOPLE, SHARED
from tests.support.plain_app import PlainApp
from tests.support.screens import card, field, go_button, modal, plain_text
from tests.support.workspace_client import Person, RunningWorkspace, UiError

HEIDI, NOAH, ERIK = PEOPLE["helpdesk_agent"], PEOPLE["none"], PEOPLE["external"]


@pytest.fixture
def heidi(desk: RunningWorkspace) -> Person:
    return desk.member(HEIDI)


async def test_boot_tells_what_the_page_needs(desk: RunningWorkspace) -> None:
    boot = await desk.get("boot")
    assert {one["id"] for one in boot["members"]} == set(PEOPLE.values())
    assert [one["name"] for one in boot["channels"]] == ["general", "approvals", "audit", "contoso-shared"]
    assert boot["commands"][0]["command"] == "/access"
    slack = boot["controls"].pop("slack")
    assert boot["controls"] == {"clock": True, "orders": ["timeout", "refused"]}
    assert slack["now"] == slack["kinds"][0] == "fine"
    assert boot["app"]["connected"] is False
    external = next(one for one in boot["members"] if one["id"] == ERIK)
    assert (external["external"], external["is_guest"]) == (True, False)
    assert all(set(one["title"]) == {"en", "de"} for one in boot["tasks"])


async def test_each_member_sees_their_own_conversations(desk: RunningWorkspace, heidi: Person) -> None:
    seen = (await heidi.get("conversations"))["conversations"]
    assert [one["id"] for one in seen][-1] == heidi.direct
    external = (await desk.member(ERIK).get("conversations"))["conversations"]
    assert [one["id"] for one in external] == [SHARED]
    lone = (await desk.member(PEOPLE["single_channel_guest"]).get("conversations"))["conversations"]
    assert [one["kind"] for one in lone] == ["channel", "im"]


async def test_unread_counts_others_messages_until_marked(app: PlainApp, desk: RunningWorkspace, heidi: Person) -> None:
    await heidi.send(GENERAL, "mine")
    await desk.member(NOAH).send(GENERAL, "theirs")
    await app.call("chat.postEphemeral", channel=GENERAL, user=HEIDI, text="x")
    assert (await heidi.get("conversation", channel=GENERAL))["channel"]["unread"] == 2
    assert (await heidi.get("conversation", channel=GENERAL, mark="1"))["channel"]["unread"] == 0
    other = (await desk.member(NOAH).get("conversation", channel=GENERAL))["channel"]["unread"]
    assert other == 0


async def test_text_is_escaped_and_names_become_mentions(heidi: Person) -> None:
    await heidi.send(GENERAL, "a < b & c, @noah: see #audit. @nobody x@noah")
    (message,) = await heidi.messages(GENERAL)
    assert message["text"] == f"a &lt; b &amp; c, <@{NOAH}>: see <#{AUDIT}|audit>. @nobody x@noah"


async def test_commands_are_refused_where_slack_refuses_them(
    listening: PlainApp, desk: RunningWorkspace, heidi: Person
) -> None:
    unknown = await heidi.send(GENERAL, "/foo bar")
    assert (unknown["ok"], unknown["error"]) == (False, "not_a_command")
    said = await desk.member(NOAH).send(GENERAL, "parent")
    in_thread = await heidi.send(GENERAL, "/access me", thread_ts=said["ts"])
    assert (in_thread["ok"], in_thread["error"]) == (False, "not_in_threads")
    assert (await heidi.thread(GENERAL, said["ts"]))[-1]["text"] == in_thread["text"]
    stranger = await desk.member(ERIK).send(SHARED, "/access me")
    assert stranger["error"] == "not_a_command"
    assert not [one for one in listening.envelopes if one["type"] != "events_api"]
    assert (await desk.member(PEOPLE["guest"]).send(GENERAL, "/access me"))["ok"]


async def test_command_text_is_escaped_where_the_manifest_says_so(listening: PlainApp, heidi: Person) -> None:
    await heidi.send(GENERAL, "/access grant @noah #audit A & B")
    text = (await listening.wait_for_payload("slash_commands"))["text"]
    assert text == f"grant <@{NOAH}> <#{AUDIT}|audit> A &amp; B"


async def test_a_button_with_a_dialog_wants_the_dialog(listening: PlainApp, heidi: Person) -> None:
    yes_no = {name: plain_text(name) for name in ("title", "text", "confirm", "deny")}
    await listening.call("chat.postMessage", channel=GENERAL, **card(go_button(confirm=yes_no)))
    message = await heidi.wait_for_message(GENERAL)
    with pytest.raises(UiError) as refused:
        await heidi.press(message, "Approve", confirmed=False)
    assert (refused.value.code, refused.value.body["confirm"]["title"]["text"]) == ("confirm_needed", "title")
    assert not [one for one in listening.envelopes if one["type"] != "events_api"]
    assert (await heidi.press(message, "Approve"))["ok"]


async def test_a_buttons_value_is_never_the_callers(listening: PlainApp, heidi: Person) -> None:
    await listening.call("chat.postMessage", channel=GENERAL, **card())
    message = await heidi.wait_for_message(GENERAL)
    container = {"type": "message", "channel": GENERAL, "ts": message["ts"]}
    await heidi.post("action", container=container, block_id="b", action_id="go", value="made up")
    assert (await listening.wait_for_payload("block_actions"))["actions"][0]["value"] == "req_01H"
    with pytest.raises(UiError):
        await heidi.post("action", container=container, block_id="b", action_id="other")


async def test_a_button_for_some_is_not_there_for_others(
    listening: PlainApp, desk: RunningWorkspace, heidi: Person
) -> None:
    await listening.call("chat.postMessage", channel=GENERAL, **card(go_button(visible_to_user_ids=[HEIDI])))
    message = await heidi.wait_for_message(GENERAL)
    assert (await heidi.press(message, "Approve"))["ok"]
    with pytest.raises(UiError) as refused:
        await desk.member(NOAH).press(message, "Approve")
    assert refused.value.code == "element_not_found"


async def test_menus_in_messages_send_state_and_remember_it(listening: PlainApp, heidi: Person) -> None:
    options = [{"text": plain_text(name), "value": name} for name in ("a", "b")]
    menu = {"type": "static_select", "action_id": "pick", "options": options, "initial_option": options[0]}
    overflow = {"type": "overflow", "action_id": "more", "options": options}
    await listening.call("chat.postMessage", channel=GENERAL, **card(menu, overflow, go_button()))
    message = await heidi.wait_for_message(GENERAL)
    await heidi.choose(message, "b", action_id="pick")
    await heidi.choose(message, "a", action_id="more")
    actions = await listening.wait_for_payload("block_actions")
    assert actions["actions"][0]["selected_option"]["value"] == "a"
    assert actions["state"]["values"]["b"]["pick"]["selected_option"]["value"] == "b"


async def test_only_inputs_that_dispatch_send_by_themselves(listening: PlainApp, heidi: Person) -> None:
    await listening.call("chat.postMessage", channel=GENERAL, **card())
    await heidi.press(await heidi.wait_for_message(GENERAL), "Approve")
    trigger_id = (await listening.wait_for_payload("block_actions"))["trigger_id"]
    view = modal(field("quiet"), field("loud", dispatch_action=True))
    await listening.call("views.open", trigger_id=trigger_id, view=view)
    shown = await heidi.wait_for_modal()
    loud, quiet = shown["blocks"][1], shown["blocks"][0]
    assert (await heidi.act(shown, loud, loud["element"], value="typed"))["ok"]
    assert (await listening.wait_for_payload("block_actions"))["actions"][0]["value"] == "typed"
    with pytest.raises(UiError) as refused:
        await heidi.act(shown, quiet, quiet["element"], value="typed")
    assert refused.value.code == "not_dispatched"


async def test_a_language_is_chosen_and_told_to_the_app(app: PlainApp, desk: RunningWorkspace, heidi: Person) -> None:
    await heidi.speak("en-US")
    assert (await app.call("users.info", user=HEIDI, include_locale=True))["user"]["locale"] == "en-US"
    members = (await desk.get("boot"))["members"]
    assert next(one["locale"] for one in members if one["id"] == HEIDI) == "en-US"


async def test_the_levers_move_the_demo(desk: RunningWorkspace, controls: Any, start: Any) -> None:
    before = (await desk.get("boot"))["now"]
    await desk.advance(3600)
    assert (await desk.get("boot"))["now"] > before
    await desk.fail_next_order("timeout")
    assert controls.failing == ["timeout"]
    async with start(controls=None) as bare:
        with pytest.raises(UiError) as refused:
            await bare.advance(1)
        assert (refused.value.status, refused.value.code) == (409, "no_controls")


async def test_the_stream_tells_each_member_what_they_may_see(
    listening: PlainApp, desk: RunningWorkspace, heidi: Person
) -> None:
    seen: list[tuple[str, Any]] = []
    ready = asyncio.Event()

    async def watch() -> None:
        async for name, data in heidi.events():
            seen.append((name, data))
            ready.set()
            if name == "clock":
                return

    watching = asyncio.ensure_future(watch())
    await ready.wait()
    await listening.call("chat.postEphemeral", channel=GENERAL, user=NOAH, text="not for her")
    ts = (await listening.call("chat.postMessage", channel=GENERAL, text="a"))["ts"]
    await listening.call("chat.postMessage", channel=GENERAL, text="b", thread_ts=ts)
    await listening.call("chat.update", channel=GENERAL, ts=ts, text="c")
    await listening.call("chat.delete", channel=GENERAL, ts=ts)
    await heidi.speak("en-US")
    await desk.advance(1)
    await asyncio.wait_for(watching, 5)
    assert [name for name, _ in seen] == [
        "ready",
        "message",
        "message",
        "message_changed",
        "message_changed",
        "message_deleted",
        "member_changed",
        "clock",
    ]
    assert seen[3][1]["message"]["reply_count"] == 1
    assert seen[1][1]["message"]["permalink"].startswith(desk.url)
