"""What a user sees in Chromium when an order fails, somebody is faster, or nothing may be ordered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import expect

from bot.desk.stopping import stop_orders
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE, SHARED, TEAM
from tests.support.browser import Visitor, chromium, visitor
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription, user

pytestmark = pytest.mark.browser

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
TWINS: Final = customer(
    "Zwilling & Partner",
    subscription(BASIC, 5, friendlyName="Standort"),
    subscription(BASIC, 5, friendlyName="Standort"),
    domain="zwilling.example",
)
AFTERWARDS: Final = customer(
    "Nacharbeit GmbH", subscription(BASIC, 1), users=[user("Anna Becker"), user("Felix Braun")], domain="na.example"
)
BOOK: Final = [FINE, TWINS, AFTERWARDS]
Opens = Callable[..., Awaitable[Visitor]]


@asynccontextmanager
async def windows(product: Product) -> AsyncIterator[Opens]:
    """Windows on the page of a product: one per person, in a language."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium())

        async def opened(who: str, *, locale: str = "en-US", channel: str = GENERAL) -> Visitor:
            await product.person(who, locale=locale)
            page = await stack.enter_async_context(visitor(browser, address=product.slack.url))
            return await page.open(member=PEOPLE[who], channel=channel)

        yield opened


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """A product of this test's own."""
    async with running_product(tmp_path, customers=BOOK) as running:
        yield running


@pytest.fixture
async def opens(product: Product) -> AsyncIterator[Opens]:
    """Windows on it."""
    async with windows(product) as opened:
        yield opened


async def pressed(page: Visitor, what: str, button: str = "Office 365 E3") -> None:
    """Ask for a customer and press a target."""
    await page.say(f"/upgrade-options {what}")
    found = page.message(what).get_by_role("button").filter(has_text=button)
    await found.first.click()


async def confirmed(page: Visitor, *, note: str = "4711", german: bool = False) -> None:
    """Fill the confirmation in and submit it."""
    await page.modal_opens("Upgrade bestätigen" if german else "Confirm the upgrade")
    await page.fill("Ticket oder Grund" if german else "Ticket or reason", note)
    await page.press("Verbindlich bestellen" if german else "Place binding order")
    await page.modal_opens("Erfasst" if german else "Recorded")
    await page.page.keyboard.press("Escape")
    await page.modal_closes()


async def direct(page: Visitor, *, german: bool = False) -> None:
    """Go to the messages of the app."""
    await page.visit("Upgrade Desk")
    await page.page.get_by_role("button", name="Nachrichten" if german else "Messages").click()


@pytest.mark.parametrize(
    ("kind", "told", "orders"),
    [
        ("Refused: something is in the way (409)", "FAILED · nothing was ordered", 0),
        ("The service breaks (500)", "OUTCOME NOT CLEAR", 0),
        ("Carried out, but the answer is lost", "OUTCOME NOT CLEAR", 1),
        ("Accepted, carried out later (202)", "ACCEPTED · being carried out", 1),
        ("Too many requests (429)", "tried in vain, next try", 0),
    ],
)
async def test_an_order_made_to_fail_by_the_pages_control(
    product: Product, opens: Opens, kind: str, told: str, orders: int
) -> None:
    """Each kind has its words on the card; after the hour that the page's clock gives it, the end that is true."""
    page = await opens("sales_agent")
    await page.page.get_by_role("button", name="Try out").click()
    await page.thread.get_by_role("combobox", name="The next order").select_option(label=kind)
    await page.thread.get_by_role("button", name="Set").click()
    await expect(page.thread.get_by_text(f"Set for one order: {kind}")).to_be_visible()
    await pressed(page, "Fabrikam AG")
    await confirmed(page)
    await page.visit("audit")
    await expect(page.message("Fabrikam AG")).to_contain_text(told)
    assert await product.orders(FINE["id"]) == orders
    await page.thread.get_by_label("Hours").fill("1")
    await page.thread.get_by_role("button", name="Move forward").click()
    ended = told if told.startswith("FAILED") or "500" in kind else "COMPLETED"
    await expect(page.message("Fabrikam AG")).to_contain_text(ended)
    assert await product.orders(FINE["id"]) == int(ended == "COMPLETED")
    await product.check_trail()


@pytest.mark.parametrize("german", [False, True], ids=["english", "german"])
async def test_request_again_is_prefilled_and_goes_through(product: Product, opens: Opens, *, german: bool) -> None:
    """From the direct message of a failed order."""
    page = await opens("sales_agent", locale="de-DE" if german else "en-US")
    product.faults.arm("conflict", method="POST")
    await pressed(page, "Fabrikam AG")
    await confirmed(page, note="Ticket 4711", german=german)
    await direct(page, german=german)
    await page.wait_for("FEHLGESCHLAGEN" if german else "FAILED")
    await page.press("Neu beantragen" if german else "Request again", within=page.log)
    modal = await page.modal_opens("Upgrade bestätigen" if german else "Confirm the upgrade")
    field = modal.get_by_label("Ticket oder Grund" if german else "Ticket or reason")
    await expect(field).to_have_value("Ticket 4711")
    await page.press("Verbindlich bestellen" if german else "Place binding order")
    await page.modal_opens("Erfasst" if german else "Recorded")
    await page.page.keyboard.press("Escape")
    await page.wait_for("ABGESCHLOSSEN" if german else "COMPLETED")
    assert await product.orders(FINE["id"]) == 1


async def test_names_of_accounts_are_shown_to_the_asker_alone(product: Product, opens: Opens) -> None:
    """In a modal; the card has their number."""
    page = await opens("sales_agent")
    await pressed(page, "Nacharbeit GmbH")
    await confirmed(page)
    await direct(page)
    await page.wait_for("Follow-up work: ")
    await page.press("Show the list", within=page.log)
    modal = await page.modal_opens("Follow-up work")
    await expect(modal.get_by_text("Felix Braun")).to_be_visible()
    await page.page.keyboard.press("Escape")
    await page.press("Text for the customer", within=page.log)
    modal = await page.modal_opens("Text for the customer")
    await expect(modal).to_contain_text("ein Upgrade auf")  # the customer is billed in German
    await page.press("In English", within=modal)
    await expect(page.modal).to_contain_text("has been upgraded to")
    await page.page.keyboard.press("Escape")
    other = await opens("admin_agent", channel=AUDIT)
    await expect(other.message("Nacharbeit GmbH")).to_contain_text("Follow-up work: ")
    await expect(other.log).not_to_contain_text("Felix Braun")


async def test_a_second_person_is_told_who_has_it_and_led_to_the_card(product: Product, opens: Opens) -> None:
    """Before the deed, while nobody knows what became of the first order."""
    first, second = await opens("sales_agent", locale="de-DE"), await opens("admin_agent")
    product.faults.arm("error", method="POST")
    await second.say("/upgrade-options Fabrikam AG")
    button = second.message("Fabrikam AG").get_by_role("button").filter(has_text="Office 365 E3")
    await expect(button).to_be_visible()
    await pressed(first, "Fabrikam AG")
    await confirmed(first, german=True)
    await first.visit("audit")
    await expect(first.message("Fabrikam AG")).to_contain_text("OUTCOME NOT CLEAR")
    await button.click()
    modal = await second.modal_opens("Not possible now")
    await expect(modal).to_contain_text("@Sven Brandt already has an open change")
    link = modal.get_by_role("link", name="Open the card").or_(modal.get_by_role("button", name="Open the card"))
    await expect(link).to_be_visible()
    assert await product.orders(FINE["id"]) == 0


async def test_twins_are_told_apart(product: Product, opens: Opens) -> None:
    """The button, the modal and the outcome name the same one."""
    page = await opens("sales_agent")
    first, second = (each["id"] for each in TWINS["subscriptions"])
    await pressed(page, "Zwilling & Partner", f"Office 365 E3 …{second[-4:]}")
    modal = await page.modal_opens("Confirm the upgrade")
    await expect(modal).to_contain_text(second[-4:])
    await expect(modal).not_to_contain_text(first[-4:])
    await confirmed(page)
    await direct(page)
    await page.wait_for("COMPLETED")
    await expect(page.message("COMPLETED")).to_contain_text(second)


async def test_guests_and_other_organisations_are_refused(product: Product, opens: Opens) -> None:
    """A guest at the command, a member of another organisation at a button of the shared channel."""
    guest = await opens("guest", locale="de-DE")
    await guest.say("/upgrade-options Fabrikam AG")
    await guest.wait_for("Gäste dieses Workspace")
    sven = await product.person("sales_agent", locale="en-US")
    await sven.send(SHARED, "/upgrade-options Fabrikam AG")
    listed = await sven.wait_for_message(SHARED, containing="Fabrikam AG")
    await product.app.client.chat_postMessage(channel=SHARED, text="list", blocks=listed["blocks"])
    erik = await opens("external", channel=SHARED)
    await erik.log.get_by_role("button").filter(has_text="Office 365 E3").click()
    modal = await erik.modal_opens("That did not work")
    await expect(modal).to_contain_text("Only members of the organisation that runs Upgrade Desk")
    reasons = {str(row.entry.reason) for row in await product.trail() if row.entry.verdict.value == "refused"}
    assert reasons == {"guest", "other_organisation"}


@pytest.mark.parametrize("mode", ["read_only", "rehearsal"])
async def test_read_only_and_rehearsal_say_so(tmp_path: Path, mode: str) -> None:
    """Looking goes on; nothing is sent."""
    policy = f'[operation]\nmode = "{mode}"\n'
    async with running_product(tmp_path, customers=BOOK, policy=policy) as product, windows(product) as opens:
        page = await opens("sales_agent")
        await pressed(page, "Fabrikam AG")
        if mode == "read_only":
            modal = await page.modal_opens("Not possible now")
            await expect(modal).to_contain_text("set to read only")
            await expect(modal.get_by_role("button", name="Place binding order")).to_have_count(0)
            return
        await page.modal_opens("Confirm the upgrade")
        await page.press("Rehearse the order")
        await page.modal_opens("Recorded")
        await page.page.keyboard.press("Escape")
        await page.visit("audit")
        await expect(page.message("Fabrikam AG")).to_contain_text("REHEARSAL: nothing is really ordered")
        await expect(page.message("Fabrikam AG")).to_contain_text("COMPLETED")
        assert await product.orders() == 0


async def test_stopped_orders_are_said_at_the_button(product: Product, opens: Opens) -> None:
    """The list says it too."""
    await stop_orders(product.app.desk.database, team_ids=(TEAM.id,), by="op")
    page = await opens("sales_agent", locale="de-DE")
    await pressed(page, "Fabrikam AG")
    modal = await page.modal_opens("Jetzt nicht möglich")
    await expect(modal).to_contain_text("angehalten")
    assert await product.orders() == 0
