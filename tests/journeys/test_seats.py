"""Seats, as people add them: with and without approval, and with somebody at the service in between (issue 5, 1)."""

import asyncio
from typing import Any, Final

import pytest

from bot.workspace.sample import APPROVALS, GENERAL
from tests.journeys.seat_steps import (
    DE,
    EN,
    WORDS,
    changed_at_service,
    seats_at_service,
    sheet_for,
    told_in,
    typed_into,
)
from tests.journeys.steps import asked, card, ordered_once, outcome
from tests.support.product import Product
from tests.support.service import BASIC, E3, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import buttons, elements, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES: Final = ("alone", "zwei", "second", "dritt", "raced", "gerast", "either", "unseen", "twice", "field")
BOOK: Final = [
    *[customer(f"{name.title()} GmbH", subscription(BASIC, 20), domain=f"{name}.example") for name in NAMES],
    customer("Studio 54", subscription(BASIC, 20), domain="fiftyfour.example"),
    customer("Studio 54 Nord", subscription(BASIC, 20), domain="nord.example"),
    customer("Studio", subscription(BASIC, 10), domain="studio.example"),
    customer(
        "Mixed AG",
        subscription(BASIC, 300, friendlyName="Voll"),
        subscription(BASIC, 7, friendlyName="Halb"),
        subscription(BASIC, 3, friendlyName="Ausgesetzt", status="suspended"),
        subscription(E3, 4, friendlyName="Groß"),
        domain="mixed.example",
    ),
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


async def test_a_number_that_can_mean_two_things_is_asked_for(product: Product) -> None:
    """25 with 20 seats: 45, or 25. Each is one touch, and neither orders."""
    sven = await product.person("sales_agent", locale="de-DE")
    asked_ = await sheet_for(sven, "either.example 25", DE, containing="zweierlei")
    assert buttons(asked_) == ["25 mehr", "25 insgesamt"]
    assert "20 → 45 Lizenzen" in reading(asked_)
    await sven.press(asked_, "25 insgesamt")
    sheet = await sven.wait_for_modal(containing="Zusätzliche Lizenzen")
    assert "20 → 25 Lizenzen (5 mehr)" in reading(sheet)
    await sven.close(clear=True)
    asked_ = await sheet_for(sven, "either.example 25", DE, containing="zweierlei")
    await sven.press(asked_, "25 mehr")
    assert "20 → 45 Lizenzen (25 mehr)" in reading(await sven.wait_for_modal(containing="Zusätzliche Lizenzen"))
    await sven.close(clear=True)
    await ordered_once(product, BY_NAME["either"]["id"], orders=0)


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


async def test_a_name_that_ends_in_a_number_is_a_name(product: Product) -> None:
    """The whole is a full name: no number. The beginning of another name: both readings are offered for choice."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await sheet_for(sven, "Studio 54", EN, containing="fiftyfour.example")
    assert "20 seats" in reading(listed)
    await sven.close(clear=True)
    asked_ = await sheet_for(sven, "studio 5", EN, containing="customers begin with")
    assert all(each in str(asked_) for each in ("Studio 54 Nord", "nord.example", "studio.example"))
    await sven.choose(asked_, handle_of(asked_, "studio.example"))
    await sven.wait_for_modal(containing="10 → 15 seats")  # 5 with 10 seats can only be 5 more
    await sven.close(clear=True)
    asked_ = await sheet_for(sven, "studio 5", EN, containing="customers begin with")
    await sven.choose(asked_, handle_of(asked_, "nord.example"))
    listed = await sven.wait_for_modal(containing="At most 300 seats")
    assert "nord.example" in reading(listed), "its name begins with all of it: the 5 is no number"
    await sven.close(clear=True)


def handle_of(choice: dict[str, Any], domain: str) -> str:
    """The value of the option that says so."""
    for _, element in elements(choice):
        for option in element.get("options", []):
            if domain in str(option):
                return str(option["value"])
    raise AssertionError(domain)


async def test_the_list_says_who_can_take_seats_and_why_the_others_cannot(product: Product) -> None:
    """At its limit, suspended; a button for each of the others, which leads to the sheet."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await told_in(sven, "mixed.example")
    text = reading(listed)
    assert "alle 300 Lizenzen, die dieses Produkt zulässt, sind vorhanden" in text
    assert "nicht aktiv (Ausgesetzt). Zuerst reaktivieren." in text
    assert "Höchstens 300 Lizenzen: 293 mehr sind möglich." in text
    seats = [each for each in buttons(listed) if each.startswith("Lizenzen ergänzen")]
    assert len(seats) == 2
    await sven.press(listed, seats[0])
    sheet = await sven.wait_for_modal(title=DE.sheet, containing="Geben Sie eine Zahl ein")
    assert "Mixed AG" in reading(sheet)
    await typed_into(sven, sheet, "3")
    await sven.wait_for_modal(containing="7 → 10 Lizenzen")
    await sven.close(clear=True)


async def test_upgrades_offer_seats_beside_them_and_instead(product: Product) -> None:
    """Who wants to upgrade to what the customer has already is shown the way to more of that."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "mixed.example")
    assert "Instead of an upgrade, seats can be added to: Office 365 Enterprise E3" in reading(listed)
    names = buttons(listed)
    assert len(names) == len(set(names))
    assert all(len(each) <= 24 for each in names)
    (instead, *_) = [each for each in names if each.startswith("Add to ")]
    await sven.press(listed, instead)
    sheet = await sven.wait_for_modal(title=EN.sheet, containing="Type a number")
    assert "Office 365 Enterprise E3 · 4 seats" in reading(sheet).replace("*", "")
    await sven.close(clear=True)


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


async def test_a_number_that_cannot_be_ordered_is_told_before_anything_is_typed(product: Product) -> None:
    """A total that is there already, more than the limit, and what is no number of seats at all."""
    sven = await product.person("sales_agent", locale="en-US")
    for typed, said in (("=20", "There are 20 seats already"), ("+400", "at most 280 can be added")):
        sheet = await sheet_for(sven, f"field.example {typed}", EN, containing=said)
        (field,) = [each for _, each in elements(sheet) if each["action_id"] == "seats.typed"]
        assert not field.get("initial_value")
        await sven.close(clear=True)
    for typed, said in (("0", "1 or more"), ("2.5", "whole number")):
        await sven.send(GENERAL, f"/add-seats field.example {typed}")
        assert said in reading(await sven.wait_for_modal(title=EN.failed))
        await sven.close(clear=True)
