"""From the pressed option to the outcome (issue 2, 4; screens.md 2 to 4)."""

import asyncio
from typing import Any

import pytest

from bot.eligibility.service.faults import FaultKind
from bot.workspace.sample import AUDIT, GENERAL
from tests.handlers.conftest import House
from tests.support.workspace_person import Person
from tests.support.workspace_reading import buttons, reading

ASK = "/upgrade-options Fabrikam Reisen AG"


async def listed(person: Person) -> dict[str, Any]:
    await person.send(GENERAL, ASK)
    return await person.wait_for_message(GENERAL, containing="Fabrikam", where=lambda each: bool(each["ephemeral"]))


async def pressed(person: Person, button: str, *, title: str) -> dict[str, Any]:
    answer = await person.press(await listed(person), button)
    assert answer["ok"], answer
    return await person.wait_for_modal(title=title)


async def test_a_sales_agent_orders_and_hears_of_the_outcome(house: House) -> None:
    """The whole job, in German; the card in the language of channels."""
    sven, greta = await house.person("sales_agent"), await house.person("global_admin")
    modal = await pressed(sven, "Office 365 E3", title="Upgrade bestätigen")
    words = reading(modal)
    assert words.index("Fabrikam Reisen AG") < words.index("Von *") < words.index("Auf *")
    for each in ("Neu:", "Entfällt:", "Abrechnung:", "Preis: nicht bekannt", "Kann nicht rückgängig gemacht werden."):
        assert each in words
    assert modal["submit"]["text"] == "Verbindlich bestellen"
    submitted = await sven.submit({"Ticket oder Grund": "Ticket 4711 <!channel>"})
    assert submitted["result"] == "updated", submitted
    assert "Erfasst als Änderung" in reading(submitted["view"])
    linked = await sven.wait_for_modal(title="Erfasst", containing="Karte öffnen")
    assert buttons(linked) == ["Karte öffnen"]
    outcome = await sven.wait_for_message(sven.direct, containing="ABGESCHLOSSEN")
    assert "Vorgang (Korrelations-ID):" in reading(outcome)
    assert "Altes Abonnement: " in reading(outcome)
    card = await greta.wait_for_message(AUDIT, containing="COMPLETED")
    assert "Ticket 4711 &lt;!channel&gt;" in reading(card)
    assert buttons(card) == []


async def test_the_first_line_of_the_card_is_its_state(house: House) -> None:
    """In words, before the customer."""
    sven = await house.person("sales_agent")
    await pressed(sven, "Office 365 E1", title="Upgrade bestätigen")
    await sven.submit()
    card = await sven.wait_for_message(AUDIT, containing="COMPLETED")
    assert card["text"].splitlines()[0].startswith("*COMPLETED*")
    assert card["text"].splitlines()[1].startswith("*Fabrikam Reisen AG*")


async def test_submitting_twice_is_one_change(house: House) -> None:
    """A modal that asks for a change has a persisted draft behind it."""
    sven = await house.person("sales_agent")
    modal = await pressed(sven, "Office 365 E3", title="Upgrade bestätigen")
    post = [sven.post("view/submit", view_id=modal["id"], state={}) for _ in range(2)]
    await asyncio.gather(*post, return_exceptions=True)
    await sven.wait_for_message(sven.direct, containing="ABGESCHLOSSEN")
    async with house.demo.app.desk.database.read() as tx:
        page = await tx.audit.page(house.demo.app.identity.team_id)
    names = [row.entry.name.value for row in page.items]
    assert names.count("slack:change:request") == 1
    assert names.count("worker:change:send") == 1


async def test_whoever_may_not_order_alone_is_told_before_the_deed(house: House) -> None:
    """The reason in words, and a button that says that it asks for an approval."""
    heidi = await house.person("helpdesk_agent")
    modal = await pressed(heidi, "Office 365 E3", title="Upgrade bestätigen")
    assert modal["submit"]["text"] == "Genehmigung anfordern"
    assert "zweite Person" in reading(modal)


async def test_a_press_on_somebody_elses_or_an_old_list_opens_a_modal_that_says_so(house: House) -> None:
    """A list of yesterday is too old to order from."""
    sven = await house.person("sales_agent")
    answer = await listed(sven)
    await house.http.post("clock", advance_seconds=25 * 3600)
    await sven.press(answer, "Office 365 E3")
    modal = await sven.wait_for_modal(title="Das hat nicht geklappt")
    assert "Diese Liste ist zu alt" in reading(modal)


async def test_a_slow_service_leaves_the_loading_modal_until_it_answers(house: House) -> None:
    """A trigger lives three seconds: the modal opens before anything is read."""
    sven = await house.person("sales_agent")
    answer = await listed(sven)
    house.demo.faults.arm(FaultKind.SLOW, times=4, seconds=1.0)
    await sven.press(answer, "Office 365 E3")
    assert (await sven.wait_for_modal(title="Einen Moment")) is not None
    await sven.wait_for_modal(title="Upgrade bestätigen")


async def test_a_modal_closed_meanwhile_is_left_alone(house: House) -> None:
    """Its reader went away; nobody else is bothered."""
    sven = await house.person("sales_agent")
    answer = await listed(sven)
    house.demo.faults.arm(FaultKind.SLOW, times=4, seconds=0.3)
    await sven.press(answer, "Office 365 E3")
    await sven.close()
    assert await house.demo.app.runtime.drain(timeout=10) == 0
    assert await sven.modal() is None


@pytest.mark.parametrize(("kind", "state"), [("error", "ERGEBNIS UNKLAR"), ("conflict", "FEHLGESCHLAGEN")])
async def test_an_order_that_fails_says_so_and_what_to_do_next(house: House, kind: str, state: str) -> None:
    """Unknown: do not order this in Partner Center. Failed: request again, prefilled."""
    sven = await house.person("sales_agent")
    await pressed(sven, "Office 365 E3", title="Upgrade bestätigen")
    await house.http.post("orders", kind=kind)
    await sven.submit({"Ticket oder Grund": "Ticket 4711"})
    told = await sven.wait_for_message(sven.direct, containing=state)
    if state == "ERGEBNIS UNKLAR":
        assert "nicht in Partner Center nachbestellen" in reading(told)
        return
    await sven.press(told, "Neu beantragen")
    modal = await sven.wait_for_modal(title="Upgrade bestätigen")
    (note,) = [each for each in modal["blocks"] if each["type"] == "input"]
    assert note["element"]["initial_value"] == "Ticket 4711"
