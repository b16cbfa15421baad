from datetime import timedelta
from typing import Any

import pytest

from bot.domain.clock import ShiftedClock
from bot.workspace.sample import GENERAL, PEOPLE
from tests.support.plain_app import SILENT, PlainApp
from tests.support.screens import card, field, go_button, modal, plain_text
from tests.support.workspace_client import Person, RunningWorkspace, UiError

HEIDI = PEOPLE["helpdesk_agent"]


@pytest.fixture
def heidi(desk: RunningWorkspace) -> Person:
    return desk.member(HEIDI)


async def trigger(app: PlainApp, person: Person) -> str:
    app.envelopes.clear()
    await app.call("chat.postMessage", channel=GENERAL, **card())
    await person.press(await person.wait_for_message(GENERAL, containing="Approve"), "Approve")
    found: str = (await app.wait_for_payload("block_actions"))["trigger_id"]
    return found


async def opened(app: PlainApp, person: Person, view: dict[str, Any]) -> dict[str, Any]:
    answer = await app.call("views.open", trigger_id=await trigger(app, person), view=view)
    assert answer["ok"], answer
    found: dict[str, Any] = answer["view"]
    return found


async def test_a_trigger_works_once_and_for_three_seconds(
    listening: PlainApp, heidi: Person, clock: ShiftedClock
) -> None:
    first = await trigger(listening, heidi)
    bad = modal(title="x" * 25)
    assert (await listening.call("views.open", trigger_id=first, view=bad))["error"] == "invalid_arguments"
    assert (await listening.call("views.open", trigger_id=first, view=modal()))["ok"]
    assert (await listening.call("views.open", trigger_id=first, view=modal()))["error"] == "exchanged_trigger_id"
    late = await trigger(listening, heidi)
    clock.advance(timedelta(seconds=3))
    assert (await listening.call("views.open", trigger_id=late, view=modal()))["error"] == "expired_trigger_id"
    assert (await listening.call("views.open", trigger_id="1.2.3", view=modal()))["error"] == "invalid_trigger_id"
    assert (await listening.call("views.open", view=modal()))["error"] == "invalid_arguments"


async def press_inside(app: PlainApp, person: Person) -> str:
    app.envelopes.clear()
    view = await person.wait_for_modal()
    await person.press(view, "Approve")
    found: str = (await app.wait_for_payload("block_actions"))["trigger_id"]
    return found


async def test_three_views_lie_on_each_other_and_no_more(listening: PlainApp, heidi: Person) -> None:
    def with_button(title: str) -> dict[str, Any]:
        return modal({"type": "actions", "elements": [go_button()]}, title=title)

    root = await opened(listening, heidi, with_button("1"))
    for title in ("2", "3"):
        pushed = await listening.call(
            "views.push", trigger_id=await press_inside(listening, heidi), view=with_button(title)
        )
        assert pushed["view"]["root_view_id"] == root["id"]
    fourth = await listening.call("views.push", trigger_id=await press_inside(listening, heidi), view=modal())
    assert fourth["error"] == "push_limit_reached"
    assert (await heidi.get("view"))["depth"] == 3
    await heidi.close()
    assert (await heidi.wait_for_modal(title="2"))["previous_view_id"] == root["id"]
    await heidi.close(clear=True)
    assert await heidi.modal() is None
    assert (await listening.call("views.update", view_id=root["id"], view=modal()))["error"] == "not_found"


async def test_a_push_needs_a_modal_below(listening: PlainApp, heidi: Person) -> None:
    refused = await listening.call("views.push", trigger_id=await trigger(listening, heidi), view=modal())
    assert refused["error"] == "not_found"


async def test_a_stale_hash_conflicts_and_without_one_the_last_wins(listening: PlainApp, heidi: Person) -> None:
    view = await opened(listening, heidi, modal())
    update = {"view_id": view["id"], "view": modal(title="new")}
    assert (await listening.call("views.update", **update, hash=view["hash"]))["ok"]
    assert (await listening.call("views.update", **update, hash=view["hash"]))["error"] == "hash_conflict"
    assert (await listening.call("views.update", **update))["ok"]


async def test_an_external_id_is_used_once(listening: PlainApp, heidi: Person, desk: RunningWorkspace) -> None:
    await opened(listening, heidi, modal(external_id="one"))
    noah = desk.member(PEOPLE["none"])
    again = await listening.call("views.open", trigger_id=await trigger(listening, noah), view=modal(external_id="one"))
    assert again["error"] == "duplicate_external_id"
    assert (await listening.call("views.update", external_id="one", view=modal(external_id="one")))["ok"]


async def test_inputs_keep_what_was_typed_while_both_their_ids_stay(listening: PlainApp, heidi: Person) -> None:
    blocks = [field("a"), field("b"), {"type": "actions", "elements": [go_button()]}]
    view = await opened(listening, heidi, modal(*blocks))
    state = {name: {"reason": {"value": f"typed {name}"}} for name in ("a", "b")}
    await heidi.press(await heidi.wait_for_modal(), "Approve", state=state)
    after = modal(field("a"), field("b", "other"), field("c"))
    await listening.call("views.update", view_id=view["id"], view=after)
    values = (await heidi.wait_for_modal())["state"]["values"]
    assert values["a"]["reason"]["value"] == "typed a"
    assert values["b"]["other"]["value"] is None
    assert values["c"]["reason"]["value"] is None


async def test_slack_checks_required_fields_and_lengths_before_the_app_is_asked(
    listening: PlainApp, heidi: Person
) -> None:
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "1"}
    numbered = {"type": "input", "block_id": "seats", "label": plain_text("seats"), "element": number}
    await opened(listening, heidi, modal(field(element={"min_length": 3}), numbered, field("free", optional=True)))
    missing = await heidi.submit({})
    assert (missing["by"], set(missing["errors"])) == ("slack", {"why", "seats"})
    assert missing["errors"]["why"] == "Bitte füllen Sie dieses Pflichtfeld aus."
    wrong = await heidi.submit({"why": "no", "seats": "0"})
    assert set(wrong["errors"]) == {"why", "seats"}
    assert not [one for one in listening.envelopes if one["payload"]["type"] == "view_submission"]
    assert (await heidi.submit({"why": "because", "seats": "2"}))["result"] == "closed"
    values = (await listening.wait_for_payload("view_submission"))["view"]["state"]["values"]
    assert values["free"]["reason"] == {"type": "plain_text_input", "value": None}
    assert values["seats"]["n"] == {"type": "number_input", "value": "2"}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (None, "closed"),
        ({"response_action": "clear"}, "cleared"),
        ({"response_action": "update", "view": modal(title="next")}, "updated"),
        ({"response_action": "push", "view": modal(title="next")}, "pushed"),
        ({"response_action": "errors", "errors": {"why": "no"}}, "errors"),
        ({"response_action": "errors", "errors": {"elsewhere": "no"}}, "trouble"),
        ({"response_action": "errors", "errors": {}}, "trouble"),
        ({"response_action": "errors", "errors": {"why": 3}}, "trouble"),
        ({"response_action": {}}, "trouble"),
        ({"response_action": "update", "view": modal(title="x" * 25)}, "trouble"),
        ({"response_action": "dance"}, "trouble"),
        (SILENT, "trouble"),
    ],
)
async def test_a_submission_ends_as_the_app_answers(
    listening: PlainApp, heidi: Person, answer: Any, result: str
) -> None:
    await opened(listening, heidi, modal())
    listening.answer = lambda _envelope: answer
    outcome = await heidi.submit({"why": "because"})
    assert outcome["result"] == result
    front = await heidi.modal()
    assert {"closed": None, "cleared": None, "updated": "next", "pushed": "next"}.get(result, "Modal") == (
        front and front["title"]["text"]
    )


async def test_closing_is_told_to_the_app_that_asked_for_it(listening: PlainApp, heidi: Person) -> None:
    view = await opened(listening, heidi, modal(notify_on_close=True))
    await heidi.close(clear=True)
    closed = await listening.wait_for_payload("view_closed")
    assert (closed["view"]["id"], closed["is_cleared"]) == (view["id"], True)
    listening.envelopes.clear()
    await opened(listening, heidi, modal())
    await heidi.close()
    await heidi.send(GENERAL, "/access")
    assert not [one for one in listening.envelopes if one["payload"].get("type") == "view_closed"]


async def test_a_modal_is_its_members_alone(listening: PlainApp, heidi: Person, desk: RunningWorkspace) -> None:
    view = await opened(listening, heidi, modal())
    with pytest.raises(UiError) as refused:
        await desk.member(PEOPLE["none"]).post("view/submit", view_id=view["id"], state={})
    assert (refused.value.status, refused.value.code) == (404, "view_not_found")


@pytest.mark.parametrize(
    "state",
    [
        {"nowhere": {"reason": {"value": "x"}}},
        {"why": {"other": {"value": "x"}}},
        {"why": {"reason": {"value": 3}}},
        {"why": {"reason": {}}},
        {"pick": {"p": {"selected_option": {"value": "made up"}}}},
        {"pick": {"p": {"selected_option": "made up"}}},
        {"who": {"u": {"selected_user": "U0NOBODY"}}},
        {"day": {"d": {"selected_date": "tomorrow"}}},
    ],
)
async def test_a_value_that_is_not_offered_is_refused(
    listening: PlainApp, heidi: Person, state: dict[str, Any]
) -> None:
    def row(name: str, **element: Any) -> dict[str, Any]:
        return {"type": "input", "block_id": name, "label": plain_text(name), "optional": True, "element": element}

    offered = [{"text": plain_text("A"), "value": "a"}]
    await opened(
        listening,
        heidi,
        modal(
            field(),
            row("pick", type="static_select", action_id="p", options=offered),
            row("who", type="users_select", action_id="u"),
            row("day", type="datepicker", action_id="d"),
        ),
    )
    view = await heidi.wait_for_modal()
    with pytest.raises(UiError) as refused:
        await heidi.post("view/submit", view_id=view["id"], state=state)
    assert (refused.value.status, refused.value.code) == (400, "invalid_value")
