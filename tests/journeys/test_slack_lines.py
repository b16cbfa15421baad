"""Deliveries that come twice, late, in another order or not at all; Socket Mode that is dropped again and again."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import pytest

from bot.workspace.core import Workspace
from bot.workspace.sample import APPROVALS
from tests.journeys.conftest import WAYS
from tests.journeys.steps import EN, asked, ordered_once, outcome
from tests.support.outages import all_sent, nothing_lost
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES: Final = ("Alster", "Bode", "Chiem", "Donau", "Eder", "Fulda", "Gera", "Havel", "Ilm", "Jade", "Kocher", "Lahn")
BOOK: Final = [customer(f"{each} GmbH", subscription(BASIC, 4), domain=f"{each.lower()}.example") for each in NAMES]
OF: Final = dict(zip(NAMES, BOOK, strict=True))


@pytest.fixture
def slack(product: Product) -> Iterator[Workspace]:
    """The local Slack, sound again afterwards."""
    workspace = product.slack.server.workspace
    yield workspace
    workspace.faults.clear()
    workspace.socket.hello_after = 0.0


async def ends_well(product: Product, person: Person, name: str) -> None:
    """One order, one card, all of it in its place."""
    await outcome(person, EN.completed, customer=name, within=30)
    await all_sent(product)
    await nothing_lost(product)
    await ordered_once(product, OF[name]["id"])


@pytest.mark.parametrize(("name", "kind"), [("Alster", "twice"), ("Bode", "at_once"), ("Chiem", "overtaken")])
async def test_what_is_delivered_twice_or_late_acts_once(
    product: Product, slack: Workspace, name: str, kind: str
) -> None:
    """Command, press, submission and events alike."""
    sven = await product.person("sales_agent", locale="en-US")
    slack.faults.arm_delivery(kind, times=None)
    listed = await asked(sven, f"{name.lower()}.example")
    assert (await sven.press(listed, "Office 365 E3"))["ok"]
    await sven.wait_for_modal(title=EN.confirm)
    done = await sven.submit({EN.field: "4711"})
    assert done["result"] == "updated", done
    await ends_well(product, sven, name)
    told = [each for each in await sven.messages(sven.direct) if name in reading(each)]
    assert len(told) == 1


async def test_a_submission_whose_acknowledgement_was_lost_is_pressed_again_and_orders_once(
    product: Product, slack: Workspace
) -> None:
    """Slack shows its own error; what was typed is still there, and so is what was recorded."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "donau.example")
    await sven.press(listed, "Office 365 E3")
    await sven.wait_for_modal(title=EN.confirm)
    slack.faults.arm_delivery("unanswered", parcels="interactive")
    assert (await sven.submit({EN.field: "4711"}))["result"] == "trouble"
    assert (await sven.submit({EN.field: "4711"}))["result"] == "updated"
    await ends_well(product, sven, "Donau")


async def test_of_two_decisions_that_change_places_on_the_way_one_counts(product: Product, slack: Workspace) -> None:
    """The one that arrives first, whoever pressed first; the other is told."""
    heidi = await product.person("helpdesk_agent", locale="en-US")
    await heidi.press(await asked(heidi, "eder.example"), "Office 365 E3")
    await heidi.wait_for_modal(title=EN.confirm)
    assert (await heidi.submit({EN.field: "4711"}))["result"] == "updated"
    await heidi.close(clear=True)
    deciders = [await product.person(who, locale="en-US") for who in ("admin_agent", "sales_agent")]
    for each in deciders:
        waiting = await each.wait_for_message(APPROVALS, containing="Eder")
        await each.press(waiting, "Check and approve")
        await each.wait_for_modal(title="Check and approve", containing="4711")
    slack.faults.arm_delivery("overtaken", parcels="interactive")
    first = asyncio.create_task(deciders[0].submit())
    await asyncio.sleep(0)
    second = await deciders[1].submit()
    assert second["ok"], second
    assert (await first)["ok"]
    await ends_well(product, heidi, "Eder")
    approvals = [each for each in await product.trail_names(OF["Eder"]["id"]) if "approve" in each and "done" in each]
    assert len(approvals) == 1


async def until_taken(product: Product, act: Any) -> Any:
    """As a person does it: press, and where Slack says that it did not work, press again."""

    async def look() -> Any:
        answer = await act()
        return answer if answer.get("ok") and "error" not in answer else None

    return await wait_for(look, within=60, wanted="a press that is acknowledged")


async def confirmed(person: Person) -> dict[str, Any]:
    """Submit what is in front, once it can be: a press that was repeated opens a second modal, which still loads."""
    view = await person.modal()
    if view is not None and EN.recorded in view["title"]["text"]:
        return {"ok": True}
    if view is None or EN.field not in reading(view):
        return {"ok": False}
    return await person.submit({EN.field: "4711"})


@pytest.mark.parametrize("way", [WAYS[0]], ids=["socket-sqlite"], indirect=True)
@pytest.mark.parametrize("warned", [None, 0.05], ids=["without-a-word", "after-a-warning"])
async def test_a_socket_that_is_dropped_again_and_again_loses_nothing_and_does_nothing_twice(
    product: Product, slack: Workspace, warned: float | None
) -> None:
    """New connections are refused now and then as well, and greet late. What was acknowledged was done, once."""
    names = NAMES[5:8] if warned is None else NAMES[8:11]
    sven = await product.person("sales_agent", locale="en-US")
    slack.socket.hello_after = 0.2
    stop = asyncio.Event()
    drops = 0

    async def dropping() -> None:
        nonlocal drops
        kinds = ("html", "ratelimited", "fatal", "empty", "cut")
        while not stop.is_set():
            await product.slack.wait_connected(within=60)
            await asyncio.sleep(0.05 * (drops % 7))
            slack.faults.arm(kinds[drops % len(kinds)], "apps.connections.open", seconds=1)
            await slack.socket.drop(warned=warned)
            drops += 1

    trouble = asyncio.create_task(dropping())
    try:
        for name in names:
            before = {each["ts"] for each in await sven.messages("C0GENERAL1")}
            await until_taken(product, lambda name=name: sven.send("C0GENERAL1", f"/upgrade-options {name}.example"))
            listed = await sven.wait_for_message(
                "C0GENERAL1",
                containing=name,
                where=lambda each, before=before: bool(each["ephemeral"]) and each["ts"] not in before,
                within=60,
            )
            await until_taken(product, lambda listed=listed: sven.press(listed, "Office 365 E3"))
            await sven.wait_for_modal(title=EN.confirm, containing=EN.field, within=60)
            await until_taken(product, lambda: confirmed(sven))
            await sven.close(clear=True)
    finally:
        stop.set()
        await trouble
        slack.faults.clear()
    assert drops >= 3
    await product.slack.wait_connected(within=60)
    for name in names:
        await ends_well(product, sven, name)
