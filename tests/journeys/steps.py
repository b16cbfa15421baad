"""The steps of the job as people take them, in the language that they read; everything through the page's interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.workspace.sample import AUDIT, GENERAL
from tests.support.product import Product
from tests.support.workspace_person import Person
from tests.support.workspace_reading import reading

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written on things."""

    confirm: str
    field: str
    recorded: str
    failed: str
    hindered: str
    completed: str
    not_ordered: str
    unclear: str
    again: str
    reference: str


WORDS: Final[Mapping[str, Words]] = {
    "en-US": Words(
        confirm="Confirm the upgrade",
        field="Ticket or reason",
        recorded="Recorded",
        failed="That did not work",
        hindered="Not possible now",
        completed="COMPLETED",
        not_ordered="FAILED · nothing was ordered",
        unclear="OUTCOME NOT CLEAR",
        again="Request again",
        reference="Reference ",
    ),
    "de-DE": Words(
        confirm="Upgrade bestätigen",
        field="Ticket oder Grund",
        recorded="Erfasst",
        failed="Das hat nicht geklappt",
        hindered="Jetzt nicht möglich",
        completed="ABGESCHLOSSEN",
        not_ordered="FEHLGESCHLAGEN · nichts bestellt",
        unclear="ERGEBNIS UNKLAR",
        again="Neu beantragen",
        reference="Referenz ",
    ),
}
EN, DE = WORDS["en-US"], WORDS["de-DE"]


async def asked(person: Person, what: str, *, channel: str = GENERAL) -> Json:
    """Type the command; the answer that only this person sees."""
    before = {each["ts"] for each in await person.messages(channel)}
    sent = await person.send(channel, f"/upgrade-options {what}")
    assert sent["ok"], sent
    assert "error" not in sent, sent
    return await person.wait_for_message(
        channel, where=lambda each: bool(each["ephemeral"]) and each["ts"] not in before
    )


async def confirming(person: Person, listed: Json, button: str, words: Words) -> Json:
    """Press a target; the confirmation."""
    answer = await person.press(listed, button)
    assert answer["ok"], answer
    return await person.wait_for_modal(title=words.confirm)


async def told_in_modal(person: Person, listed: Json, button: str, title: str) -> str:
    """Press a button; what the modal of this title says."""
    answer = await person.press(listed, button)
    assert answer["ok"], answer
    return reading(await person.wait_for_modal(title=title))


async def ordered(person: Person, listed: Json, button: str, words: Words, *, note: str = "4711") -> Json:
    """Press a target, confirm it; the modal that says that it is recorded."""
    await confirming(person, listed, button, words)
    done = await person.submit({words.field: note})
    assert done["result"] == "updated", done
    view: Json = done["view"]
    assert words.recorded in view["title"]["text"], reading(view)
    return view


async def outcome(person: Person, words: str, *, customer: str, within: float = 10.0) -> Json:
    """The direct message about this customer that says so."""
    return await person.wait_for_message(
        person.direct, containing=words, where=lambda each: customer in reading(each), within=within
    )


async def card(person: Person, customer: str, words: str = "", *, within: float = 10.0) -> Json:
    """The card of this customer's newest change."""
    return await person.wait_for_message(
        AUDIT, containing=customer, where=lambda each: words in reading(each), within=within
    )


async def ordered_once(product: Product, customer_id: str, *, orders: int = 1) -> None:
    """The service carried out so many orders for this customer, and the trail is whole."""
    assert await product.orders(customer_id) == orders
    await product.check_trail()
