"""The steps of adding seats as people take them, in the language that they read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.workspace.sample import GENERAL
from tests.support.product import Product
from tests.support.service import an_id
from tests.support.workspace_person import Person
from tests.support.workspace_reading import elements

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatWords:
    """What is written on things."""

    sheet: str
    seats: str
    field: str
    note: str
    order: str
    ask: str
    completed: str
    reports: str
    again: str
    recorded: str
    hindered: str
    failed: str
    not_shown: str
    above: str
    pro_rata: str
    undone: str
    impossible: str
    customer_text: str
    told_customer: str
    problems: Mapping[str, str]


WORDS: Final[Mapping[str, SeatWords]] = {
    "en-US": SeatWords(
        sheet="Add seats",
        seats="seats",
        field="Seats to add",
        note="Ticket or reason",
        order="Place binding order",
        ask="Ask for approval",
        completed="COMPLETED",
        reports="The service now reports 25 seats.",
        again="Request again",
        recorded="Recorded",
        hindered="Not possible now",
        failed="That did not work",
        not_shown="This is what it comes to now.",
        above="more than 25 seats at once",
        pro_rata="Billing: pro rata from now on",
        undone="This cannot be undone.",
        impossible="NO LONGER POSSIBLE",
        customer_text="Text for the customer",
        told_customer="25 statt 20 Lizenzen",  # in the customer's language
        problems={"x": "a number", "0": "1 or more", "-3": "1 or more", "2.5": "whole number", "281": "280"},
    ),
    "de-DE": SeatWords(
        sheet="Lizenzen ergänzen",
        seats="Lizenzen",
        field="Zusätzliche Lizenzen",
        note="Ticket oder Grund",
        order="Verbindlich bestellen",
        ask="Genehmigung anfordern",
        completed="ABGESCHLOSSEN",
        reports="Der Dienst meldet jetzt 25 Lizenzen.",
        again="Neu beantragen",
        recorded="Erfasst",
        hindered="Jetzt nicht möglich",
        failed="Das hat nicht geklappt",
        not_shown="Darauf läuft es jetzt hinaus.",
        above="mehr als 25 Lizenzen auf einmal",
        pro_rata="Abrechnung: anteilig ab sofort",
        undone="Kann nicht rückgängig gemacht werden.",
        impossible="NICHT MEHR MÖGLICH",
        customer_text="Text für den Kunden",
        told_customer="25 statt 20 Lizenzen",
        problems={"x": "eine Zahl", "0": "ab 1", "-3": "ab 1", "2,5": "ganze Zahl", "281": "280"},
    ),
}
EN, DE = WORDS["en-US"], WORDS["de-DE"]


async def sheet_for(person: Person, what: str, words: SeatWords, *, containing: str = "") -> Json:
    """Type the command with a number; the modal that it opens, once it holds facts."""
    sent = await person.send(GENERAL, f"/add-seats {what}")
    assert sent["ok"], sent
    return await person.wait_for_modal(title=words.sheet, containing=containing)


async def told_in(person: Person, what: str) -> Json:
    """Type the command; the answer that only this person sees."""
    before = {each["ts"] for each in await person.messages(GENERAL)}
    sent = await person.send(GENERAL, f"/add-seats {what}")
    assert sent["ok"], sent
    return await person.wait_for_message(
        GENERAL, where=lambda each: bool(each["ephemeral"]) and each["ts"] not in before
    )


async def typed_into(person: Person, modal: Json, text: str) -> None:
    """Type a number; the app is told of it as Slack does."""
    for block, element in elements(modal):
        if element["type"] == "plain_text_input" and block.get("dispatch_action"):
            await person.act(modal, block, element, value=text)
            return
    raise AssertionError("no field for a number")


async def seats_at_service(product: Product, of: Mapping[str, Any], *, nth: int = 0) -> int:
    """How many seats the service reports."""
    found = await product.service.client().subscription(
        of["id"], of["subscriptions"][nth]["id"], correlation_id=an_id()
    )
    return found.quantity


async def changed_at_service(product: Product, of: Mapping[str, Any], quantity: int, *, expected: int) -> None:
    """Somebody changes the seats in Partner Center."""
    done = await product.service.client().change_quantity(
        of["id"],
        of["subscriptions"][0]["id"],
        quantity,
        expected=expected,
        request_id=an_id(),
        correlation_id=an_id(),
        timeout=5.0,
    )
    assert type(done).__name__ == "Done", done
