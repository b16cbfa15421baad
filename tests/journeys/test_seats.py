"""Seats, as people add them: with and without approval, and with somebody at the service in between (issue 5, 1)."""

import asyncio
from typing import Any, Final

import pytest

from bot.workspace.sample import APPROVALS
from tests.journeys.seat_steps import (
    EN,
    WORDS,
    changed_at_service,
    seats_at_service,
    sheet_for,
    typed_into,
)
from tests.journeys.steps import asked, card, ordered_once, outcome
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import elements, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES: Final = ("alone", "zwei", "second", "dritt", "raced", "gerast", "unseen", "twice", "field")
BOOK: Final = [
    *[customer(f"{name.title()} GmbH", subscription(BASIC, 20), domain=f"{name}.example") for name in NAMES],
    customer("Teil eG", subscription(BASIC, 25, partialUpgrade=True), domain="teil.example"),
]
BY_NAME: Final = dict(zip(NAMES, BOOK, strict=False))
BY_DOMAIN: Final = {each["domain"]: each for each in BOOK}


@pytest.mark.parametrize(("locale", "name"), [("en-US", "alone"), ("de-DE", "zwei")])
async def test_seats_without_an_approval(product: Product, locale: str, name: str) -> None:
    """Command, sheet with the total, order, direct message with the number that the service reports."""
    words = WORDS[locale]
    sven = await product.person("sales_agent", locale=locale)
    modal = await sheet_for(sven, f"{name}.example +5", words, containing="25")
    assert f"20 → 25 {words.seats}" in reading(modal)
    assert modal["submit"]["text"] == words.order
    done = await sven.submit({words.note: "Ticket 4711"})
    assert done["result"] == "updated", done
    told = await outcome(sven, words.completed, customer=f"{name.title()} GmbH")
    assert f"20 → 25 {words.seats}" in reading(told)
    assert words.reports in reading(told)
    shown = reading(await card(sven, f"{name.title()} GmbH", "COMPLETED"))
    assert "Microsoft 365 Business Basic · 20 → 25 seats" in shown
    assert "New subscription" not in shown
    await sven.press(told, words.customer_text)
    assert words.told_customer in reading(await sven.wait_for_modal(containing=words.told_customer))
    await sven.close(clear=True)
    assert await seats_at_service(product, BY_NAME[name]) == 25
    await ordered_once(product, BY_NAME[name]["id"])


@pytest.mark.parametrize(("locale", "name"), [("en-US", "second"), ("de-DE", "dritt")])
async def test_more_seats_than_the_policy_allows_alone_want_a_second_person(
    product: Product, locale: str, name: str
) -> None:
    """`for_seats_above` counts what is added. The approval shows the total too."""
    words = WORDS[locale]
    sven, amara = await product.person("sales_agent", locale=locale), await product.person("admin_agent", locale=locale)
    modal = await sheet_for(sven, f"{name}.example +25", words, containing="45")
    assert modal["submit"]["text"] == words.order, "25 are not above 25"
    await typed_into(sven, modal, "26")
    modal = await sven.wait_for_modal(containing=f"20 → 46 {words.seats}")
    assert modal["submit"]["text"] == words.ask
    assert words.above in reading(modal)
    assert (await sven.submit({words.field: "26", words.note: "4711"}))["result"] == "updated"
    await sven.close(clear=True)
    waiting = await amara.wait_for_message(
        APPROVALS, containing="WAITING FOR APPROVAL", where=lambda each: f"{name.title()} GmbH" in reading(each)
    )
    assert "20 → 46 seats" in reading(waiting)
    await amara.press(waiting, "Check and approve")
    sheet = await amara.wait_for_modal(containing=f"20 → 46 {words.seats}")
    assert words.pro_rata in reading(sheet)
    assert words.undone not in reading(sheet)
    await amara.submit()
    await amara.close(clear=True)
    await outcome(sven, words.completed, customer=f"{name.title()} GmbH")
    assert await seats_at_service(product, BY_NAME[name]) == 46
    await ordered_once(product, BY_NAME[name]["id"])


@pytest.mark.parametrize(("locale", "name"), [("en-US", "raced"), ("de-DE", "gerast")])
async def test_somebody_changed_the_number_at_the_service_in_between(product: Product, locale: str, name: str) -> None:
    """Nothing is sent, the card says what moved, and it can be asked for again: reckoned from the new number."""
    words, wanted = WORDS[locale], BY_NAME[name]
    sven = await product.person("sales_agent", locale=locale)
    await sheet_for(sven, f"{name}.example +5", words, containing="25")
    await changed_at_service(product, wanted, 22, expected=20)
    assert (await sven.submit({words.note: "4711"}))["result"] == "updated"
    await sven.close(clear=True)
    told = await outcome(sven, words.impossible, customer=f"{name.title()} GmbH")
    assert f"20 → 22 {words.seats}" in reading(told)
    shown = await card(sven, f"{name.title()} GmbH", "NO LONGER POSSIBLE")
    assert "20 → 22 seats" in reading(shown)
    assert await seats_at_service(product, wanted) == 22
    await sven.press(told, words.again)
    sheet = await sven.wait_for_modal(title=words.sheet, containing=f"22 → 27 {words.seats}")
    (note,) = [each for _, each in elements(sheet) if each["action_id"] == "note"]
    assert note["initial_value"] == "4711"
    await sven.submit()
    await sven.close(clear=True)
    await outcome(sven, words.completed, customer=f"{name.title()} GmbH")
    assert await seats_at_service(product, wanted) == 27
    await ordered_once(product, wanted["id"], orders=2)  # somebody's, and ours


async def test_nothing_is_ordered_that_was_not_shown(product: Product) -> None:
    """A number that was typed and submitted before it was told of: the total is shown, and the button pressed again."""
    sven = await product.person("sales_agent", locale="en-US")
    await sheet_for(sven, "unseen.example +5", EN, containing="20 → 25 seats")
    shown = await sven.submit({EN.field: "7", EN.note: "4711"})
    assert shown["result"] == "updated"
    assert EN.not_shown in reading(shown["view"])
    assert "20 → 27 seats" in reading(shown["view"])
    await ordered_once(product, BY_NAME["unseen"]["id"], orders=0)
    recorded = await sven.submit({EN.field: "7", EN.note: "4711"})
    assert EN.recorded in recorded["view"]["title"]["text"]
    await outcome(sven, EN.completed, customer="Unseen GmbH")
    assert await seats_at_service(product, BY_NAME["unseen"]) == 27


@pytest.mark.parametrize("locale", WORDS)
async def test_what_is_no_number_of_seats_is_said_at_the_field(product: Product, locale: str) -> None:
    """Not a number, zero, negative, a decimal, over the limit; and nothing is recorded."""
    words = WORDS[locale]
    sven = await product.person("sales_agent", locale=locale)
    await sheet_for(sven, "field.example +5", words, containing="25")
    for typed, said in words.problems.items():
        refused = await sven.submit({words.field: typed})
        assert refused["result"] == "errors", (typed, refused)
        assert said in refused["errors"]["seats"], (typed, refused)
    await sven.close(clear=True)
    await ordered_once(product, BY_NAME["field"]["id"], orders=0)


async def test_a_sheet_that_is_submitted_twice_is_one_order(product: Product) -> None:
    """One draft is one change."""
    sven = await product.person("sales_agent", locale="en-US")
    modal = await sheet_for(sven, "twice.example =30", EN, containing="20 → 30 seats")
    posts = [sven.post("view/submit", view_id=modal["id"], state={}) for _ in range(4)]
    await asyncio.gather(*posts, return_exceptions=True)
    await outcome(sven, EN.completed, customer="Twice GmbH")
    await ordered_once(product, BY_NAME["twice"]["id"])


async def _part(sven: Person, product: Product) -> dict[str, Any]:
    listed = await asked(sven, "teil.example")
    await sven.press(listed, "Office 365 E3")
    return await sven.wait_for_modal(title="Confirm the upgrade", containing="Seats to upgrade")


async def test_a_part_of_a_subscription_is_upgraded_and_the_rest_stays(product: Product) -> None:
    """The number stands in the confirmation, with what stays; card and message say so."""
    sven = await product.person("sales_agent", locale="en-US")
    modal = await _part(sven, product)
    for typed, said in (("26", "There are only 25 seats"), ("0", "1 or more")):
        refused = await sven.submit({"Seats to upgrade": typed})
        assert said in refused["errors"]["seats"], refused
    await typed_into(sven, modal, "10")
    modal = await sven.wait_for_modal(containing="15 seats stay with Microsoft 365 Business Basic")
    done = await sven.submit({"Seats to upgrade": "10", "Ticket or reason": "4711"})
    assert "10 of 25 seats" in reading(done["view"]), done
    told = reading(await outcome(sven, EN.completed, customer="Teil eG"))
    assert "10 of 25 seats" in told
    assert "The old subscription goes on with 15 seats" in told
    assert "10 of 25 seats" in reading(await card(sven, "Teil eG", "COMPLETED"))
    assert await seats_at_service(product, BY_DOMAIN["teil.example"]) == 15
    await ordered_once(product, BY_DOMAIN["teil.example"]["id"])
