import dataclasses
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clock import ShiftedClock
from bot.workspace.config import WorkspaceConfig
from bot.workspace.sample import APPROVALS, AUDIT, GENERAL, PEOPLE, SHARED, TEAM
from tests.support.plain_app import PlainApp
from tests.support.screens import card, home
from tests.support.workspace_client import RunningWorkspace

HEIDI, ERIK = PEOPLE["helpdesk_agent"], PEOPLE["external"]
BOT, APP = "xoxb-bot", "xapp-app"


async def test_auth_test_answers_as_slack_does(app: PlainApp, wire: Callable[[str], Any]) -> None:
    response, answer = await app.call_raw("auth.test")
    assert set(answer) == set(wire("api.auth_test.response.json"))
    assert answer["team_id"] == TEAM.id
    assert "chat:write" in response.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("auth.test", "", "not_authed"),
        ("auth.test", APP, "not_allowed_token_type"),
        ("apps.connections.open", BOT, "not_allowed_token_type"),
        ("chat.scheduleMessage", BOT, "unknown_method"),
        ("reactions.add", BOT, "unknown_method"),
    ],
)
async def test_a_call_is_refused_under_slacks_name(desk: RunningWorkspace, method: str, token: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with desk.web.post(f"{desk.api_url}{method}", headers=headers) as response:
        assert response.status == 200
        answer = await response.json()
        assert (answer["ok"], answer["error"]) == (False, error)


async def test_arguments_come_by_query_form_or_json_and_the_token_too(desk: RunningWorkspace) -> None:
    url = f"{desk.api_url}users.info"
    async with desk.web.get(url, params={"token": BOT, "user": HEIDI, "include_locale": "true"}) as response:
        assert (await response.json())["user"]["locale"] == "de-DE"
    async with desk.web.post(url, data={"token": BOT, "user": HEIDI}) as response:
        assert "locale" not in (await response.json())["user"]
    form = {"token": BOT, "channel": GENERAL, "blocks": json.dumps(card()["blocks"])}
    async with desk.web.post(f"{desk.api_url}chat.postMessage", data=form) as response:
        assert (await response.json())["message"]["blocks"][0]["block_id"] == "b"
    broken = {"token": BOT, "channel": GENERAL, "blocks": "[{"}
    async with desk.web.post(f"{desk.api_url}chat.postMessage", data=broken) as response:
        assert (await response.json())["error"] == "invalid_blocks_format"


async def test_a_missing_scope_is_named(start: Any, config: WorkspaceConfig) -> None:
    poor = dataclasses.replace(config.manifest, scopes=frozenset({"commands"}))
    async with start(config=dataclasses.replace(config, manifest=poor)) as desk:
        app = PlainApp(desk, bot_token=BOT, app_token=APP)
        answer = await app.call("chat.postMessage", channel=GENERAL, text="x")
        assert answer == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "commands"}
        assert (await app.call("conversations.history", channel=GENERAL))["needed"] == "channels:history"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": "x"}, "invalid_arguments"),
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL}, "no_text"),
        ({"channel": GENERAL, "blocks": [{"type": "shiny"}]}, "invalid_blocks"),
        ({"channel": GENERAL, "text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"channel": ERIK, "text": "x"}, "channel_not_found"),
    ],
)
async def test_a_message_is_refused_as_slack_refuses_it(app: PlainApp, arguments: dict[str, Any], error: str) -> None:
    answer = await app.call("chat.postMessage", **arguments)
    assert (answer["ok"], answer["error"]) == (False, error)


async def test_bad_blocks_are_answered_with_lines_and_pointers(app: PlainApp, wire: Callable[[str], Any]) -> None:
    text = {"type": "mrkdwn", "text": "x" * 3001}
    answer = await app.call("chat.postMessage", channel=GENERAL, blocks=[{"type": "section", "text": text}])
    assert answer == wire("api.errors.json")["invalid_blocks"]


async def test_an_app_posts_where_it_is_or_where_it_may_without_being_there(
    start: Any, config: WorkspaceConfig
) -> None:
    absent = tuple(dataclasses.replace(one, bot_is_member=False) for one in config.channels)
    silent = dataclasses.replace(config.manifest, scopes=config.manifest.scopes - {"chat:write.public"})
    async with start(config=dataclasses.replace(config, channels=absent, manifest=silent)) as desk:
        app = PlainApp(desk, bot_token=BOT, app_token=APP)
        assert (await app.call("chat.postMessage", channel=AUDIT, text="x"))["error"] == "not_in_channel"
        assert (await app.call("conversations.join", channel=AUDIT))["ok"]
        assert (await app.call("chat.postMessage", channel=AUDIT, text="x"))["ok"]
    async with start(config=dataclasses.replace(config, channels=absent)) as desk:
        app = PlainApp(desk, bot_token=BOT, app_token=APP)
        assert (await app.call("chat.postMessage", channel=AUDIT, text="x"))["ok"]
        history = await app.call("conversations.history", channel=AUDIT)
        assert history["error"] == "not_in_channel"


async def test_a_member_id_is_a_direct_message_but_not_for_an_update(app: PlainApp) -> None:
    posted = await app.call("chat.postMessage", channel=HEIDI, text="x")
    opened = await app.call("conversations.open", users=HEIDI)
    assert posted["channel"] == opened["channel"]["id"]
    assert posted["channel"].startswith("D")
    by_user = await app.call("chat.update", channel=HEIDI, ts=posted["ts"], text="y")
    assert by_user["error"] == "channel_not_found"
    assert (await app.call("chat.update", channel=posted["channel"], ts=posted["ts"], text="y"))["ok"]


async def test_an_update_without_blocks_removes_them_and_keeps_the_metadata(app: PlainApp) -> None:
    metadata = {"event_type": "change", "event_payload": {"id": "1"}}
    ts = (await app.call("chat.postMessage", channel=AUDIT, **card(), metadata=metadata))["ts"]
    updated = await app.call("chat.update", channel=AUDIT, ts=ts, text="done")
    assert "blocks" not in updated["message"]
    assert updated["message"]["metadata"] == metadata
    assert updated["message"]["edited"]
    cleared = await app.call("chat.update", channel=AUDIT, ts=ts, text="done", metadata={})
    assert "metadata" not in cleared["message"]
    assert (await app.call("chat.update", channel=AUDIT, ts=ts))["error"] == "no_text"
    assert (await app.call("chat.update", channel=AUDIT, ts=ts, text="x" * 4001))["error"] == "msg_too_long"


async def test_only_own_and_lasting_messages_can_be_changed(app: PlainApp, desk: RunningWorkspace) -> None:
    said = await desk.member(HEIDI).send(GENERAL, "mine")
    for method, error in (("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")):
        assert (await app.call(method, channel=GENERAL, ts=said["ts"], text="x"))["error"] == error
    whisper = await app.call("chat.postEphemeral", channel=GENERAL, user=HEIDI, text="x")
    refused = await app.call("chat.update", channel=GENERAL, ts=whisper["message_ts"], text="y")
    assert refused["error"] == "message_not_found"
    refused = await app.call("chat.postEphemeral", channel=AUDIT, user=PEOPLE["guest"], text="x")
    assert refused["error"] == "user_not_in_channel"


async def test_one_message_a_second_for_each_channel(start: Any, config: WorkspaceConfig, clock: ShiftedClock) -> None:
    async with start(config=dataclasses.replace(config, message_burst=3)) as desk:
        app = PlainApp(desk, bot_token=BOT, app_token=APP)
        for _ in range(3):
            assert (await app.call("chat.postMessage", channel=AUDIT, text="x"))["ok"]
        response, answer = await app.call_raw("chat.postMessage", channel=AUDIT, text="x")
        assert (response.status, response.headers["Retry-After"]) == (429, "1")
        assert answer == {"ok": False, "error": "ratelimited"}
        assert (await app.call("chat.postMessage", channel=APPROVALS, text="x"))["ok"]
        clock.advance(timedelta(seconds=1))
        assert (await app.call("chat.postMessage", channel=AUDIT, text="x"))["ok"]
        assert (await app.call_raw("chat.postMessage", channel=AUDIT, text="x"))[0].status == 429


async def test_a_tier_counts_for_its_method_alone(app: PlainApp) -> None:
    for _ in range(20):
        assert (await app.call("usergroups.list"))["ok"]
    response, _ = await app.call_raw("usergroups.list")
    assert response.status == 429
    assert (await app.call("users.list"))["ok"]


async def test_lists_come_in_pages(app: PlainApp) -> None:
    found: list[str] = []
    cursor = ""
    while True:
        answer = await app.call("users.list", limit=4, cursor=cursor)
        found += [one["id"] for one in answer["members"]]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert len(found) == len(set(found)) == len(PEOPLE) + 2
    assert (await app.call("users.list", cursor="nonsense"))["error"] == "invalid_cursor"
    assert (await app.call("users.list", limit=5000))["error"] == "invalid_limit"


async def test_a_user_is_told_as_slack_tells(app: PlainApp, wire: Callable[[str], Any]) -> None:
    user = (await app.call("users.info", user=HEIDI, include_locale=True))["user"]
    slacks = wire("api.users_info.response.json")["user"]
    del slacks["enterprise_user"]
    assert set(user) == set(slacks)
    assert set(slacks["profile"]) - set(user["profile"]) == {"image_24", "image_48", "image_192"}
    stranger = (await app.call("users.info", user=ERIK, include_locale=True))["user"]
    assert stranger["team_id"] != TEAM.id
    assert "locale" not in stranger
    guest = (await app.call("users.info", user=PEOPLE["single_channel_guest"]))["user"]
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    assert (await app.call("users.info", user="U0NOBODY"))["error"] == "user_not_found"
    found = await app.call("users.lookupByEmail", email=user["profile"]["email"].upper())
    assert found["user"]["id"] == HEIDI
    assert (await app.call("users.lookupByEmail", email="no@body"))["error"] == "users_not_found"
    assert (await app.call("users.info", user="USLACKBOT"))["user"]["is_bot"] is False


async def test_conversations_tell_who_is_in_them_and_whether_others_are(app: PlainApp) -> None:
    shared = (await app.call("conversations.info", channel=SHARED))["channel"]
    assert shared["is_ext_shared"] is True
    assert ERIK in (await app.call("conversations.members", channel=SHARED))["members"]
    listed = await app.call("conversations.list", types="public_channel,im")
    assert {GENERAL, AUDIT} <= {one["id"] for one in listed["channels"]}
    assert (await app.call("conversations.list", types="party"))["error"] == "invalid_types"
    assert (await app.call("usergroups.users.list", usergroup="S0APPROVE1"))["users"]


async def test_history_and_replies_tell_metadata_when_asked(app: PlainApp) -> None:
    metadata = {"event_type": "change", "event_payload": {"id": "1"}}
    parent = (await app.call("chat.postMessage", channel=AUDIT, text="card", metadata=metadata))["ts"]
    await app.call("chat.postMessage", channel=AUDIT, text="step", thread_ts=parent)
    await app.call("chat.postEphemeral", channel=AUDIT, user=HEIDI, text="whisper")
    history = await app.call("conversations.history", channel=AUDIT, include_all_metadata=True)
    (card_,) = history["messages"]
    assert (card_["metadata"], card_["reply_count"]) == (metadata, 1)
    assert "metadata" not in (await app.call("conversations.history", channel=AUDIT))["messages"][0]
    replies = await app.call("conversations.replies", channel=AUDIT, ts=parent)
    assert [one["text"] for one in replies["messages"]] == ["card", "step"]
    assert replies["messages"][1]["parent_user_id"] == card_["user"]
    assert (await app.call("conversations.replies", channel=AUDIT, ts="1.0"))["error"] == "thread_not_found"
    later = await app.call("conversations.history", channel=AUDIT, oldest=parent)
    assert later["messages"] == []


async def test_a_permalink_leads_to_the_page(app: PlainApp, desk: RunningWorkspace) -> None:
    parent = (await app.call("chat.postMessage", channel=AUDIT, text="card"))["ts"]
    reply = (await app.call("chat.postMessage", channel=AUDIT, text="step", thread_ts=parent))["ts"]
    link = (await app.call("chat.getPermalink", channel=AUDIT, message_ts=reply))["permalink"]
    async with desk.web.get(link, allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"] == f"/?channel={AUDIT}&ts={reply}&thread_ts={parent}"


async def test_a_home_is_published_for_members_of_the_team(app: PlainApp) -> None:
    first = await app.call("views.publish", user_id=HEIDI, view=home())
    stale = first["view"]["hash"]
    assert (await app.call("views.publish", user_id=HEIDI, view=home(), hash=stale))["ok"]
    assert (await app.call("views.publish", user_id=HEIDI, view=home(), hash=stale))["error"] == "hash_conflict"
    assert (await app.call("views.publish", user_id=ERIK, view=home()))["error"] == "user_not_found"


async def test_a_home_that_the_manifest_lacks_cannot_be_published(start: Any, config: WorkspaceConfig) -> None:
    homeless = dataclasses.replace(config.manifest, home_enabled=False, messages_enabled=False)
    async with start(config=dataclasses.replace(config, manifest=homeless)) as desk:
        app = PlainApp(desk, bot_token=BOT, app_token=APP)
        assert (await app.call("views.publish", user_id=HEIDI, view=home()))["error"] == "not_enabled"
        refused = await app.call("chat.postMessage", channel=HEIDI, text="x")
        assert refused["error"] == "messages_tab_disabled"
