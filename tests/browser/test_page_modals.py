import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.sample import PEOPLE
from tests.browser.conftest import OpenPage
from tests.support.browser import Visitor
from tests.support.workspace_client import RunningWorkspace

pytestmark = pytest.mark.browser
NOAH = PEOPLE["none"]


@pytest.fixture
async def page(app: AsyncWebClient, open_page: OpenPage) -> Visitor:
    """Noah, with the app's modal open."""
    visitor = await open_page(member=NOAH)
    await visitor.say("/sampler")
    await visitor.press("Open")
    await visitor.modal_opens("Confirm")
    return visitor


async def test_errors_stand_at_their_field_and_are_read_out_with_it(page: Visitor) -> None:
    reason = page.modal.get_by_label("Reason")
    await page.press("Order")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await expect(reason).to_be_focused()
    await page.fill("Reason", "no")
    await expect(reason).not_to_have_attribute("aria-invalid", "true")
    await page.press("Order")
    await expect(reason).to_have_accessible_description("For the trail A better reason, please")


async def test_what_is_filled_in_reaches_the_app(page: Visitor) -> None:
    await page.fill("Reason", "4711")
    await page.choose("Customer", "Contoso L")
    await page.choose("Tags", "Urgent")
    await page.choose("Tags", "Later")
    await page.page.keyboard.press("Escape")
    await page.modal.get_by_role("button", name="Remove Urgent").click()
    await page.press("Order")
    await page.modal_closes()
    await page.visit("Sampler")
    await page.page.get_by_role("button", name="Messages").click()
    await page.wait_for("Ordered: 4711 / Contoso Ltd / Later")


async def test_a_menu_of_the_app_asks_for_enough_to_search_by(page: Visitor) -> None:
    customer = page.modal.get_by_role("combobox", name="Customer")
    await customer.fill("c")
    await expect(page.modal.get_by_text("Type at least 2 characters").last).to_be_visible()
    await customer.fill("zz")
    await expect(page.modal.get_by_text("No results").last).to_be_visible()
    await customer.fill("co")
    await expect(page.modal.get_by_role("option")).to_have_text(["Contoso GmbH", "Contoso Ltd"])


async def test_an_update_keeps_what_was_typed_and_the_focus(page: Visitor) -> None:
    await page.fill("Reason", "half a sent")
    await page.press("Refresh")
    await page.wait_for("Read again", within=page.modal)
    await expect(page.modal.get_by_label("Reason")).to_have_value("half a sent")
    await expect(page.modal.get_by_role("button", name="Refresh")).to_be_focused()


async def test_escape_closes_the_list_first_and_then_the_modal(desk: RunningWorkspace, page: Visitor) -> None:
    await page.modal.get_by_role("combobox", name="Tags").click()
    await expect(page.modal.get_by_role("option")).to_have_count(3)
    await page.page.keyboard.press("Escape")
    await expect(page.modal.get_by_role("option")).to_have_count(0)
    await expect(page.modal).to_be_visible()
    await page.page.keyboard.press("Escape")
    await page.modal_closes()
    assert await desk.member(NOAH).modal() is None
    assert (await page.focused())["text"] == "Open"


async def test_the_focus_stays_inside(page: Visitor) -> None:
    inside = (
        "document.querySelector('dialog').contains(document.activeElement) || document.activeElement === document.body"
    )
    for key in ["Tab"] * 14 + ["Shift+Tab"] * 14:
        await page.page.keyboard.press(key)
        assert await page.page.evaluate(inside)


async def test_a_modal_is_there_again_after_a_reload(page: Visitor) -> None:
    await page.page.reload()
    await page.modal_opens("Confirm")


async def test_a_submission_that_is_not_answered_says_so(
    desk: RunningWorkspace, page: Visitor, app: AsyncWebClient
) -> None:
    await page.fill("Reason", "4711")
    await desk.server.workspace.socket.disconnect("refresh_requested")
    await page.page.route("**/ui/view/submit", lambda route: route.abort())
    await page.press("Order")
    await expect(page.modal.get_by_role("alert")).to_contain_text("The workspace does not answer")
    await expect(page.modal.get_by_label("Reason")).to_have_value("4711")
    page.complaints.clear()
