"""Seats in Chromium, on what `make demo` starts, in both languages (issue 5, "Seen to work")."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import expect

from bot.bootstrap.demo import Demo, running_demo
from bot.bootstrap.demo_files import DemoFolder
from tests.support.browser import Visitor, chromium, visitor

pytestmark = pytest.mark.browser
PATIENCE: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person reads and presses, in one language."""

    language: str
    sheet: str
    meanings: tuple[str, str]
    field: str
    first: str
    second: str
    above: str
    ask: str
    over: str
    total: str
    bound: str
    note: str
    submit: str
    recorded: str
    messages: str
    completed: str
    reports: str
    confirm: str
    part: str
    stays: str


ENGLISH: Final = Words(
    language="English",
    sheet="Add seats",
    meanings=("25 more", "25 in all"),
    field="Seats to add",
    first="20 → 25 seats (5 more)",
    second="20 → 50 seats (30 more)",
    above="a second person has to approve (more than 25 seats at once)",
    ask="Ask for approval",
    over="The limit is 300 seats in all: at most 280 can be added.",
    total="20 → 27 seats (7 more)",
    bound="Commitment: after the time for giving back, the seats stay until",
    note="Ticket or reason",
    submit="Place binding order",
    recorded="Recorded",
    messages="Messages",
    completed="COMPLETED",
    reports="The service now reports 27 seats.",
    confirm="Confirm the upgrade",
    part="Seats to upgrade",
    stays="15 seats stay with Microsoft 365 Business Basic",
)
GERMAN: Final = Words(
    language="Deutsch",
    sheet="Lizenzen ergänzen",
    meanings=("25 mehr", "25 insgesamt"),
    field="Zusätzliche Lizenzen",
    first="20 → 25 Lizenzen (5 mehr)",
    second="20 → 50 Lizenzen (30 mehr)",
    above="eine zweite Person muss genehmigen (mehr als 25 Lizenzen auf einmal)",
    ask="Genehmigung anfordern",
    over="280",
    total="20 → 27 Lizenzen (7 mehr)",
    bound="Feste Laufzeit: Nach der Rückgabefrist bleiben die Lizenzen bis zum",
    note="Ticket oder Grund",
    submit="Verbindlich bestellen",
    recorded="Erfasst",
    messages="Nachrichten",
    completed="ABGESCHLOSSEN",
    reports="Der Dienst meldet jetzt 27 Lizenzen.",
    confirm="Upgrade bestätigen",
    part="Lizenzen für das Upgrade",
    stays="15 Lizenzen bleiben bei Microsoft 365 Business Basic",
)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """What `make demo` starts, with fresh data."""
    async with running_demo(port=0, folder=DemoFolder(tmp_path / "demo")) as running:
        yield running


@pytest.fixture
async def newcomer(demo: Demo) -> AsyncIterator[Visitor]:
    """Somebody who has just opened the address that `make demo` printed."""
    async with chromium() as browser, visitor(browser, address=demo.address) as page:
        yield await page.open()


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["english", "german"])
async def test_seats_are_added_with_the_total_in_sight(newcomer: Visitor, words: Words) -> None:
    """A number that can mean two things is asked for; the total follows what is typed; order, message, card."""
    page = newcomer
    await page.speak(words.language)
    await page.log.locator("[data-task=seats]").click()
    modal = await page.modal_opens(words.sheet)
    for each in words.meanings:
        await expect(modal.get_by_role("button", name=each, exact=True)).to_be_visible(timeout=PATIENCE)
    await page.press(words.meanings[1])
    await expect(modal.get_by_text(words.first)).to_be_visible(timeout=PATIENCE)
    await expect(modal.get_by_text(words.bound)).to_be_visible()
    field = modal.get_by_label(words.field)
    await field.fill("30")
    await expect(modal.get_by_text(words.second)).to_be_visible(timeout=PATIENCE)
    await expect(modal.get_by_text(words.above)).to_be_visible()
    await expect(modal.get_by_role("button", name=words.ask)).to_be_visible()
    await field.fill("400")
    await expect(modal.get_by_text(words.over).first).to_be_visible(timeout=PATIENCE)
    await field.fill("")
    await field.press_sequentially("7", delay=80)
    await expect(modal.get_by_text(words.total)).to_be_visible(timeout=PATIENCE)
    await page.fill(words.note, "Ticket 4711")
    await page.press(words.submit)
    await page.modal_opens(words.recorded)
    await page.page.keyboard.press("Escape")
    await page.modal_closes()
    await page.visit("Upgrade Desk")
    await page.page.get_by_role("button", name=words.messages).click()
    await page.wait_for(words.completed)
    await expect(page.message("Studio 54")).to_contain_text(words.reports)
    await page.visit("audit")
    card = page.message("Studio 54")
    await expect(card).to_contain_text("COMPLETED", timeout=PATIENCE)
    await expect(card).to_contain_text("20 → 27 seats")


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["english", "german"])
async def test_a_part_of_a_subscription_is_upgraded(newcomer: Visitor, words: Words) -> None:
    """How many of how many stands before the order, and what stays."""
    page = newcomer
    await page.speak(words.language)
    await page.log.locator("[data-task=part]").click()
    listed = page.message("Alle Büros")
    await expect(listed).to_be_visible(timeout=PATIENCE)
    await listed.get_by_role("button").filter(has_text="Office 365 E3").click()
    modal = await page.modal_opens(words.confirm)
    await modal.get_by_label(words.part).fill("10")
    await expect(modal.get_by_text(words.stays)).to_be_visible(timeout=PATIENCE)
    await page.press(words.submit)
    await page.modal_opens(words.recorded)
    await page.page.keyboard.press("Escape")
    await page.modal_closes()
    await page.visit("audit")
    card = page.message("Teilweise Umzug eG")
    await expect(card).to_contain_text("COMPLETED", timeout=PATIENCE)
    await expect(card).to_contain_text("10 of 25 seats")
