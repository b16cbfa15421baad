"""Every id that Slack may send is declared once, answered, and refused to whoever may not (defects.md, 3 and 7)."""

import re
from typing import Any

import pytest

from bot.workspace.sample import GENERAL, PEOPLE, SHARED
from handlers.payload import Kind
from handlers.registry import ROUTES, Route
from tests.handlers.conftest import House
from tests.support.workspace_person import Person
from tests.support.workspace_reading import elements, reading

ACTIONS = [route for route in ROUTES if route.kind is Kind.ACTION]
NAMED = [route for route in ROUTES if route.name != "*"]
NOT_KNOWN = "hier nicht bekannt|not known here"
NO_ROLE_ASKED = {"retired.button"}
"""It does nothing."""
ROW = 25
"""Elements that Slack takes in one block of actions."""
FIRST_TO_MATCH = {
    "option.choose": ["option.choose", "option.choose.0", "option.choose.24"],
    "options.page": ["options.page.2"],
    "seats.choose": ["seats.choose.0", "seats.choose.9"],
    "seats.page": ["seats.page.2"],
    "home.older": ["home.older.1"],
}


def found(kind: Kind, name: str) -> Route:
    return next(route for route in ROUTES if route.kind is kind and route.pattern.search(name))


@pytest.mark.parametrize("route", NAMED, ids=lambda route: route.name)
def test_a_name_finds_its_own_route_and_no_other(route: Route) -> None:
    """Bolt searches: without anchors a longer or a shorter name would match too."""
    for name in FIRST_TO_MATCH.get(route.name, [route.name]):
        assert found(route.kind, name) is route
    for other in (f"x{route.name}", f"{route.name}x", f"{route.name}\n", f"{route.name}.x", route.name[:-1]):
        assert found(route.kind, other).name == "*"


def test_every_route_has_its_rule_or_says_why_it_needs_none() -> None:
    """One authoriser for every id; the last of each kind takes what is not known."""
    for route in ROUTES:
        assert (route.rule is None) == bool(route.open_because), route.name
    for kind in Kind:
        assert [route.name for route in ROUTES if route.kind is kind][-1] == "*"


async def told(person: Person, channel: str, seen: set[str]) -> str:
    """What this person alone is told next: in the channel, or in a modal that is no longer loading."""
    while True:
        for message in await person.messages(channel):
            if message["ephemeral"] and message["ts"] not in seen:
                seen.add(message["ts"])
                return reading(message)
        view = await person.modal()
        if view is not None and view["title"]["text"] not in {"One moment", "Einen Moment"}:
            await person.close(clear=True)
            return reading(view)


async def with_all_buttons(house: House, channel: str) -> str:
    buttons = [
        {
            "type": "button",
            "action_id": FIRST_TO_MATCH.get(route.name, [route.name])[-1] if route.name != "*" else "retired.button",
            "text": {"type": "plain_text", "text": route.name},
            "value": "made-up",
        }
        for route in ACTIONS
        if not route.name.startswith(("link.", "home."))  # those of Home stand in Home: test_who_never_gets_in.py
    ]
    rows = [buttons[start : start + ROW] for start in range(0, len(buttons), ROW)]
    blocks = [{"type": "actions", "block_id": f"en.x.{at}", "elements": row} for at, row in enumerate(rows)]
    posted = await house.demo.app.client.chat_postMessage(channel=channel, text="old", blocks=blocks)
    return str(posted["ts"])


@pytest.mark.parametrize(
    ("who", "channel", "words"),
    [
        ("none", GENERAL, "partner roles"),
        ("guest", GENERAL, "Gäste dieses Workspace"),
        ("external", SHARED, "Only members of the organisation"),
    ],
)
async def test_whoever_may_not_is_refused_at_every_button(house: House, who: str, channel: str, words: str) -> None:
    """And told why, each time."""
    person, seen = await house.person(who), set[str]()
    ts = await with_all_buttons(house, channel)
    (message,) = [each for each in await person.messages(channel) if each["ts"] == ts]
    for _, element in elements(message):
        await person.press(message, element["action_id"])
        answer = await told(person, channel, seen)
        assert re.search(NOT_KNOWN if element["action_id"] in NO_ROLE_ASKED else words, answer), element["action_id"]


async def test_a_value_that_somebody_made_up_is_answered_at_every_button(house: House) -> None:
    """A button's value is an opaque id that is looked up; what is not there is said so."""
    sven, seen = await house.person("sales_agent"), set[str]()
    ts = await with_all_buttons(house, GENERAL)
    (message,) = [each for each in await sven.messages(GENERAL) if each["ts"] == ts]
    for _, element in elements(message):
        await sven.press(message, element["action_id"])
        answer = await told(sven, GENERAL, seen)
        assert re.search(NOT_KNOWN, answer), (element["action_id"], answer)


def submission(user_id: str, team_id: str, *, callback_id: str, draft_id: str) -> dict[str, Any]:
    view = {
        "id": "V1",
        "hash": "1.a",
        "callback_id": callback_id,
        "private_metadata": draft_id,
        "state": {"values": {}},
    }
    return {
        "type": "view_submission",
        "team": {"id": "T0PARTNER1"},
        "user": {"id": user_id, "team_id": team_id},
        "trigger_id": "1.2.3",
        "view": view | {"type": "modal", "app_installed_team_id": "T0PARTNER1"},
    }


@pytest.mark.parametrize(
    ("who", "team", "callback_id", "words"),
    [
        ("sales_agent", "T0PARTNER1", "change.confirm", "nicht bekannt"),
        ("none", "T0PARTNER1", "change.confirm", "partner roles"),
        ("sales_agent", "T0CUSTOMER", "change.confirm", "Only members of the organisation"),
        ("sales_agent", "T0PARTNER1", "old.view", "nicht bekannt"),
    ],
)
async def test_a_made_up_submission_is_answered_in_the_modal(
    house: House, who: str, team: str, callback_id: str, words: str
) -> None:
    """The same user id of another workspace is somebody else (defects.md, 6)."""
    body = submission(PEOPLE[who], team, callback_id=callback_id, draft_id="made-up")
    answer = await house.dispatch(body)
    assert answer.status == 200
    assert words in answer.body, answer.body
