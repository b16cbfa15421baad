import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.sample import PEOPLE
from tests.browser.conftest import OpenPage
from tests.support.workspace_client import RunningWorkspace

pytestmark = pytest.mark.browser
NOAH = PEOPLE["none"]


async def test_the_switch_sets_the_members_slack_locale_and_the_page(
    desk: RunningWorkspace, app: AsyncWebClient, open_page: OpenPage
) -> None:
    page = await open_page(member=NOAH)
    await page.speak("Deutsch")
    await expect(page.log.get_by_text("Es wird nichts wirklich bestellt.")).to_be_visible()
    user = await app.users_info(user=NOAH, include_locale=True)
    assert user["user"]["locale"] == "de-DE"
    await page.become("Amara Okafor")
    await expect(page.log.get_by_text("Nothing is really ordered.")).to_be_visible()
    await page.become("Noah Price")
    await expect(page.log.get_by_text("Es wird nichts wirklich bestellt.")).to_be_visible()


async def test_what_is_being_written_survives_the_switch(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.page.get_by_role("textbox", name="Message #general").fill("half a sentence")
    await page.speak("Deutsch")
    await expect(page.page.get_by_role("textbox", name="Nachricht an #general")).to_have_value("half a sentence")


async def test_slacks_own_errors_come_in_the_members_language(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=PEOPLE["sales_agent"])
    await page.say("/sampler")
    await page.press("Open")
    await page.modal_opens("Confirm")
    await page.press("Order")
    said = await page.modal.get_by_label("Reason").get_attribute("aria-describedby")
    await expect(page.modal.locator(f"[id='{(said or '').split()[-1]}']")).not_to_contain_text("required")
