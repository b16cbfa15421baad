"""The customer found without the whole name (issue 5, 2): as one types, and by the message that is about them."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.desk.roles import grant_role, revoke_role
from bot.domain.customers import Customer
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE, TEAM
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import options_of, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _known(product: Product) -> AsyncIterator[None]:
    """The directory has read the whole list."""
    known = [Customer(id=each["id"], name=each["companyName"], domain=each["domain"]) for each in BOOK]
    await product.app.desk.database.customers.add(known)
    yield
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


@pytest.mark.parametrize("locale", TITLE)
@pytest.mark.parametrize("typed", ["fabirkam", "reisen fab", "fabrikam.example", "abrik", BOOK[0]["id"]])
async def test_a_customer_is_found_as_one_types(product: Product, locale: str, typed: str) -> None:
    """A typing error, words in any order, a domain, a part, a tenant id; once submitted, the list is in the channel."""
    sven = await product.person("sales_agent", locale=locale)
    view = await opened(sven, "/upgrade-options", locale)
    option = (await offered(sven, view, typed))[0]
    assert option["text"]["text"] == f"{FABRIKAM} · fabrikam.example"
    answer = await chosen(sven, option)
    assert "Büro Köln" in reading(answer)
    assert await sven.modal() is None


async def test_namesakes_are_told_apart_by_their_domains(product: Product) -> None:
    """In the option's text, by which Slack filters, and once more below it."""
    greta = await product.person("global_admin", locale="en-US")
    view = await opened(greta, "/upgrade-options", "en-US")
    found = await offered(greta, view, "nordwind")
    assert sorted(each["text"]["text"] for each in found) == [
        f"{NORDWIND} · nordwind-nord.example",
        f"{NORDWIND} · nordwind-sued.example",
    ]
    assert BOOK[2]["id"][-4:] in json.dumps(found)
    south = next(each for each in found if "sued" in each["text"]["text"])
    assert "nordwind-sued.example" in reading(await chosen(greta, south))


async def test_seats_are_asked_for_in_the_same_way(product: Product) -> None:
    """`/add-seats` without an argument."""
    greta = await product.person("global_admin", locale="en-US")
    view = await opened(greta, "/add-seats", "en-US")
    assert view["submit"]["text"] == "Show the seats"
    answer = reading(await chosen(greta, (await offered(greta, view, "Contoso"))[0]))
    assert "Zentrale" in answer
    assert "Add seats" in answer


async def test_nothing_of_the_way_back_is_in_the_client(product: Product) -> None:
    """An opaque id stands for it, and for this person alone."""
    greta = await product.person("global_admin", locale="en-US")
    view = await opened(greta, "/upgrade-options", "en-US")
    shown = json.dumps(view)
    assert "respond/" not in shown
    assert GENERAL not in shown
    assert len(view["private_metadata"]) < 100
    option = (await offered(greta, view, "Contoso"))[0]
    assert BOOK[1]["id"] not in option["value"]


async def test_an_answer_that_comes_too_late_for_slack_comes_all_the_same(product: Product) -> None:
    """A response_url lives for half an hour: then in the channel by itself, or by direct message."""
    amara = await product.person("admin_agent", locale="en-US")
    view = await opened(amara, "/upgrade-options", "en-US")
    option = (await offered(amara, view, "Contoso"))[0]
    product.clock.advance(timedelta(minutes=31))
    assert "Zentrale" in reading(await chosen(amara, option))
    view = await opened(amara, "/upgrade-options", "en-US", channel=AUDIT)
    option = (await offered(amara, view, "Contoso"))[0]
    product.clock.advance(timedelta(minutes=31))
    place = product.slack.server.workspace.places.get(AUDIT)
    assert place is not None
    place.bot_is_member = False
    try:
        assert (await amara.submit({SEARCH: option["value"]}))["result"] == "closed"
        told = await amara.wait_for_message(amara.direct, containing="Zentrale")
        assert "Refresh" in reading(told)
    finally:
        place.bot_is_member = True


async def test_who_may_not_look_is_told_so_and_shown_nobody(product: Product) -> None:
    """In the modal; there is no field in it."""
    noah = await product.person("none", locale="en-US")
    await noah.send(GENERAL, "/upgrade-options")
    view = await noah.wait_for_modal(containing="partner roles")
    assert SEARCH not in json.dumps(view)


async def test_a_role_that_ends_while_the_modal_is_open_ends_the_names(product: Product) -> None:
    """Authorised before each search: no options, and the reason in place of the field."""
    heidi = await product.person("helpdesk_agent", locale="en-US")
    actor = Actor(team_id=TEAM.id, user_id=PEOPLE["helpdesk_agent"])
    view = await opened(heidi, "/upgrade-options", "en-US")
    database = product.app.desk.database
    await revoke_role(database, actor=actor, role=PartnerRole.HELPDESK_AGENT, by="test")
    try:
        answer = await heidi.suggest(view, SEARCH, "Contoso")
        assert answer["options"] == []
        assert SEARCH not in json.dumps(await heidi.wait_for_modal(containing="partner roles"))
    finally:
        await grant_role(database, actor=actor, role=PartnerRole.HELPDESK_AGENT, by="test")


async def test_nothing_chosen_and_a_key_of_nobody_are_answered(product: Product) -> None:
    """At the field, and where the command was typed."""
    greta = await product.person("global_admin", locale="en-US")
    view = await opened(greta, "/upgrade-options", "en-US")
    assert (await greta.submit({}))["result"] == "errors"

    def other(payload: dict[str, Any]) -> None:
        if payload.get("type") == "view_submission":
            state = payload["view"]["state"]["values"]["customer"][SEARCH]
            state["selected_option"] = state["selected_option"] | {"value": "made-up"}

    option = (await offered(greta, view, "Contoso"))[0]
    with product.tampering(other):
        assert "not known here" in reading(await chosen(greta, option))


async def test_a_menu_of_no_modal_of_ours_offers_nobody(product: Product) -> None:
    """A modal id that was made up, of another kind or somebody else's."""
    greta = await product.person("global_admin", locale="en-US")
    view = await opened(greta, "/upgrade-options", "en-US")

    def forged(payload: dict[str, Any]) -> None:
        if payload.get("type") == "block_suggestion":
            payload["view"]["private_metadata"], payload["value"] = "made-up", ""

    with product.tampering(forged):
        assert (await greta.suggest(view, SEARCH, "Contoso"))["options"] == []


# ---- the shortcut on a message


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
