"""A list of accounts worked off in Chromium, on what `make demo` starts (issue 5, 3): in English and in German."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import expect

from bot.bootstrap.demo import running_demo
from bot.bootstrap.demo_files import DemoFolder
from tests.support.browser import Visitor, chromium, visitor

pytestmark = pytest.mark.browser
PATIENCE: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person reads and presses, in one language."""

    language: str
    submit: str
    recorded: str
    messages: str
    completed: str
    list: str
    title: str
    open: str
    done: str
    all_done: str
    give: str
    hand_over: str
    colleague: str
    handed_over: str
    text: str


ENGLISH: Final = Words(
    language="English",
    submit="Place binding order",
    recorded="Recorded",
    messages="Messages",
    completed="COMPLETED",
    list="Show the list",
    title="Follow-up work",
    open="Open: {} of 5 accounts",
    done="Tick off: {}",
    all_done="All accounts are done.",
    give="Hand over",
    hand_over="Hand the list over",
    colleague="Colleague",
    handed_over="Handed over",
    text="Text for the customer",
)
GERMAN: Final = Words(
    language="Deutsch",
    submit="Verbindlich bestellen",
    recorded="Erfasst",
    messages="Nachrichten",
    completed="ABGESCHLOSSEN",
    list="Liste anzeigen",
    title="Nacharbeit",
    open="Offen: {} von 5 Konten",
    done="Abhaken: {}",
    all_done="Alle Konten sind erledigt.",
    give="Übergeben",
    hand_over="Liste übergeben",
    colleague="Kollegin oder Kollege",
    handed_over="Übergeben",
    text="Text für den Kunden",
)


@pytest.fixture
async def newcomer(tmp_path: Path) -> AsyncIterator[Visitor]:
    """Somebody at a fresh demo."""
    async with (
        running_demo(port=0, folder=DemoFolder(tmp_path / "demo")) as demo,
        chromium() as browser,
        visitor(browser, address=demo.address) as page,
    ):
        yield await page.open()


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["english", "german"])
async def test_a_list_is_ticked_and_handed_over(newcomer: Visitor, words: Words) -> None:
    """Order, open the list from the message, tick by keyboard and pointer, hand it over, read the customer's text."""
    page = newcomer
    await page.speak(words.language)
    await page.log.locator("[data-task=follow-ups]").click()
    listed = page.message("nacharbeit.example")
    await expect(listed).to_be_visible(timeout=PATIENCE)
    await listed.get_by_role("button").filter(has_text="Office 365 E3").click()
    await expect(page.modal.get_by_role("button", name=words.submit)).to_be_visible(timeout=PATIENCE)
    await page.press(words.submit)
    await page.modal_opens(words.recorded)
    await page.page.keyboard.press("Escape")
    await page.visit("Upgrade Desk")
    await page.page.get_by_role("button", name=words.messages).click()
    await page.wait_for(words.completed)
    outcome = page.message(words.completed)
    await page.press(words.list, within=outcome)
    modal = await page.modal_opens(words.title)
    await expect(modal.get_by_text(words.open.format(5)).first).to_be_visible(timeout=PATIENCE)
    await modal.get_by_role("button", name=words.done.format("Ida Schulz")).click()
    await expect(page.modal.get_by_text(words.open.format(4)).first).to_be_visible(timeout=PATIENCE)
    await page.press(words.give, within=page.modal)
    await page.modal_opens(words.hand_over)
    await page.choose(words.colleague, "Amara", within=page.modal)
    await page.press(words.give, within=page.modal)
    await page.modal_opens(words.handed_over)
    await page.page.keyboard.press("Escape")
    await page.modal_opens(words.title)
    for name in ("Felix Braun", "Marie Kaiser", "Greta Lang", "Ben Fuchs"):
        button = page.modal.get_by_role("button", name=words.done.format(name), exact=True)
        await button.focus()
        await page.page.keyboard.press("Enter")
        await expect(button).to_have_count(0, timeout=PATIENCE)
    await expect(page.modal.get_by_text(words.all_done).first).to_be_visible(timeout=PATIENCE)
    await page.page.keyboard.press("Escape")
    await page.modal_closes()
    await page.press(words.text, within=outcome)
    await page.modal_opens(words.text)
    await expect(page.modal.get_by_text("Nacharbeit Pflegedienst").first).to_be_visible(timeout=PATIENCE)
