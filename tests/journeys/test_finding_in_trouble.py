"""Finding the customer while Slack or the service does not answer (issue 5, 2): in time, and said."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
import pytest_asyncio

from bot.domain.customers import Customer
from bot.eligibility.service.faults import FaultKind
from bot.workspace.faults import RESPONSE_URL
from bot.workspace.sample import GENERAL
from tests.support.product import IMPATIENT, Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import options_of, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

TUNING: Final = IMPATIENT
CONTOSO: Final = "Contoso GmbH"
BOOK: Final = [customer(CONTOSO, subscription(BASIC, 4, friendlyName="Zentrale"), domain="contoso.example")]
SEARCH: Final = "customer.search"
TITLE: Final = "Find the customer"


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _tidy(product: Product) -> AsyncIterator[None]:
    known = [Customer(id=each["id"], name=each["companyName"], domain=each["domain"]) for each in BOOK]
    await product.app.desk.database.customers.add(known)
    yield
    product.slack.server.workspace.faults.clear()
    greta = await product.person("global_admin")
    if await greta.modal() is not None:
        await greta.close(clear=True)


async def opened(product: Product) -> tuple[Person, dict[str, Any]]:
    """Somebody with the modal that asks."""
    greta = await product.person("global_admin", locale="en-US")
    await greta.send(GENERAL, "/upgrade-options")
    return greta, await greta.wait_for_modal(title=TITLE)


async def test_a_slack_that_does_not_say_who_asks_offers_nobody_and_says_so(product: Product) -> None:
    """Within the three seconds; undetermined, not refused: the field stays, and works again when Slack does."""
    greta, view = await opened(product)
    product.clock.advance(timedelta(seconds=61))
    with product.slack.server.workspace.faults.armed("hang", "users.info"):
        answer = await greta.suggest(view, SEARCH, "Contoso")
        assert answer["ok"], answer
        assert options_of(answer) == []
    told = await greta.wait_for_modal(title=TITLE, containing="This took too long")
    assert [block["block_id"] for block in told["blocks"]].count("customer") == 1
    assert options_of(await greta.suggest(told, SEARCH, "Contoso"))

    async def gone() -> bool:
        return "took too long" not in reading(await greta.modal())

    await wait_for(gone, wanted="a modal without the notice")


async def test_a_silent_service_does_not_hold_the_search_up(product: Product) -> None:
    """What the directory knows is offered; whom it does not know is not there, in time."""
    greta, view = await opened(product)
    with product.faults.armed(FaultKind.HANG):
        assert CONTOSO in json.dumps(await greta.suggest(view, SEARCH, "ontos"))
        answer = await greta.suggest(view, SEARCH, "zzqx unknown firm")
        assert answer["ok"], answer
        assert options_of(answer) == []


async def test_a_choice_that_the_service_cannot_read_is_told_where_it_was_asked(product: Product) -> None:
    """The modal is closed by then."""
    greta, view = await opened(product)
    (option,) = options_of(await greta.suggest(view, SEARCH, "Contoso"))
    with product.faults.armed(FaultKind.ERROR):
        assert (await greta.submit({SEARCH: option["value"]}))["result"] == "closed"
        told = await greta.wait_for_message(GENERAL, containing="Reference", where=lambda each: bool(each["ephemeral"]))
    assert "try again" in reading(told)


async def test_a_modal_that_does_not_open_is_told_where_it_was_asked(product: Product) -> None:
    """A trigger lives three seconds."""
    greta = await product.person("global_admin", locale="en-US")
    with product.slack.server.workspace.faults.armed("hang", "views.open"):
        await greta.send(GENERAL, "/upgrade-options")
        await greta.wait_for_message(GENERAL, containing="took too long")


async def test_a_way_back_that_is_cut_is_gone_around(product: Product) -> None:
    """The answer comes into the channel by itself; where Slack takes nothing there, by direct message."""
    faults = product.slack.server.workspace.faults
    greta, view = await opened(product)
    (option,) = options_of(await greta.suggest(view, SEARCH, "Contoso"))
    with faults.armed("html", RESPONSE_URL), faults.armed("refused", "chat.postEphemeral", error="is_archived"):
        assert (await greta.submit({SEARCH: option["value"]}))["result"] == "closed"
        await greta.wait_for_message(greta.direct, containing="Zentrale")


async def test_a_channel_that_slack_does_not_describe_uses_no_link(product: Product) -> None:
    """Undetermined: nobody's list is shown, and it is no refusal."""
    greta = await product.person("global_admin", locale="en-US")
    await greta.send(GENERAL, f"/customer-link {CONTOSO}")
    await greta.wait_for_message(GENERAL, containing="is linked now")
    with product.slack.server.workspace.faults.armed("html", "conversations.info"):
        await greta.send(GENERAL, "/upgrade-options")
        await greta.wait_for_message(GENERAL, containing="did not say whether")
    assert (await product.trail())[-1].entry.reason == "channel_unreadable"
    await greta.send(GENERAL, "/customer-link off")
    await greta.wait_for_message(GENERAL, containing="no longer linked")


async def test_submitted_twice_it_is_answered_twice_and_harms_nobody(product: Product) -> None:
    """It only reads."""
    greta, view = await opened(product)
    (option,) = options_of(await greta.suggest(view, SEARCH, "Contoso"))
    product.slack.server.workspace.faults.arm_delivery("at_once", parcels="interactive")
    before = {each["ts"] for each in await greta.messages(GENERAL)}
    await greta.submit({SEARCH: option["value"]})
    await greta.wait_for_message(
        GENERAL, containing="Zentrale", where=lambda each: bool(each["ephemeral"]) and each["ts"] not in before
    )
    assert await product.orders() == 0
