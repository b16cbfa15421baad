"""A lost connection and a bot started again, at every point of the job: nothing is lost or done twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.journeys.steps import DE, EN, asked, confirming, ordered, ordered_once, outcome
from tests.support.product import Product, Transport, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import reading

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
LEASE: Final = 121


@pytest.fixture(params=["socket", "http"])
async def product(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Product]:
    """A product of this test's own: it is torn apart."""
    transport: Transport = request.param
    async with running_product(tmp_path, customers=[FINE], transport=transport) as running:
        yield running


@pytest.fixture
async def by_socket(tmp_path: Path) -> AsyncIterator[Product]:
    """One that Slack reaches by Socket Mode."""
    async with running_product(tmp_path, customers=[FINE]) as running:
        yield running


async def test_a_socket_lost_between_command_and_answer_loses_nothing(by_socket: Product) -> None:
    """The answer goes by response_url; the bot comes back by itself, and the next press works."""
    product = by_socket
    sven = await product.person("sales_agent", locale="en-US")
    product.faults.arm("slow", times=2, seconds=0.7)
    before = {each["ts"] for each in await sven.messages("C0GENERAL1")}
    assert (await sven.send("C0GENERAL1", "/upgrade-options fabrikam.example"))["ok"]
    await product.slack.server.workspace.socket.aclose()
    listed = await sven.wait_for_message(
        "C0GENERAL1", where=lambda each: each["ts"] not in before and each["ephemeral"]
    )
    assert "Fabrikam AG" in reading(listed)
    await product.slack.wait_connected(within=20)
    await ordered(sven, listed, "Office 365 E3", EN)
    await outcome(sven, EN.completed, customer="Fabrikam AG")
    await ordered_once(product, FINE["id"])


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_slack_asking_for_a_new_connection_is_not_noticed(by_socket: Product, reason: str) -> None:
    """As it does every few hours."""
    product = by_socket
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, "fabrikam.example")
    await product.slack.server.workspace.socket.disconnect(reason)
    await product.slack.wait_connected(within=20)
    await ordered(sven, listed, "Office 365 E3", DE)
    await outcome(sven, DE.completed, customer="Fabrikam AG")
    await ordered_once(product, FINE["id"])


async def test_a_bot_started_again_between_list_and_press(product: Product) -> None:
    """What stands behind the buttons is in the database."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "fabrikam.example")
    await product.stop_bot()
    answer = await sven.press(listed, "Office 365 E3")
    assert not answer["ok"]
    await product.start_bot()
    await ordered(sven, listed, "Office 365 E3", EN)
    await outcome(sven, EN.completed, customer="Fabrikam AG")
    await ordered_once(product, FINE["id"])


async def test_a_bot_started_again_between_confirmation_and_submit(product: Product) -> None:
    """The draft waits too; what was typed is still there after Slack's own error."""
    sven = await product.person("sales_agent", locale="de-DE")
    await confirming(sven, await asked(sven, "fabrikam.example"), "Office 365 E3", DE)
    await product.stop_bot()
    answer = await sven.submit({DE.field: "4711"})
    assert answer["result"] == "trouble"
    await product.start_bot()
    assert (await sven.submit({DE.field: "4711"}))["result"] == "updated"
    await outcome(sven, DE.completed, customer="Fabrikam AG")
    await ordered_once(product, FINE["id"])


@pytest.mark.parametrize("acts", [True, False], ids=["carried-out", "not-carried-out"])
async def test_a_bot_stopped_while_the_order_was_on_its_way(product: Product, *, acts: bool) -> None:
    """Nobody sends it again. Where it was carried out that is found; else it stays unclear and is not ordered anew."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "fabrikam.example")
    product.faults.arm("hang", method="POST", path=FINE["id"], acts=acts, seconds=1.5)
    await ordered(sven, listed, "Office 365 E3", EN)

    async def sent() -> bool:
        return any(str(row.entry.name) == "worker:change:send" for row in await product.trail(FINE["id"]))

    await wait_for(sent, wanted="the mark")

    async def met() -> bool:
        return bool(product.faults.met)

    await wait_for(met, wanted="the order to arrive")
    await product.stop_bot()
    await asyncio.sleep(1.5)
    await product.start_bot()
    await product.slack.advance(LEASE)
    await outcome(sven, EN.unclear, customer="Fabrikam AG", within=20)
    await product.slack.advance(61)
    if acts:
        await outcome(sven, EN.completed, customer="Fabrikam AG", within=20)
    names = await product.trail_names(FINE["id"])
    assert sum(each.startswith("worker:change:send") for each in names) == 1
    await ordered_once(product, FINE["id"], orders=int(acts))


async def test_a_bot_stopped_right_after_the_request_was_recorded_orders_when_it_is_back(product: Product) -> None:
    """Recorded is recorded."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, "fabrikam.example")
    product.faults.arm("slow", method="GET", path=FINE["id"], times=3, seconds=1.5)
    await sven.press(listed, "Office 365 E3")
    await sven.wait_for_modal(title=DE.confirm)
    product.faults.arm("slow", method="GET", path=FINE["id"], times=3, seconds=2.5)
    assert (await sven.submit({DE.field: "4711"}))["result"] == "updated"
    await product.stop_bot()
    assert await product.orders(FINE["id"]) == 0
    product.faults.clear()
    await product.start_bot()
    await product.slack.advance(LEASE)

    async def given_back() -> bool:
        return any(each.startswith("worker:change:retry") for each in await product.trail_names(FINE["id"]))

    await wait_for(given_back, wanted="the sweep")
    await product.slack.advance(61)
    await outcome(sven, DE.completed, customer="Fabrikam AG", within=20)
    await ordered_once(product, FINE["id"])
