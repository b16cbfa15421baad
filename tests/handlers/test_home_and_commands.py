"""Where people look: `/upgrade-requests`, `/partner-role`, App Home, and the switch in it (issue 3, 2 and 5)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.domain.changes import ChangeState
from bot.domain.people import Actor
from bot.workspace.sample import GENERAL, PEOPLE, TEAM
from handlers.pressed_cards import PressedCard
from tests.handlers.asked import CUSTOMER, asked, card_for, home_of, trail
from tests.handlers.conftest import House
from tests.support import made
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading


async def told(person: Person, command: str, *, containing: str) -> dict[str, Any]:
    await person.send(GENERAL, command)
    return await person.wait_for_message(GENERAL, containing=containing, where=lambda each: bool(each["ephemeral"]))


async def test_requests_are_listed_as_mine_as_waiting_and_by_customer_with_the_way_to_the_card(house: House) -> None:
    """The same change in each list, to its reader alone and in their language."""
    heidi = await asked(house)
    sven, amara = await house.person("sales_agent"), await house.person("admin_agent")
    card = await card_for(sven)

    async def noted() -> bool:
        async with house.demo.app.desk.database.read() as tx:
            (waiting,) = (await tx.changes.waiting(TEAM.id)).items
            return await tx.cards.get(waiting.id) is not None

    await wait_for(noted, wanted="the card's place in the database")
    address = f"/archives/{card['channel']}/p{card['ts'].replace('.', '')}"
    for person, command, words in (
        (heidi, "/upgrade-requests", "Von Ihnen beantragt"),
        (heidi, "/upgrade-requests meine", "Von Ihnen beantragt"),
        (sven, "/upgrade-requests wartend", "Wartet auf Ihre Entscheidung"),
        (amara, f"/upgrade-requests {CUSTOMER}", "Changes of this customer"),
    ):
        answer = reading(await told(person, command, containing=words))
        assert CUSTOMER in answer
        assert address in answer, command
    assert "Nothing waits" not in reading(await told(amara, "/upgrade-requests waiting", containing="Waits for"))
    assert "Nichts wartet" in reading(await told(heidi, "/upgrade-requests waiting", containing="Wartet auf"))
    await told(amara, "/upgrade-requests help", containing="How to use it")


async def test_the_beginning_of_a_customers_name_offers_a_choice_and_then_lists(house: House) -> None:
    """Rule 11 holds here too."""
    await asked(house)
    amara = await house.person("admin_agent")
    choice = await told(amara, "/upgrade-requests Fabrikam Re", containing="Is this the one?")
    assert (await amara.choose(choice, f"{CUSTOMER} · fabrikam.example"))["ok"]
    await amara.wait_for_message(GENERAL, containing="Changes of this customer")


async def test_a_long_list_is_pages(house: House) -> None:
    """Ten at a time; older ones behind a button, in place of the page and in Home."""
    heidi = await house.person("helpdesk_agent")
    asker = Actor(team_id=TEAM.id, user_id=heidi.id)
    for number in range(12):
        await made.stored(
            house.demo.app.desk.database,
            team_id=TEAM.id,
            asker=asker,
            subscription=f"s-{number}",
            state=ChangeState.AWAITING_APPROVAL,
            approvals_needed=1,
            note=f"Ticket {number:03}",
        )
    page = await told(heidi, "/upgrade-requests mine", containing="Ticket 011")
    assert "Ticket 001" not in reading(page)
    assert (await heidi.press(page, "Ältere"))["ok"]
    older = await heidi.wait_for_message(GENERAL, containing="Ticket 001")
    assert older["ts"] == page["ts"]
    assert "Ticket 011" not in reading(older)
    view = await home_of(heidi, containing="Ticket 011")
    await heidi.press(view, "Ältere")

    async def turned() -> bool:
        return "Zurück zum Anfang" in buttons((await heidi.get("home"))["view"])

    await wait_for(turned, wanted="an older page in Home")


async def test_whoever_asks_sees_their_roles_with_source_and_what_they_may(house: House) -> None:
    """For every member, also without a role."""
    heidi, noah, gustav = [await house.person(each) for each in ("helpdesk_agent", "none", "guest")]
    words = reading(await told(heidi, "/partner-role", containing="Ihre Partnerrollen"))
    assert "in Upgrade Desk eingetragen, gelesen" in words
    assert "Upgrades und Lizenzen beantragen: ja, und eine zweite Person muss genehmigen" in words
    assert "None that is known here" in reading(await told(noah, "/partner-role", containing="Your partner roles"))
    await told(gustav, "/partner-role", containing="Gäste dieses Workspace")


async def test_orders_are_stopped_and_resumed_from_home_by_those_who_may_settle(house: House) -> None:
    """Stopped: nothing can be approved; the trail names who did it."""
    heidi = await asked(house)
    sven = await house.person("sales_agent")
    view = await home_of(sven, containing=CUSTOMER)
    assert "Bestellungen anhalten" not in buttons(await home_of(heidi, containing=CUSTOMER))
    await sven.press(view, "Bestellungen anhalten")
    assert await house.demo.app.runtime.drain(timeout=5) == 0
    view = (await sven.get("home"))["view"]
    assert "Alle Bestellungen sind angehalten" in reading(view)
    assert "<@U0SALES001>" in reading(view)
    await sven.press(await card_for(sven), "Check and approve")
    modal = await sven.wait_for_modal(title="Jetzt nicht möglich")
    assert "Bestellungen sind zurzeit angehalten" in reading(modal)
    await sven.close(clear=True)
    assert (await sven.press((await sven.get("home"))["view"], "Bestellungen zulassen"))["ok"]
    names = [(row.entry.name.value, row.entry.actor.user_id) for row in await trail(house)]
    assert ("slack:operation:stop", sven.id) in names
    assert ("slack:operation:resume", sven.id) in names


async def test_home_of_a_guest_says_why_there_is_nothing(house: House) -> None:
    """In a sentence, and entered."""
    gustav = await house.person("guest")
    view = await home_of(gustav, containing="Gäste dieses Workspace")
    assert buttons(view) == []


@pytest.fixture
async def heard() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A response_url of the test's own, and what was sent to it."""
    told: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", told
    await runner.cleanup()


async def test_the_pressed_card_is_locked_at_once_through_its_response_url(
    house: House, heard: tuple[str, list[dict[str, Any]]]
) -> None:
    """By the submission of the modal that the press opened; drawn from the row, in place of what was pressed."""
    address, said = heard
    await asked(house)
    app = house.demo.app
    async with app.desk.database.read() as tx:
        (waiting,) = (await tx.changes.waiting(TEAM.id)).items
    app.runtime.pressed.keep("V77", PressedCard(change_id=waiting.id, address=address))
    view = {"id": "V77", "hash": "1", "type": "modal", "callback_id": "change.reject", "private_metadata": waiting.id}
    view |= {"state": {"values": {"reason": {"reason": {"value": "nein"}}}}, "app_installed_team_id": TEAM.id}
    user = {"id": PEOPLE["sales_agent"], "team_id": TEAM.id}
    body = {"type": "view_submission", "team": {"id": TEAM.id}, "user": user, "trigger_id": "1", "view": view}
    answer = await house.dispatch(body)
    assert "ABGELEHNT" in answer.body
    assert await app.runtime.drain(timeout=5) == 0
    (card,) = said
    assert card["replace_original"] is True
    assert "response_type" not in card
    assert card["text"].startswith("*REJECTED* <@U0SALES001>")
    assert buttons(card) == ["Request again"]
