"""The page's switch for Slack's own troubles, and what the app makes of them, in Chromium."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import expect

from bot.workspace.sample import GENERAL, PEOPLE
from tests.support.browser import Visitor, chromium, visitor
from tests.support.outages import all_sent, nothing_lost
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription

pytestmark = pytest.mark.browser

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """A product of this test's own."""
    async with running_product(tmp_path, customers=[FINE]) as running:
        yield running


async def switched(page: Visitor, kind: str) -> None:
    """Choose a trouble at the page."""
    await page.thread.get_by_role("combobox", name="Slack itself").select_option(label=kind)
    await page.thread.get_by_role("button", name="Apply").click()
    await expect(page.thread.get_by_text(f"From now on: {kind}")).to_be_visible()


async def test_an_order_while_the_channels_are_archived_is_told_there_when_they_are_back(product: Product) -> None:
    """The order goes on and its asker is told; the audit waits, and nothing is lost."""
    async with chromium() as browser, visitor(browser, address=product.slack.url) as window:
        await product.person("sales_agent", locale="en-US")
        page = await window.open(member=PEOPLE["sales_agent"], channel=GENERAL)
        await page.page.get_by_role("button", name="Try out").click()
        await switched(page, "The app's channels are archived")
        await page.say("/upgrade-options Fabrikam AG")
        await page.message("Fabrikam AG").get_by_role("button").filter(has_text="Office 365 E3").first.click()
        await page.modal_opens("Confirm the upgrade")
        await page.fill("Ticket or reason", "4711")
        await page.press("Place binding order")
        await page.modal_opens("Recorded")
        await page.page.keyboard.press("Escape")
        await page.modal_closes()
        await page.visit("Upgrade Desk")
        await page.page.get_by_role("button", name="Messages", exact=True).click()
        await expect(page.message("COMPLETED")).to_be_visible()
        await page.visit("audit")
        await expect(page.message("Fabrikam AG")).to_have_count(0)
        await switched(page, "Works")
        await all_sent(product)
        await expect(page.message("Fabrikam AG")).to_contain_text("COMPLETED")
        await nothing_lost(product)
        assert await product.orders() == 1
