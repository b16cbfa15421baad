"""The shortcut on a message: the customer that it is about, opened or asked for (issue 5, 2)."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.workspace.sample import GENERAL
from tests.journeys.finding import BOOK, CONTOSO, FABRIKAM, NORDWIND, TITLE, chosen, close_all, know, offered
from tests.support.product import Product
from tests.support.workspace_person import Person
from tests.support.workspace_reading import reading

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _known(product: Product) -> AsyncIterator[None]:
    await know(product)
    yield
    await close_all(product)


async def shortcut(person: Person, text: str, *, channel: str = GENERAL) -> set[str]:
    """Somebody writes it, this person uses the shortcut on it; what they saw before."""
    ts = (await person.send(channel, text))["ts"]
    seen = {each["ts"] for each in await person.messages(channel)}
    used = await person.post("shortcut", callback_id="message.upgrade_options", channel=channel, ts=ts)
    assert used["ok"], used
    return seen


@pytest.mark.parametrize(
    "text",
    [
        "Frau Weber <anna.weber@fabrikam.example> braucht mehr Dienste, Kopie an bob@gmail.com",
        "Bitte für `" + str(BOOK[0]["id"]).upper() + "` nachsehen",
        "see https://www.fabrikam.example/impressum please",
    ],
)
async def test_a_message_with_a_domain_or_tenant_id_of_one_customer_opens_them(product: Product, text: str) -> None:
    """Without a question: only these open at once (design.md, rule 11). The message itself stays as it is."""
    sven = await product.person("sales_agent", locale="de-DE")
    seen = await shortcut(sven, text)
    answer = await sven.wait_for_message(
        GENERAL, containing="Büro Köln", where=lambda each: bool(each["ephemeral"]) and each["ts"] not in seen
    )
    assert "fabrikam.example" in reading(answer)
    assert await sven.modal() is None


@pytest.mark.parametrize("locale", TITLE)
async def test_a_name_is_only_offered(product: Product, locale: str) -> None:
    """Even the full name of a single customer, because a message says many names."""
    sven = await product.person("sales_agent", locale=locale)
    await shortcut(sven, "Hallo, die Contoso GmbH fragt nach E3. Danke!")
    view = await sven.wait_for_modal(title=TITLE[locale], containing=CONTOSO)
    found = await offered(sven, view, "")
    assert [each["text"]["text"] for each in found] == [f"{CONTOSO} · contoso.example"]
    assert "Zentrale" in reading(await chosen(sven, found[0]))


async def test_two_customers_in_a_message_are_both_offered(product: Product) -> None:
    """Two domains are as unsure as none."""
    greta = await product.person("global_admin", locale="en-US")
    await shortcut(greta, "a@contoso.example asked about b@mail.fabrikam.example and c@fabrikam.example")
    view = await greta.wait_for_modal(title=TITLE["en-US"], containing=FABRIKAM)
    assert CONTOSO in reading(view)
    assert len(await offered(greta, view, "")) == 2
    # and anybody else can be typed
    assert NORDWIND in json.dumps(await offered(greta, view, "nordwind"))


async def test_a_part_of_a_domain_is_only_offered(product: Product) -> None:
    """What stands below a customer's domain may be somebody else's."""
    greta = await product.person("global_admin", locale="en-US")
    await shortcut(greta, "look at shop.contoso.example")
    view = await greta.wait_for_modal(title=TITLE["en-US"], containing=CONTOSO)
    assert len(await offered(greta, view, "")) == 1


async def test_a_message_that_says_nothing_is_asked_about(product: Product) -> None:
    """With what can be typed."""
    greta = await product.person("global_admin", locale="en-US")
    await shortcut(greta, "anna@gmail.com and <@U0SALES001> need help :pray:")
    view = await greta.wait_for_modal(title=TITLE["en-US"], containing="does not say")
    assert CONTOSO in json.dumps(await offered(greta, view, "contoso"))


async def test_who_may_not_look_learns_nothing_from_a_message(product: Product) -> None:
    """Refused before anything is looked for."""
    noah = await product.person("none", locale="en-US")
    seen = await shortcut(noah, "contoso.example?")
    answer = await noah.wait_for_message(GENERAL, where=lambda each: each["ts"] not in seen)
    assert "partner roles" in reading(answer)
    assert await noah.modal() is None


async def test_neither_messages_nor_ways_back_nor_names_are_logged(product: Product) -> None:
    """Design.md, rule 7: also where something fails."""
    greta = await product.person("global_admin", locale="en-US")
    with capture_logs() as logs:
        await shortcut(greta, "Hallo, Contoso GmbH, streng geheim: contoso.example und fabrikam.example")
        view = await greta.wait_for_modal(title=TITLE["en-US"], containing=CONTOSO)
        await offered(greta, view, "streng geheim")
        product.clock.advance(timedelta(minutes=31))
        await chosen(greta, (await offered(greta, view, "Contoso"))[0])
    written = json.dumps(logs, default=str).lower()
    for secret in ("contoso", "fabrikam", "geheim", "respond/"):
        assert secret not in written, written
