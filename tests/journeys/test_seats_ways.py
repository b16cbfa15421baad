"""The ways to seats: what a command means, what its list says, what stands beside upgrades (issue 5, 1)."""

from typing import Any, Final

import pytest

from bot.workspace.sample import GENERAL
from tests.journeys.seat_steps import DE, EN, sheet_for, told_in, typed_into
from tests.journeys.steps import asked, ordered_once
from tests.support.product import Product
from tests.support.service import BASIC, E3, customer, subscription
from tests.support.workspace_reading import buttons, elements, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

EITHER: Final = customer("Either GmbH", subscription(BASIC, 20), domain="either.example")
BOOK: Final = [
    EITHER,
    customer("Field GmbH", subscription(BASIC, 20), domain="field.example"),
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
]


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
    await ordered_once(product, EITHER["id"], orders=0)


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
