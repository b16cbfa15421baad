"""The job as a new user does it, in Chromium, on what `make demo` starts (issue 2, 6): in English and in German."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import expect

from bot.bootstrap.demo import Demo, running_demo
from bot.bootstrap.demo_files import DemoFolder
from bot.workspace.sample import TEAM
from tests.support.browser import Visitor, chromium, visitor

pytestmark = pytest.mark.browser
PATIENCE: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a person reads and presses, in one language."""

    language: str
    confirm: str
    facts: tuple[str, ...]
    field: str
    submit: str
    recorded: str
    card: str
    close: str
    messages: str
    completed: str
    replies: str


ENGLISH: Final = Words(
    language="English",
    confirm="Confirm the upgrade",
    facts=("Fabrikam Reisen AG", "fabrikam.example", "12 seats", "This cannot be undone.", "not known"),
    field="Ticket or reason",
    submit="Place binding order",
    recorded="Recorded",
    card="Open the card",
    close="Close",
    messages="Messages",
    completed="COMPLETED",
    replies="repl(?:y|ies)",
)
GERMAN: Final = Words(
    language="Deutsch",
    confirm="Upgrade bestätigen",
    facts=(
        "Fabrikam Reisen AG",
        "fabrikam.example",
        "12 Lizenzen",
        "Kann nicht rückgängig gemacht werden.",
        "nicht bekannt",
    ),
    field="Ticket oder Grund",
    submit="Verbindlich bestellen",
    recorded="Erfasst",
    card="Karte öffnen",
    close="Schließen",
    messages="Nachrichten",
    completed="ABGESCHLOSSEN",
    replies="Antwort(?:en)?",
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


async def audit_of(demo: Demo, customer: str) -> list[str]:
    """What the audit table says about a customer, as `name verdict`."""
    found = await demo.app.desk.service.customers_starting_with(
        "CompanyName", customer, correlation_id=demo.app.desk.ids.uuid()
    )
    async with demo.app.desk.database.read() as tx:
        page = await tx.audit.page(TEAM.id, customer_id=found.customers[0].id, limit=100)
        report = await tx.audit.verify(TEAM.id)
    assert not report.faults
    return [f"{row.entry.name} {row.entry.verdict}" for row in reversed(page.items)]


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["english", "german"])
async def test_a_newcomer_orders_an_upgrade_and_finds_the_trail(demo: Demo, newcomer: Visitor, words: Words) -> None:
    """Open, take a task, press a target, read, confirm, see the outcome, see card and thread, see the entries."""
    page = newcomer
    await page.speak(words.language)
    await page.log.locator("[data-task=order]").click()
    listed = page.message("Büro Köln")
    await expect(listed).to_be_visible(timeout=PATIENCE)
    await listed.get_by_role("button").filter(has_text="Office 365 E3").click()
    modal = await page.modal_opens(words.confirm)
    for fact in words.facts:
        await expect(modal.get_by_text(fact).first).to_be_visible()
    await page.fill(words.field, "Ticket 4711")
    await page.press(words.submit)
    await page.modal_opens(words.recorded)
    link = page.modal.get_by_role("link", name=words.card).or_(page.modal.get_by_role("button", name=words.card))
    await expect(link.first).to_be_visible(timeout=PATIENCE)
    await page.page.keyboard.press("Escape")
    await page.modal_closes()
    await page.visit("Upgrade Desk")
    await page.page.get_by_role("button", name=words.messages).click()
    await page.wait_for(words.completed)
    outcome = page.message(words.completed)
    await expect(outcome).to_contain_text("Fabrikam Reisen AG")
    await page.visit("audit")
    card = page.message("Fabrikam Reisen AG")
    await expect(card).to_contain_text("COMPLETED", timeout=PATIENCE)
    await expect(card).to_contain_text("Ticket 4711")
    # Steps that wait together are told together: as many replies as there were moments to tell them.
    replies = card.get_by_role("button", name=re.compile(rf"[1-3] {words.replies}"))
    await expect(replies).to_be_visible(timeout=PATIENCE)
    await replies.click()
    for step in ("asked for this", "Sent to the service", "Outcome recorded"):
        await expect(page.thread.get_by_text(step).first).to_be_visible(timeout=PATIENCE)
    entries = await audit_of(demo, "Fabrikam Reisen AG")
    for name in ("slack:change:request", "worker:change:send", "worker:change:outcome"):
        assert entries.count(f"{name} done") == 1, entries


async def test_after_switching_the_language_the_next_answer_is_in_it(newcomer: Visitor) -> None:
    """By the time that a command is typed, not a minute later."""
    page = newcomer
    await page.speak("English")
    await page.become("Sven Brandt")
    await page.speak("English")
    await page.visit("general")
    await page.say("/upgrade-options Payload Logistics")
    await page.wait_for("Upgrade possible to")
    await page.speak("Deutsch")
    await page.page.wait_for_timeout(1_000)
    await page.say("/upgrade-options Payload Logistics")
    await page.wait_for("Upgrade möglich auf")


async def test_of_two_customers_of_one_name_one_is_chosen(newcomer: Visitor) -> None:
    """By domain, from a menu; then that one's list."""
    page = newcomer
    await page.speak("English")
    await page.log.locator("[data-task=namesakes]").click()
    await page.wait_for("2 customers are called")
    menu = page.log.get_by_role("combobox", name="Choose a customer")
    await menu.click()
    await page.log.get_by_role("option").filter(has_text="nordwind-kiel.example").click()
    listed = page.message("Kiel")
    await expect(listed.get_by_role("button", name="Refresh")).to_be_visible(timeout=PATIENCE)
    await expect(listed).to_contain_text("nordwind-kiel.example")
    await expect(listed).not_to_contain_text("nordwind-hamburg.example")


@pytest.mark.parametrize(
    ("language", "said"),
    [("English", "Ask a global admin of your organisation"), ("Deutsch", "Bitten Sie einen globalen Administrator")],
)
async def test_whoever_has_no_role_is_told_whom_to_ask(demo: Demo, newcomer: Visitor, language: str, said: str) -> None:
    """And the attempt is in the trail."""
    page = newcomer
    await page.speak(language)
    await page.log.locator("[data-task=nobody]").click()
    await page.wait_for(said)
    async with demo.app.desk.database.read() as tx:
        rows = (await tx.audit.page(TEAM.id)).items
    tried = [f"{row.entry.name} {row.entry.verdict} {row.entry.reason}" for row in rows if row.entry.actor.user_id]
    assert tried == ["slack:options:look refused no_role"]


async def test_forty_subscriptions_are_turned_page_by_page(newcomer: Visitor) -> None:
    """In the same message."""
    page = newcomer
    await page.speak("English")
    await page.become("Amara Okafor")
    await page.visit("general")
    await page.say("/upgrade-options Vierzig Filialen KG")
    await page.wait_for("Page 1 of 4")
    for number, branch in ((2, "Filiale 11"), (3, "Filiale 21"), (4, "Filiale 40")):
        await page.log.get_by_role("button", name=f"Page {number} of 4").last.click()
        await page.wait_for(f"Page {number} of 4 · ")
        await expect(page.message("Vierzig Filialen KG")).to_contain_text(branch)


async def tabbed_to(page: Visitor, text: str, *, back: bool = False, most: int = 80) -> None:
    """Press Tab until what has the focus says so."""
    for _ in range(most):
        if text in (await page.focused())["text"]:
            return
        await page.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{text!r} is not reached by keyboard; last: {await page.focused()}")


async def test_by_keyboard_alone(demo: Demo, newcomer: Visitor) -> None:
    """From the opened page to the order, without a pointer."""
    page = newcomer
    await page.speak("English")
    await tabbed_to(page, "Order an upgrade")
    await page.page.keyboard.press("Enter")
    await expect(page.message("Büro Köln")).to_be_visible(timeout=PATIENCE)
    await tabbed_to(page, "Office 365 E1", back=True)
    await page.page.keyboard.press("Enter")
    await page.modal_opens("Confirm the upgrade")
    field = page.modal.get_by_label("Ticket or reason")
    for _ in range(20):
        if await field.evaluate("each => each === document.activeElement"):
            break
        await page.page.keyboard.press("Tab")
    await page.page.keyboard.type("by keyboard")
    await tabbed_to(page, "Place binding order")
    await page.page.keyboard.press("Enter")
    await page.modal_opens("Recorded")
    await page.page.keyboard.press("Escape")
    await page.modal_closes()
    await page.visit("audit")
    await expect(page.message("Fabrikam Reisen AG")).to_contain_text("COMPLETED", timeout=PATIENCE)
    assert (await audit_of(demo, "Fabrikam Reisen AG")).count("worker:change:send done") == 1
