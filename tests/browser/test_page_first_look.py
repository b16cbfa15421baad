import pytest
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.sample import AUDIT, GENERAL, PEOPLE
from tests.browser.conftest import Levers, OpenPage
from tests.support.browser import visitor
from tests.support.workspace_client import RunningWorkspace

pytestmark = pytest.mark.browser


async def test_the_page_opens_on_tasks_and_says_that_nothing_is_really_ordered(open_page: OpenPage) -> None:
    page = await open_page(member=PEOPLE["none"])
    await expect(page.log.get_by_text("Nothing is really ordered.")).to_be_visible()
    assert await page.log.locator("[data-task]").count() >= 6


async def test_a_task_becomes_its_member_and_really_runs(
    desk: RunningWorkspace, app: AsyncWebClient, open_page: OpenPage
) -> None:
    """The sampler has no /upgrade-options, so that Slack's own refusal is the answer, and in sight at once."""
    page = await open_page(member=PEOPLE["none"])
    await page.log.locator("[data-task=look]").click()
    await expect(page.page.get_by_role("banner")).to_contain_text("Heidi Vogel · Helpdesk agent")
    await expect(page.log.get_by_role("article").last).to_contain_text("/upgrade-options")
    await expect(page.log.get_by_role("article").last).to_be_in_viewport()
    assert await desk.member(PEOPLE["helpdesk_agent"]).messages(GENERAL)


async def test_every_member_is_listed_with_their_role_and_standing(open_page: OpenPage) -> None:
    page = await open_page(member=PEOPLE["none"])
    await page.page.get_by_role("button", name="You are: Noah Price · No partner role").click()
    members = page.page.get_by_role("option")
    assert await members.count() == len(PEOPLE)
    await expect(members.filter(has_text="Sven Brandt")).to_contain_text("Sales agent")
    await expect(members.filter(has_text="Sally Moor")).to_contain_text("Guest")
    await expect(members.filter(has_text="Erik Contoso")).to_contain_text("Other organisation")
    await page.page.keyboard.press("Escape")
    await page.become("Greta Lindqvist")
    await expect(page.page.get_by_role("banner")).to_contain_text("Global admin")


async def test_a_link_opens_a_view_and_going_back_returns(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=PEOPLE["none"], channel=AUDIT)
    await expect(page.page.get_by_role("heading", level=2, name="audit")).to_be_visible()
    await page.visit("approvals")
    await page.page.go_back()
    await expect(page.page.get_by_role("heading", level=2, name="audit")).to_be_visible()


async def test_the_controls_move_the_clock_and_arm_the_next_order(
    open_page: OpenPage, levers: Levers, clock: object
) -> None:
    page = await open_page(member=PEOPLE["none"])
    await page.page.get_by_role("button", name="Try out").click()
    panel = page.thread
    await panel.get_by_role("button", name="+24 h").click()
    await expect(panel.get_by_text("Moved forward by 24 h.")).to_be_visible()
    await panel.get_by_label("Hours").fill("1.5")
    await panel.get_by_role("button", name="Move forward").click()
    await expect(panel.get_by_text("Moved forward by 1.5 h.")).to_be_visible()
    await panel.get_by_role("combobox", name="The next order").select_option("cut")
    await panel.get_by_role("button", name="Set").click()
    await expect(panel.get_by_text("Set for one order: Carried out, but the answer is lost")).to_be_visible()
    assert levers.armed == ["cut"]


async def test_dark_is_the_systems_choice_or_the_members(open_page: OpenPage) -> None:
    page = await open_page(member=PEOPLE["none"], dark=True)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert await page.page.evaluate(ground) == "rgb(22, 25, 31)"
    await page.page.get_by_text("Light", exact=True).click()
    assert await page.page.evaluate(ground) == "rgb(255, 255, 255)"


async def test_nothing_is_wider_than_a_narrow_window(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=PEOPLE["none"], width=360, height=740)
    await page.say("/sampler")
    await page.wait_for("One of everything")
    drawer = page.page.get_by_role("button", name="Channels and settings")
    for opened in ("false", "true"):
        await expect(drawer).to_have_attribute("aria-expanded", opened)
        assert await page.page.evaluate("document.documentElement.scrollWidth") == 360
        assert await page.log.evaluate("node => node.scrollWidth - node.clientWidth") == 0
        if opened == "false":
            await drawer.click()
    await page.page.keyboard.press("Escape")
    await expect(page.page.get_by_role("navigation", name="Channels")).to_be_hidden()
    await drawer.click()
    await page.visit("audit")
    await expect(page.page.get_by_role("navigation", name="Channels")).to_be_hidden()


async def test_a_newcomer_is_somebody_who_reads_the_browsers_language(desk: RunningWorkspace, chrome: Browser) -> None:
    for language, welcome in (("de-DE", "Sie sind: Heidi Vogel"), ("en-GB", "You are: Amara Okafor")):
        async with visitor(chrome, address=desk.url, locale=language) as page:
            await page.open()
            await expect(page.page.get_by_role("button", name=welcome)).to_be_visible()
            await expect(page.log.get_by_role("heading", level=3)).to_be_in_viewport()
