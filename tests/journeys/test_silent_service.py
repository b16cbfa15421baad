"""A service that says nothing for a minute (issue 2, 9): given up in bounded time, shortened here."""

from typing import Final

import pytest

from bot.eligibility.service.faults import FaultKind
from tests.journeys.steps import DE, EN, WORDS, asked, card, ordered, ordered_once, outcome
from tests.support.product import IMPATIENT, Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_reading import buttons, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

TUNING: Final = IMPATIENT
FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
SILENT: Final = customer("Still GmbH", subscription(BASIC, 4), domain="silent.example")
DONE: Final = customer("Getan GmbH", subscription(BASIC, 4), domain="done.example")
BOOK: Final = [FINE, SILENT, DONE]
SLOW: Final = {
    "en-US": "The eligibility service took too long",
    "de-DE": "Der Upgrade-Dienst hat zu lange für seine Antwort gebraucht",
}


@pytest.mark.parametrize("locale", WORDS)
async def test_at_reads_it_is_said_that_it_took_too_long(product: Product, locale: str) -> None:
    """To the command and in the modal, with a reference."""
    sven = await product.person("sales_agent", locale=locale)
    listed = await asked(sven, FINE["domain"])
    with product.faults.armed(FaultKind.HANG):
        told = reading(await asked(sven, FINE["domain"]))
        assert SLOW[locale] in told
        assert WORDS[locale].reference in told
        assert (await sven.press(listed, "Office 365 E3"))["ok"]
        told = reading(await sven.wait_for_modal(title=WORDS[locale].failed))
    assert SLOW[locale] in told
    await sven.close(clear=True)
    await ordered_once(product, FINE["id"], orders=0)


async def test_an_order_that_nobody_answers_and_nobody_carried_out_stays_unclear(product: Product) -> None:
    """It is never sent again."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, SILENT["domain"])
    product.faults.arm(FaultKind.HANG, method="POST", path=SILENT["id"], acts=False)
    await ordered(sven, listed, "Office 365 E3", EN)
    await outcome(sven, EN.unclear, customer="Still GmbH")
    assert buttons(await card(sven, "Still GmbH", EN.unclear))[0] == "Check the outcome"
    await product.slack.advance(3_600)
    await ordered_once(product, SILENT["id"], orders=0)


async def test_an_order_that_nobody_answers_and_somebody_carried_out_is_found(product: Product) -> None:
    """By positive evidence, a minute later; ordered once."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, DONE["domain"])
    product.faults.arm(FaultKind.HANG, method="POST", path=DONE["id"], acts=True)
    await ordered(sven, listed, "Office 365 E3", DE)
    await outcome(sven, DE.unclear, customer="Getan GmbH")
    await product.slack.advance(61)
    await outcome(sven, DE.completed, customer="Getan GmbH")
    await ordered_once(product, DONE["id"])
