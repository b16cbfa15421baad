import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.sample import GENERAL, PEOPLE
from tests.browser.conftest import OpenPage
from tests.support.browser import Visitor
from tests.support.sampler_app import options, plain

pytestmark = pytest.mark.browser
NOAH = PEOPLE["none"]


@pytest.fixture
async def page(app: AsyncWebClient, open_page: OpenPage) -> Visitor:
    """Noah, with one of everything in front of him."""
    visitor = await open_page(member=NOAH)
    await visitor.say("/sampler")
    await visitor.wait_for("Small print")
    return visitor


async def test_the_box_offers_commands_with_their_use(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.page.get_by_role("textbox", name="Message #general").press_sequentially("/")
    offered = page.page.get_by_role("listbox", name="Commands").get_by_role("option")
    await expect(offered).to_have_text(["/sampler [what]Show one of everything", "/silent Never acknowledged"])
    await page.page.keyboard.press("Enter")
    await expect(offered).to_have_count(0)
    await expect(page.page.get_by_role("paragraph").get_by_text("/sampler [what]")).to_be_visible()
    await page.page.keyboard.press("Enter")
    await page.wait_for("One of everything")


async def test_a_command_that_is_not_acknowledged_shows_slacks_error(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.say("/silent")
    await expect(page.page.get_by_text("/silent is on its way")).to_be_visible()
    await expect(page.message("operation_timeout")).to_contain_text("Slackbot")
    await expect(page.page.get_by_text("/silent is on its way")).to_have_count(0)


async def test_a_button_is_pending_until_answered_and_shows_what_went_wrong(page: Visitor) -> None:
    silent = page.log.get_by_role("button", name="Silent")
    await silent.click()
    await expect(silent).to_have_attribute("aria-busy", "true")
    await expect(page.log.get_by_role("alert")).to_contain_text("did not respond")
    await expect(silent).not_to_have_attribute("aria-busy", "true")


async def test_a_dangerous_button_asks_first(page: Visitor) -> None:
    await page.press("Erase")
    await expect(page.modal).to_contain_text("It is gone then.")
    await page.press("Keep")
    await page.modal_closes()
    assert (await page.focused())["text"] == "Erase"
    await page.press("Erase")
    await page.press("Erase")
    await expect(page.log.get_by_text("Small print")).to_have_count(0)


async def test_menus_are_filtered_and_chosen_from(page: Visitor) -> None:
    await page.log.get_by_role("combobox", name="Colour").click()
    await expect(page.log.get_by_role("option")).to_have_text(["Red", "Green", "Blue"])
    await page.page.keyboard.type("gr")
    await expect(page.log.get_by_role("option")).to_have_text(["Green"])
    await page.page.keyboard.press("Enter")
    await page.wait_for("Chosen: Green")
    await expect(page.log.get_by_role("combobox", name="Colour")).to_have_value("Green")


async def test_the_overflow_menu_is_a_menu(page: Visitor) -> None:
    more = page.message("Small print").get_by_role("button", name="More actions").first
    await more.press("Enter")
    await page.page.keyboard.press("ArrowDown")
    await page.page.keyboard.press("Enter")
    await page.wait_for("Chosen: Second")


async def test_a_press_brings_along_what_else_is_chosen(page: Visitor) -> None:
    await page.log.get_by_role("radio", name="Large").check()
    await page.wait_for("Chosen: Large")
    await page.log.get_by_role("checkbox", name="Milk").check()
    await page.wait_for("Extras: Milk; size: Large")


async def test_what_was_chosen_stays_when_the_message_is_drawn_anew(app: AsyncWebClient, open_page: OpenPage) -> None:
    picks = {"type": "static_select", "action_id": "later", "placeholder": plain("Pick"), "options": options("A", "B")}
    menu = {"type": "actions", "block_id": "m", "elements": [picks]}
    page = await open_page(member=NOAH)
    head = {"type": "section", "text": plain("before")}
    sent = await app.chat_postMessage(channel=GENERAL, text="x", blocks=[head, menu])
    await page.choose("Pick", "B")
    await app.chat_update(channel=GENERAL, ts=sent["ts"], text="x", blocks=[{**head, "text": plain("after")}, menu])
    await page.wait_for("after")
    await expect(page.log.get_by_role("combobox", name="Pick")).to_have_value("B")


async def test_home_is_published_and_its_buttons_work(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.visit("Sampler")
    await expect(page.page.get_by_text("Welcome home")).to_be_visible()
    await page.page.get_by_role("region", name="Home of Sampler").get_by_role("button", name="Open").click()
    await page.modal_opens("Confirm")


async def test_a_global_shortcut_opens_a_modal(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.page.get_by_role("button", name="Shortcuts").click()
    await page.page.get_by_role("menuitem", name="Ask").click()
    await page.modal_opens("From anywhere")
