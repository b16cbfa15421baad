"""Steps that tests of finding the customer share: a small book, the modal that asks, what it offers, what is chosen."""

from typing import Any, Final

from bot.domain.customers import Customer
from bot.domain.roles import PartnerRole
from bot.workspace.sample import GENERAL
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import options_of

FABRIKAM, CONTOSO, NORDWIND, MUELLER = (
    "Fabrikam Reisen AG",
    "Contoso GmbH",
    "Nordwind Handel GmbH",
    "Müller & Söhne OHG",
)
BOOK: Final = [
    customer(FABRIKAM, subscription(BASIC, 4, friendlyName="Büro Köln"), domain="fabrikam.example"),
    customer(CONTOSO, subscription(BASIC, 4, friendlyName="Zentrale"), domain="contoso.example"),
    customer(NORDWIND, subscription(BASIC, 4), domain="nordwind-nord.example"),
    customer(NORDWIND, subscription(BASIC, 4), domain="nordwind-sued.example"),
    customer(MUELLER, subscription(BASIC, 4), domain="mueller.example"),
]
SEARCH: Final = "customer.search"
TITLE: Final = {"en-US": "Find the customer", "de-DE": "Kunden finden"}


async def know(product: Product) -> None:
    """The directory has read the whole list."""
    known = [Customer(id=each["id"], name=each["companyName"], domain=each["domain"]) for each in BOOK]
    await product.app.desk.database.customers.add(known)


async def close_all(product: Product) -> None:
    """No modal is left open."""
    for each in (*PartnerRole, "none"):
        person = await product.person(each)
        if await person.modal() is not None:
            await person.close(clear=True)


async def opened(person: Person, command: str, locale: str, *, channel: str = GENERAL) -> dict[str, Any]:
    """Run a command without a customer; the modal that asks."""
    sent = await person.send(channel, command)
    assert sent["ok"], sent
    return await person.wait_for_modal(title=TITLE[locale])


async def offered(person: Person, view: dict[str, Any], typed: str) -> list[dict[str, Any]]:
    """What the field offers for what is typed."""
    return options_of(await person.suggest(view, SEARCH, typed))


async def chosen(person: Person, option: dict[str, Any], *, channel: str = GENERAL) -> dict[str, Any]:
    """Choose it, submit; the answer, which only they see."""
    before = {each["ts"] for each in await person.messages(channel)}
    submitted = await person.submit({SEARCH: option["value"]})
    assert submitted["result"] == "closed", submitted
    return await person.wait_for_message(
        channel, where=lambda each: bool(each["ephemeral"]) and each["ts"] not in before
    )
