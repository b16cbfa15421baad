"""The customer found without the whole name as one types, by command (issue 5, 2)."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from bot.desk.roles import grant_role, revoke_role
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from bot.workspace.sample import AUDIT, GENERAL, PEOPLE, TEAM
from tests.journeys.finding import BOOK, FABRIKAM, NORDWIND, SEARCH, TITLE, chosen, close_all, know, offered, opened
from tests.support.product import Product
from tests.support.workspace_reading import reading

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _known(product: Product) -> AsyncIterator[None]:
    await know(product)
    yield
    await close_all(product)


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
