"""What an app is sent has exactly the fields of Slack's documentation (../shared/wire/slack)."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.workspace.sample import GENERAL, OTHER_TEAM, PEOPLE, SHARED, TEAM
from tests.support.plain_app import PlainApp
from tests.support.screens import card, field, go_button, home, modal, plain_text
from tests.support.workspace_client import RunningWorkspace, wait_for

Json = dict[str, Any]
Wire = Callable[[str], Any]
HEIDI, ERIK = PEOPLE["helpdesk_agent"], PEOPLE["external"]


def same_shape(ours: Any, slacks: Any, *, at: str = "", apart: frozenset[str] = frozenset()) -> None:
    """The same keys at every depth and the same kinds of values, except under the keys of `apart`."""
    if isinstance(slacks, dict):
        assert isinstance(ours, dict), at
        assert set(ours) == set(slacks), f"{at}: {set(ours) ^ set(slacks)}"
        for name, value in slacks.items():
            if name not in apart:
                same_shape(ours[name], value, at=f"{at}/{name}", apart=apart)
    else:
        assert type(ours) is type(slacks), at


async def pressed(app: PlainApp, desk: RunningWorkspace, channel: str, member: str) -> Json:
    await app.call("chat.postMessage", channel=channel, **card())
    person = desk.member(member)
    await person.press(await person.wait_for_message(channel, containing="Approve"), "Approve")
    return await app.wait_for_payload("block_actions")


async def open_modal(app: PlainApp, desk: RunningWorkspace, view: Json, member: str = HEIDI) -> Json:
    actions = await pressed(app, desk, GENERAL if member == HEIDI else SHARED, member)
    return await app.call("views.open", trigger_id=actions["trigger_id"], view=view)


async def test_a_slash_command(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    await desk.member(HEIDI).send(GENERAL, "/access grant me")
    (envelope,) = listening.envelopes
    slacks = wire("socket.envelope.slash_commands.json")
    only_enterprise = {"enterprise_id", "enterprise_name"}
    slacks["payload"] = {key: value for key, value in slacks["payload"].items() if key not in only_enterprise}
    same_shape(envelope, slacks)
    assert envelope["payload"]["text"] == "grant me"
    assert envelope["payload"]["channel_name"] == "general"


async def test_a_press_in_a_message(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    payload = await pressed(listening, desk, GENERAL, HEIDI)
    same_shape(payload, wire("block_actions.message_button.json"))
    same_shape(listening.envelopes[-1], wire("socket.envelope.interactive.block_actions.json"))
    assert payload["user"]["team_id"] == payload["team"]["id"] == TEAM.id
    assert payload["actions"][0]["value"] == "req_01H"


async def test_a_press_in_an_ephemeral_message_does_not_show_the_message(
    listening: PlainApp, desk: RunningWorkspace, wire: Wire
) -> None:
    await listening.call("chat.postEphemeral", channel=GENERAL, user=HEIDI, **card())
    heidi = desk.member(HEIDI)
    await heidi.press(await heidi.wait_for_message(GENERAL, containing="Approve"), "Approve")
    payload = await listening.wait_for_payload("block_actions")
    same_shape(payload, wire("block_actions.ephemeral_button.json"))
    assert payload["container"]["is_ephemeral"] is True


async def test_a_press_from_another_organisation_says_so(
    listening: PlainApp, desk: RunningWorkspace, wire: Wire
) -> None:
    payload = await pressed(listening, desk, SHARED, ERIK)
    same_shape(payload, wire("block_actions.slack_connect_external_user.json"))
    assert payload["team"]["id"] == TEAM.id
    assert payload["user"]["team_id"] == OTHER_TEAM.id


async def test_a_choice_in_a_modal(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    option = {"text": plain_text("Admin"), "value": "admin"}
    select = {"type": "static_select", "action_id": "role", "placeholder": plain_text("Pick"), "options": [option]}
    view = modal({"type": "actions", "block_id": "b1", "elements": [select]}, field())
    await open_modal(listening, desk, view)
    heidi = desk.member(HEIDI)
    await heidi.choose(await heidi.wait_for_modal(), "Admin")
    payload = await listening.wait_for_payload("block_actions")
    same_shape(payload, wire("block_actions.modal_select.json"), apart=frozenset({"blocks", "values"}))
    assert payload["view"]["state"]["values"]["b1"]["role"]["selected_option"]["value"] == "admin"


async def test_a_press_on_the_home(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    await listening.call("views.publish", user_id=HEIDI, view=home({"type": "actions", "elements": [button()]}))
    heidi = desk.member(HEIDI)
    view = (await heidi.get("home"))["view"]
    await heidi.press(view, "Approve")
    payload = await listening.wait_for_payload("block_actions")
    slacks = wire("block_actions.home_tab.json") | {"enterprise": None, "is_enterprise_install": False}
    same_shape(payload, slacks, apart=frozenset({"blocks"}))
    assert payload["view"]["type"] == "home"


def button() -> Json:
    plain = go_button()
    del plain["style"], plain["value"]
    return plain


async def test_a_submission(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    example = wire("view_objects.examples.json")["modal"]
    await open_modal(listening, desk, example)
    await desk.member(HEIDI).submit({"Reason": "On-call this week", "Post to": GENERAL})
    payload = await listening.wait_for_payload("view_submission")
    same_shape(payload, wire("view_submission.json"))
    same_shape(listening.envelopes[-1], wire("socket.envelope.interactive.view_submission.json"))
    assert payload["response_urls"][0]["channel_id"] == GENERAL
    status, _ = await listening.respond(payload["response_urls"][0]["response_url"], text="to the channel")
    assert status == 200


async def test_a_submission_from_another_organisation_names_the_installed_team(
    listening: PlainApp, desk: RunningWorkspace
) -> None:
    await open_modal(listening, desk, modal(), ERIK)
    await desk.member(ERIK).submit({"why": "because"})
    payload = await listening.wait_for_payload("view_submission")
    assert payload["team"]["id"] == payload["user"]["team_id"] == payload["view"]["team_id"] == OTHER_TEAM.id
    assert payload["view"]["app_installed_team_id"] == TEAM.id


async def test_a_closed_modal(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    await open_modal(listening, desk, wire("view_objects.examples.json")["modal"])
    await desk.member(HEIDI).close()
    same_shape(await listening.wait_for_payload("view_closed"), wire("view_closed.json"))


async def test_the_answer_of_views_open(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    answer = await open_modal(listening, desk, wire("view_objects.examples.json")["modal"])
    same_shape(answer, wire("api.views_open.response.json"))


async def test_a_suggestion(listening: PlainApp, desk: RunningWorkspace, wire: Wire) -> None:
    select = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    view = modal({"type": "input", "block_id": "w", "label": plain_text("Who"), "element": select})
    await open_modal(listening, desk, view)
    listening.answer = lambda _envelope: wire("block_suggestion.responses.json")["options"]
    heidi = desk.member(HEIDI)
    answer = await heidi.suggest(await heidi.wait_for_modal(), "who", "tech")
    assert answer["options"][0]["value"] == "AI-2323"
    payload = await listening.wait_for_payload("block_suggestion")
    slacks = wire("block_suggestion.modal.json")
    slacks["user"]["username"] = ""
    slacks["is_enterprise_install"] = False
    slacks["token"] = ""
    slacks["view"]["close"] = {"type": "plain_text", "text": "x", "emoji": True}
    same_shape(payload, slacks, apart=frozenset({"blocks", "values"}))
    assert payload["value"] == "tech"
    assert (await heidi.submit({"Who": "AI-2323"}))["ok"]


@pytest.mark.parametrize(
    ("kind", "name"), [("shortcut", "shortcut.global.json"), ("message_action", "shortcut.message_action.json")]
)
async def test_a_shortcut(listening: PlainApp, desk: RunningWorkspace, wire: Wire, kind: str, name: str) -> None:
    heidi = desk.member(HEIDI)
    said = await heidi.send(GENERAL, "hello")
    callback_id = "request_access" if kind == "shortcut" else "report_message"
    assert (await heidi.post("shortcut", callback_id=callback_id, channel=GENERAL, ts=said["ts"]))["ok"]
    same_shape(await listening.wait_for_payload(kind), wire(name), apart=frozenset({"message"}))


async def test_the_home_opened_before_and_after_it_is_published(
    listening: PlainApp, desk: RunningWorkspace, wire: Wire
) -> None:
    heidi = desk.member(HEIDI)
    assert (await heidi.post("home"))["view"] is None
    assert "view" not in (await listening.wait_for_payload("event_callback"))["event"]
    await listening.call("views.publish", user_id=HEIDI, view=home())
    listening.envelopes.clear()
    await heidi.post("home")
    payload = await listening.wait_for_payload("event_callback")
    same_shape(payload, wire("event.app_home_opened.json"), apart=frozenset({"blocks"}))
    same_shape(listening.envelopes[-1], wire("socket.envelope.events_api.json"), apart=frozenset({"event"}))


async def test_messages_are_events_only_where_the_app_is(
    listening: PlainApp, desk: RunningWorkspace, wire: Wire
) -> None:
    await desk.member(HEIDI).send(GENERAL, "hello")
    payload = await listening.wait_for_payload("event_callback")
    slacks = wire("event.message_channel.json")
    del slacks["event"]["blocks"]
    same_shape(payload, slacks)


async def test_a_message_from_another_organisation_names_both_teams(
    listening: PlainApp, desk: RunningWorkspace
) -> None:
    await desk.member(ERIK).send(SHARED, "hello")
    payload = await listening.wait_for_payload("event_callback")
    assert payload["team_id"] == payload["event"]["source_team"] == OTHER_TEAM.id
    assert payload["authorizations"][0]["team_id"] == payload["context_team_id"] == TEAM.id
    assert payload["is_ext_shared_channel"] is True


async def test_changes_and_deletions_are_events(listening: PlainApp, wire: Wire) -> None:
    ts = (await listening.call("chat.postMessage", channel=GENERAL, text="a"))["ts"]
    await listening.call("chat.update", channel=GENERAL, ts=ts, text="b")
    await listening.call("chat.delete", channel=GENERAL, ts=ts)
    for kind in ("message_changed", "message_deleted"):
        found = await wait_for_subtype(listening, kind)
        same_shape(found, wire(f"event.{kind}.json"), apart=frozenset({"message", "previous_message"}))


async def wait_for_subtype(app: PlainApp, kind: str) -> Json:
    async def look() -> Json | None:
        events = [one["payload"] for one in app.envelopes]
        return next((one for one in events if one["event"].get("subtype") == kind), None)

    found: Json = await wait_for(look, wanted=kind)
    return found
