import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.sample import PEOPLE
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
NOAH = PEOPLE["none"]
NAMED = {
    "button", "link", "textbox", "combobox", "radio", "checkbox", "listbox", "menu", "menuitem", "option", "dialog",
    "radiogroup", "log", "navigation", "complementary", "region", "article", "spinbutton", "Date", "heading",
}  # fmt: skip


async def test_everything_that_can_be_used_has_a_name(app: AsyncWebClient, open_page: OpenPage) -> None:
    """By Chromium's own accessibility tree: channel, modal, panel, home, in both languages."""
    page = await open_page(member=NOAH)
    await page.say("/sampler")
    await page.wait_for("Small print")

    async def nameless() -> list[dict[str, object]]:
        nodes = await page.accessible()
        return [node for node in nodes if node["role"] in NAMED and not str(node["name"]).strip()]

    for language in ("English", "Deutsch"):
        await page.speak(language)
        assert await nameless() == []
        await page.press("Open")
        await page.modal_opens("Confirm")
        assert await nameless() == []
        await page.page.keyboard.press("Escape")
        await page.modal_closes()
        await page.page.get_by_role("banner").locator(".try-button").click()
        assert await nameless() == []
        await page.page.keyboard.press("Escape")
    await page.visit("Sampler")
    assert await nameless() == []


async def test_the_page_has_landmarks_one_title_and_a_live_log(open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    for role in ("banner", "main"):
        await expect(page.page.get_by_role(role)).to_have_count(1)
    await expect(page.page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(page.log).to_have_attribute("aria-live", "polite")
    await expect(page.page.get_by_role("navigation", name="Channels")).to_be_visible()
    await expect(page.page.locator("[id]")).to_have_count(
        await page.page.evaluate("new Set([...document.querySelectorAll('[id]')].map((node) => node.id)).size")
    )


async def test_tab_reaches_everything_and_the_focus_is_seen(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.say("/sampler")
    await page.wait_for("Small print")
    await page.page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(80):
        await page.page.keyboard.press("Tab")
        mark, visible = await page.page.evaluate(
            """() => {
              const node = document.activeElement;
              const framed = node.closest('.combobox-field, .composer-box, label') ?? node;
              const shown = (one) => {
                const { outlineStyle, outlineWidth } = getComputedStyle(one);
                return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
              };
              node.dataset.reached = 'yes';
              const seen = node === document.body || [node, framed, ...framed.children].some(shown);
              return [node.outerHTML.slice(0, 120), seen];
            }"""
        )
        assert visible, mark
        reached.add(mark)
    missed = await page.page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, textarea, select')]
          .filter((node) => node.checkVisibility({visibilityProperty: true}) && node.tabIndex >= 0)
          .filter((node) => !node.dataset.reached
            && !(node.type === 'radio' && document.querySelector(`input[name="${node.name}"][data-reached]`)))
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert missed == []


async def test_the_job_is_done_by_keyboard_alone(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    keyboard = page.page.keyboard
    await page.page.evaluate("document.activeElement.blur()")
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    assert (await page.focused())["text"] == "Skip to the message box"
    await keyboard.press("Enter")
    await keyboard.type("/sam")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await page.wait_for("Small print")
    for _ in range(40):
        await keyboard.press("Shift+Tab")
        if (await page.focused())["text"] == "Open":
            break
    await keyboard.press("Space")
    await page.modal_opens("Confirm")
    await keyboard.type("4711")
    await keyboard.press("Tab")
    await keyboard.type("fab")
    await expect(page.modal.get_by_role("option", name="Fabrikam")).to_be_visible()
    await keyboard.press("Enter")
    await keyboard.press("Shift+Tab")
    await keyboard.press("Enter")
    await page.modal_closes()
    await page.visit("Sampler")
    await page.page.get_by_role("button", name="Messages").press("Enter")
    await page.wait_for("Ordered: 4711 / Fabrikam / ")


async def test_arrow_keys_walk_through_the_messages(app: AsyncWebClient, open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    for text in ("one", "two", "three"):
        await page.say(text)
        await page.wait_for(text)
    await page.log.focus()
    for text in ("three", "two", "one"):
        await page.page.keyboard.press("ArrowUp")
        assert text in (await page.focused())["text"]


async def test_less_motion_is_respected(open_page: OpenPage) -> None:
    page = await open_page(member=NOAH)
    await page.page.emulate_media(reduced_motion="reduce")
    moving = """[...document.querySelectorAll('*')].map((node) => getComputedStyle(node))
      .filter((style) => style.transitionProperty !== 'none' && style.transitionDuration !== '0s').length"""
    assert await page.page.evaluate(moving) == 0
