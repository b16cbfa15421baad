"""The customer found as one types, and by a message, in Chromium, on what `make demo` starts (issue 5)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, expect

from bot.bootstrap.demo import Demo, running_demo
from bot.bootstrap.demo_files import DemoFolder
from tests.support.browser import Visitor, chromium, visitor
from tests.support.workspace_person import wait_for

pytestmark = pytest.mark.browser
PATIENCE: Final = 20_000
FABRIKAM: Final = "Fabrikam Reisen AG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person reads and presses, in one language."""

    language: str
    title: str
    field: str
    submit: str
    more: str
    offered: str
    possible: str
    nobody: str


ENGLISH: Final = Words(
    language="English",
    title="Find the customer",
    field="Customer",
    submit="Show the options",
    more="More actions",
    offered="The message may be about this customer",
    possible="Upgrade possible to",
    nobody="No results",
)
GERMAN: Final = Words(
    language="Deutsch",
    title="Kunden finden",
    field="Kunde",
    submit="Optionen zeigen",
    more="Weitere Aktionen",
    offered="In der Nachricht könnte es um diesen Kunden gehen",
    possible="Upgrade möglich auf",
    nobody="Keine Ergebnisse",
)
BOTH: Final = pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["english", "german"])


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """What `make demo` starts, once the directory has read the sample book."""
    async with running_demo(port=0, folder=DemoFolder(tmp_path / "demo")) as running:

        async def filled() -> bool:
            return (await running.app.desk.database.customers.standing()).as_of is not None

        await wait_for(filled, within=30, wanted="a directory that was read to its end")
        yield running


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Visitor]:
    """Somebody who has just opened the address that `make demo` printed."""
    async with chromium() as browser, visitor(browser, address=demo.address) as found:
        yield await found.open()


async def field(page: Visitor, words: Words) -> Locator:
    """The field of the modal that asks."""
    modal = await page.modal_opens(words.title)
    found = modal.get_by_role("combobox", name=words.field)
    await expect(found).to_be_visible(timeout=PATIENCE)
    return found


async def shortcut_on(page: Visitor, text: str, words: Words) -> None:
    """The shortcut in the menu of a message."""
    message = page.message(text)
    await expect(message).to_be_visible(timeout=PATIENCE)
    await message.hover()
    await message.get_by_role("button", name=words.more).click()
    await message.get_by_role("menuitem", name="Upgrade options").click()


@BOTH
async def test_a_customer_is_found_by_a_typing_error(page: Visitor, words: Words) -> None:
    """The task, the field, one letter wrong, the option, the list in the channel."""
    await page.speak(words.language)
    await page.log.locator("[data-task=find]").click()
    search = await field(page, words)
    await search.click()
    await search.fill("fabirkam")
    option = page.modal.get_by_role("option", name=FABRIKAM)
    await expect(option).to_contain_text("fabrikam.example")
    await option.click()
    await expect(search).to_have_value(f"{FABRIKAM} · fabrikam.example")
    await page.press(words.submit)
    await page.modal_closes()
    await expect(page.message("Büro Köln")).to_contain_text(words.possible, timeout=PATIENCE)


@BOTH
async def test_the_shortcut_on_a_message_opens_whose_address_it_is(page: Visitor, words: Words) -> None:
    """The task writes the message; its menu does the rest, without a question."""
    await page.speak(words.language)
    await page.log.locator("[data-task=message]").click()
    await shortcut_on(page, "anna.weber@fabrikam.example", words)
    await expect(page.message("Büro Köln")).to_contain_text(words.possible, timeout=PATIENCE)
    await expect(page.page.get_by_role("dialog")).to_have_count(0)


@BOTH
async def test_the_shortcut_asks_where_only_a_name_is_said(page: Visitor, words: Words) -> None:
    """The customer whom it may be about stands in the modal and in its menu; anybody else can be typed."""
    await page.speak(words.language)
    await page.visit("general")
    await page.say("Hallo, die Fabrikam Reisen AG fragt nach E3")
    await shortcut_on(page, "fragt nach E3", words)
    search = await field(page, words)
    await expect(page.modal.get_by_text(words.offered)).to_be_visible()
    await search.click()
    await expect(page.modal.get_by_role("option")).to_have_count(1)
    await expect(page.modal.get_by_role("option")).to_contain_text(FABRIKAM)
    await search.fill("zzqx nobody")
    await expect(page.modal.get_by_text(words.nobody).first).to_be_visible(timeout=PATIENCE)
    await search.fill("fabrikam")
    await page.modal.get_by_role("option", name=FABRIKAM).click()
    await page.press(words.submit)
    await page.modal_closes()
    await expect(page.message("Büro Köln")).to_contain_text(words.possible, timeout=PATIENCE)


async def test_namesakes_are_chosen_by_typing_the_domain(page: Visitor) -> None:
    """Slack filters a menu by the text of its options alone, so the domain stands in it."""
    await page.speak("English")
    await page.log.locator("[data-task=namesakes]").click()
    menu = page.log.get_by_role("combobox", name="Choose a customer")
    await expect(menu).to_be_visible(timeout=PATIENCE)
    await menu.click()
    names = await page.log.get_by_role("option").all_inner_texts()
    domain = names[-1].splitlines()[0].rpartition(" · ")[2]
    await menu.fill(domain)
    await expect(page.log.get_by_role("option")).to_have_count(1)
    await page.page.keyboard.press("Enter")
    await expect(page.message(domain)).to_contain_text("as of", timeout=PATIENCE)
