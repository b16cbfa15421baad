"""Slack and the service say nothing, a hundred people wait: the database is free for whoever decides (issue 4, 5)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.bootstrap.application import Application
from bot.eligibility.service.faults import FaultKind
from bot.workspace.faults import RESPONSE_URL
from bot.workspace.sample import APPROVALS, GENERAL
from storage.database import Database
from tests.journeys.steps import EN, asked, confirming, ordered_once, outcome
from tests.support.call_guard import HeldAcrossACall, no_connection_across_a_call
from tests.support.engines import PostgresTemplate
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for

COMMANDS: Final = 120
BOOK: Final = [
    customer(f"Kunde {number} AG", subscription(BASIC, 4), domain=f"kunde-{number}.example") for number in range(6)
]
WAITING, OTHERS = BOOK[0], BOOK[1:]
TARGET: Final = "Office 365 E3"
PEOPLE: Final = ("sales_agent", "admin_agent", "user_admin")


@pytest.fixture
async def product(tmp_path: Path, postgres_template: PostgresTemplate) -> AsyncIterator[Product]:
    """On PostgreSQL, with a pool of the usual size."""
    with postgres_template.copied() as url, capture_logs():
        async with running_product(tmp_path, customers=BOOK, transport="http", database_url=url) as running:
            yield running


def in_use(app: Application) -> int:
    """Connections that somebody holds just now."""
    pool: Any = app.desk.database._open_engines.writer.pool  # noqa: SLF001 - nothing else counts them
    return int(pool.checkedout())


async def sheet(product: Product, chief: Person) -> dict[str, Any]:
    """Something waits for an approval, and the sheet to approve it is on the screen."""
    helga = await product.person("helpdesk_agent", locale="en-US")
    await confirming(helga, await asked(helga, WAITING["domain"]), TARGET, EN)
    assert (await helga.submit({EN.field: "4711"}))["result"] == "updated"
    card = await chief.wait_for_message(APPROVALS, containing="Kunde 0 AG")
    await chief.press(card, "Check and approve")
    return await chief.wait_for_modal(containing="Kunde 0 AG")


async def test_a_decision_goes_through_while_everything_else_hangs(product: Product) -> None:
    """A hundred and twenty commands and presses wait for the service, their answers and the outbox for Slack."""
    chief = await product.person("global_admin", locale="en-US")
    people = [await product.person(who, locale="en-US") for who in PEOPLE]
    lists = [await asked(one, each["domain"]) for one, each in zip(people, OTHERS, strict=False)]
    await sheet(product, chief)
    slack = product.slack.server.workspace.faults
    with (
        product.faults.armed(FaultKind.HANG),
        slack.armed("hang"),
        slack.armed("hang", RESPONSE_URL),
    ):
        commands = (
            people[number % len(people)].send(GENERAL, f"/upgrade-options {OTHERS[number % len(OTHERS)]['domain']}")
            for number in range(COMMANDS)
        )
        presses = (one.press(listed, TARGET) for one, listed in zip(people, lists, strict=True))
        answers = await asyncio.gather(*commands, *presses)
        # A press that opens a modal is answered by Slack's own views.open; a command is acknowledged in any case.
        assert all(each["ok"] for each in answers[:COMMANDS])
        decided = await chief.submit({})
        assert decided["result"] == "updated", decided
        assert "did not work" not in decided["view"]["title"]["text"], decided

        async def free() -> bool:
            return in_use(product.app) == 0

        await wait_for(free, within=20, wanted="a pool that nobody holds a connection of")
    await outcome(await product.person("helpdesk_agent"), EN.completed, customer="Kunde 0 AG", within=60)
    await ordered_once(product, WAITING["id"])


async def test_whoever_asks_the_network_in_a_transaction_is_found(database: Database) -> None:
    """The guard that stands around every journey."""
    async with aiohttp.ClientSession() as session:
        with no_connection_across_a_call() as refused:
            async with database.read():
                with pytest.raises(HeldAcrossACall):
                    await session.get("http://127.0.0.1:9/")
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get("http://127.0.0.1:9/")
    assert refused == ["GET http://127.0.0.1:9/"]
