"""Whatever goes wrong is told, with a reference that is in the log; nothing gets past (design.md, rule 5)."""

import asyncio
import dataclasses
import json
import time
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from bot.bootstrap.bolt import new_bolt_app
from bot.directory.directory import open_directory
from bot.domain.people import Actor, Person
from bot.workspace.sample import GENERAL, PEOPLE
from handlers.payload import Kind, caller_of, pressed_of, typed
from handlers.registration import register
from tests.handlers.conftest import House
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import reading


class Broken(Exception):
    """A defect of ours."""


async def test_a_defect_is_told_with_the_reference_that_is_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the traceback stands under it; the person's words do not."""

    async def broken(*_args: object, **_fields: object) -> None:
        raise Broken

    monkeypatch.setattr("handlers.commands.upgrade_options.find_customer", broken)
    sven = await house.person("sales_agent")
    with capture_logs() as logs:
        await sven.send(GENERAL, "/upgrade-options Secret Customer Ltd")
        answer = await sven.wait_for_message(GENERAL, containing="Bei uns ist etwas schiefgegangen")
    (line,) = [each for each in logs if each["event"] == "unexpected_error"]
    assert line["reference"] in reading(answer)
    assert line["exc_info"]
    assert "Secret" not in json.dumps(logs, default=str)


async def test_a_defect_in_a_modal_keeps_the_modal_and_what_was_typed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The acknowledgement is never lost: a sentence at the field."""

    async def broken(*_args: object, **_fields: object) -> None:
        raise Broken

    monkeypatch.setattr("handlers.views.confirm.request_upgrade", broken)
    body = {
        "type": "view_submission",
        "team": {"id": "T0PARTNER1"},
        "user": {"id": PEOPLE["sales_agent"], "team_id": "T0PARTNER1"},
        "view": {"id": "V1", "type": "modal", "callback_id": "change.confirm", "private_metadata": "d"},
    }
    answer = await house.dispatch(body)
    told = json.loads(answer.body)
    assert answer.status == 200
    assert told["response_action"] == "errors"
    assert "schiefgegangen" in told["errors"]["note"]
    assert "Referenz " in told["errors"]["note"]


@pytest.mark.parametrize("body", [{}, {"user": None, "actions": "x"}, {"actions": [None], "team": 1}, {"view": []}])
def test_a_payload_of_any_shape_is_read_without_failing(body: dict[str, Any]) -> None:
    """Nobody without an id is anybody."""
    for kind in Kind:
        assert caller_of(kind, body, installed="T1").actor.user_id == ""
    assert pressed_of(body).value == ""
    assert typed(body, block_id="note", action_id="note") == ""


def test_who_pressed_is_known_by_home_team_and_id() -> None:
    """In a shared channel the message is ours and the presser is not (facts/slack.md, 5)."""
    body = {"team": {"id": "T_OURS"}, "user": {"id": "U1", "team_id": "T_THEIRS"}, "trigger_id": "1"}
    caller = caller_of(Kind.ACTION, body, installed=None)
    assert (caller.installed_team_id, caller.actor.team_id) == ("T_OURS", "T_THEIRS")
    missing = caller_of(Kind.ACTION, {"team": {"id": "T_OURS"}, "user": {"id": "U1"}}, installed="T_OURS")
    assert missing.actor.team_id == ""


async def test_a_submission_is_answered_in_time_though_slack_does_not_say_who_submitted(house: House) -> None:
    """In the language of the modal, rather than not at all."""

    class Slow:
        async def person(self, *, actor: Actor, installed_team_id: str) -> Person:
            await asyncio.sleep(60)
            raise AssertionError((actor, installed_team_id))

    app = house.demo.app
    directory = open_directory(people=Slow(), sources=[], clock=app.desk.clock)
    desk = dataclasses.replace(app.desk, directory=directory)
    view = {"id": "V1", "type": "modal", "callback_id": "change.confirm", "blocks": [{"block_id": "de.d.0"}]}
    user = {"id": PEOPLE["sales_agent"], "team_id": "T0PARTNER1"}
    body = {"type": "view_submission", "team": {"id": "T0PARTNER1"}, "user": user, "view": view}
    bolt = new_bolt_app(client=app.client, identity=app.identity)
    register(bolt, desk, app.runtime)
    started = time.monotonic()
    answer = await bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert time.monotonic() - started < 2.9
    assert "Bitte versuchen Sie es" in json.loads(answer.body)["errors"]["note"]


async def test_other_commands_events_and_menus_are_answered(house: House) -> None:
    """Nothing stays without an acknowledgement."""
    team = {"team_id": "T0PARTNER1", "user_id": PEOPLE["sales_agent"], "channel_id": GENERAL}
    command = await house.dispatch({"command": "/old-command", "text": "", "trigger_id": "1", **team})
    event = {"type": "event_callback", "team_id": "T0PARTNER1", "event_id": "E1", "event": {"type": "reaction_added"}}
    menu = {"type": "block_suggestion", "action_id": "old", "value": "x", "team": {"id": "T0PARTNER1"}}
    menu |= {"user": {"id": PEOPLE["sales_agent"], "team_id": "T0PARTNER1"}}
    assert command.status == 200
    assert (await house.dispatch(event)).status == 200
    suggested = await house.dispatch(menu)
    assert json.loads(suggested.body) == {"options": []}


async def test_the_home_tab_says_how_to_begin(house: House) -> None:
    """In the reader's language."""
    sven = await house.person("sales_agent")
    await sven.post("home")

    async def drawn() -> bool:
        return "So geht es" in reading((await sven.get("home"))["view"] or {})

    await wait_for(drawn, wanted="the Home tab")
