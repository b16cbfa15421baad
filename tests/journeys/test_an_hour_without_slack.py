"""An hour of nothing: what the desk did meanwhile is told afterwards, once, in order; what was overtaken is not."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from bot.workspace.faults import RESPONSE_URL
from bot.workspace.sample import APPROVALS
from tests.journeys.steps import EN, asked, card, ordered, ordered_once, outcome
from tests.support.engines import PostgresTemplate, copied_sqlite
from tests.support.outages import all_sent, figures, nothing_lost, payload, posted
from tests.support.product import Product, Transport, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import reading

NAMES: Final = ("Anker", "Boje", "Deich", "Ebbe", "Flut")
BOOK: Final = [customer(f"{each} GmbH", subscription(BASIC, 4), domain=f"{each.lower()}.example") for each in NAMES]
OF: Final = dict(zip(NAMES, BOOK, strict=True))
POLICY: Final = '[approval]\nremind_after = "10 min"\nexpires_after = "40 min"\n'
MINUTE: Final = 60.0


@pytest.fixture
async def product(request: pytest.FixtureRequest, way: tuple[Transport, str], tmp_path: Path) -> AsyncIterator[Product]:
    """A product of this test's own, in both ways, on both databases, with short deadlines."""
    transport, engine = way
    async with AsyncExitStack() as stack:
        if engine == "postgres":
            template: PostgresTemplate = request.getfixturevalue("postgres_template")
            url = stack.enter_context(template.copied())
        else:
            url = copied_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        yield await stack.enter_async_context(
            running_product(tmp_path, customers=BOOK, transport=transport, database_url=url, policy=POLICY)
        )


async def asks(product: Product, name: str) -> Person:
    """Heidi asks for what somebody else has to approve; the card stands."""
    heidi = await product.person("helpdesk_agent", locale="en-US")
    await heidi.press(await asked(heidi, f"{name.lower()}.example"), "Office 365 E3")
    await heidi.wait_for_modal(title=EN.confirm)
    assert (await heidi.submit({EN.field: "4711"}))["result"] == "updated"
    await heidi.close(clear=True)
    await heidi.wait_for_message(APPROVALS, containing=name)
    return heidi


async def entered(product: Product, name: str, words: str) -> None:
    """Wait until the trail has it."""

    async def look() -> bool:
        return any(each.startswith(words) for each in await product.trail_names(OF[name]["id"]))

    await wait_for(look, within=30, wanted=f"{words} in the trail of {name}")


def thread_of(product: Product, standing: dict[str, Any]) -> list[int]:
    """The entries that its thread tells, in the order of posting."""
    return [int(payload(each)["audit_number"]) for each in posted(product) if each.thread_ts == standing["ts"]]


async def test_everything_of_that_hour_goes_out_afterwards(product: Product) -> None:
    """Reminders, orders and expiries of an hour: each once, in order in its thread; the last notice."""
    for name in NAMES[:3]:
        heidi = await asks(product, name)
    adele = await product.person("admin_agent", locale="en-US")
    waiting = await adele.wait_for_message(APPROVALS, containing="Deich")
    await adele.press(waiting, "Check and approve")
    await adele.wait_for_modal(title="Check and approve", containing="4711")
    await all_sent(product)
    slack = product.slack.server.workspace
    product.faults.arm("slow", method="POST", path=OF["Ebbe"]["id"], seconds=1.0)
    sven = await product.person("sales_agent", locale="en-US")
    await ordered(sven, await asked(sven, "ebbe.example"), "Office 365 E3", EN)
    told_before = {name: len([each for each in posted(product) if name in each.text]) for name in NAMES}
    with slack.faults.armed("html"), slack.faults.armed("empty", RESPONSE_URL):
        unsure = await adele.submit()  # who she is cannot be asked: nothing is decided, and she is told so
        assert unsure["result"] == "updated"
        assert "Slack" in reading(unsure["view"])
        await entered(product, "Ebbe", "worker:change:outcome")
        for _ in range(3):
            await product.slack.advance(5 * MINUTE)
        await entered(product, "Anker", "clock:change:remind")
        for _ in range(9):
            await product.slack.advance(5 * MINUTE)
        for name in NAMES[:3]:
            await entered(product, name, "clock:change:expire")
        shown = await figures(product)
        assert shown['upgrade_desk_slack_trouble{code="status 503"}'] >= 1
        assert shown["upgrade_desk_outbox_oldest_seconds"] >= 50 * MINUTE
        assert {name: len([each for each in posted(product) if name in each.text]) for name in NAMES} == told_before
    await all_sent(product)
    for name in NAMES[:3]:
        expired = await outcome(heidi, "EXPIRED", customer=name)
        assert [each["ts"] for each in await heidi.messages(heidi.direct) if name in reading(each)] == [expired["ts"]]
        standing = await heidi.wait_for_message(APPROVALS, containing=name)
        assert "EXPIRED" in reading(standing)
        numbers = thread_of(product, standing)
        assert numbers
        assert numbers == sorted(set(numbers))
    await outcome(sven, EN.completed, customer="Ebbe")
    await card(sven, "Ebbe", EN.completed)
    await nothing_lost(product)
    for name, orders in (("Anker", 0), ("Boje", 0), ("Deich", 0), ("Ebbe", 1)):
        await ordered_once(product, OF[name]["id"], orders=orders)
    after = await product.person("sales_agent", locale="en-US")
    await ordered(after, await asked(after, "flut.example"), "Office 365 E3", EN)
    await outcome(after, EN.completed, customer="Flut")
