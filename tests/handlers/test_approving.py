"""Approving by button, from the request to the outcome (issue 3, 4; screens.md 2 to 4)."""

import pytest

from bot.domain.changes import ChangeState
from bot.workspace.sample import APPROVALS
from tests.handlers.asked import asked, card_for, card_noted, home_of, trail
from tests.handlers.conftest import House
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import buttons, reading


async def test_the_waiting_card_has_everything_that_a_decider_needs(house: House) -> None:
    """State first, in words; who asked, why a second person, who may, until when; three buttons; nobody is pinged."""
    await asked(house)
    sven = await house.person("sales_agent")
    card = await card_for(sven)
    lines = card["text"].splitlines()
    assert lines[0].startswith("*WAITING FOR APPROVAL* · 0 of 1 · until <!date^")
    assert lines[1].startswith("*Fabrikam Reisen AG* · ")
    assert "<@U0HELPDSK1> (Helpdesk agent) · Ticket 4711" in card["text"]
    assert "A second person is needed: the role of whoever asked may not order alone" in card["text"]
    assert "May approve: Global admin, Admin agent, or Sales agent" in card["text"]
    assert buttons(card) == ["Check and approve", "Reject", "Withdraw"]
    assert "<!subteam" not in card["text"]
    values = {each["value"] for block in card["blocks"] for each in block.get("elements", []) if "value" in each}
    async with house.demo.app.desk.database.read() as tx:
        (waiting,) = (await tx.changes.waiting(house.demo.app.identity.team_id)).items
    assert values == {waiting.id}


async def test_a_second_person_checks_and_approves_and_the_asker_hears_of_the_outcome(house: House) -> None:
    """One touch orders nothing; the card locks with who approved; outcome by direct message."""
    heidi = await asked(house)
    sven = await house.person("sales_agent")
    await sven.press(await card_for(sven), "Check and approve")
    modal = await sven.wait_for_modal(title="Prüfen und genehmigen")
    words = reading(modal)
    for part in ("Fabrikam Reisen AG", "Von *", "Auf *", "Abrechnung:", "Kann nicht rückgängig", "Ticket 4711"):
        assert part in words
    assert modal["submit"]["text"] == "Verbindlich genehmigen"
    async with house.demo.app.desk.database.read() as tx:
        (waiting,) = (await tx.changes.waiting(house.demo.app.identity.team_id)).items
    assert waiting.state is ChangeState.AWAITING_APPROVAL
    submitted = await sven.submit()
    assert submitted["result"] == "updated", submitted
    assert "GENEHMIGT" in reading(submitted["view"])
    card = await card_for(sven, containing="COMPLETED")
    assert "Approved: <@U0SALES001> (Sales agent)" in card["text"]
    assert buttons(card) == []
    outcome = await heidi.wait_for_message(heidi.direct, containing="ABGESCHLOSSEN")
    assert "Fabrikam Reisen AG" in reading(outcome)
    (entry,) = [row.entry for row in await trail(house) if row.entry.name.value == "slack:change:approve"]
    assert (entry.actor.user_id, entry.before, entry.after) == (
        sven.id,
        ChangeState.AWAITING_APPROVAL,
        ChangeState.APPROVED,
    )


async def test_the_asker_is_refused_at_approving_and_rejecting_in_words(house: House) -> None:
    """A sales agent who asks for many seats needs somebody else; the roles do not help."""
    heidi = await asked(house)
    card = await card_for(heidi)
    await heidi.press(card, "Check and approve")
    modal = await heidi.wait_for_modal(title="Das hat nicht geklappt")
    assert "Partnerrollen" in reading(modal)
    await heidi.close(clear=True)
    await heidi.press(card, "Reject")
    assert "Partnerrollen" in reading(await heidi.wait_for_modal(title="Das hat nicht geklappt"))
    refused = [row.entry for row in await trail(house) if row.entry.verdict.value == "refused"]
    assert {each.name.value for each in refused} == {"slack:change:approve", "slack:change:reject"}
    assert {each.actor.user_id for each in refused} == {heidi.id}


async def test_a_rejection_wants_a_reason_and_the_asker_may_ask_again(house: House) -> None:
    """The reason reaches card and asker literally; the new request is prefilled."""
    heidi = await asked(house)
    amara = await house.person("admin_agent")
    await amara.press(await card_for(amara), "Reject")
    await amara.wait_for_modal(title="Reject the change")
    empty = await amara.submit({"Reason": "   "})
    assert empty["result"] == "errors", empty
    assert "fill this in" in str(empty)
    submitted = await amara.submit({"Reason": "Wrong customer <!channel>"})
    assert "REJECTED" in reading(submitted["view"])
    card = await card_for(amara, containing="REJECTED")
    assert card["text"].splitlines()[0].startswith("*REJECTED* <@U0ADMINAG1> · ")
    assert "Reason: “Wrong customer &lt;!channel&gt;”" in card["text"]
    assert buttons(card) == ["Request again"]
    told = await heidi.wait_for_message(heidi.direct, containing="ABGELEHNT")
    assert "Grund: „Wrong customer &lt;!channel&gt;“" in reading(told)
    await heidi.press(told, "Neu beantragen")
    modal = await heidi.wait_for_modal(title="Upgrade bestätigen")
    (note,) = [each for each in modal["blocks"] if each["type"] == "input"]
    assert note["element"]["initial_value"] == "Ticket 4711"


async def test_only_the_asker_withdraws_after_a_question(house: House) -> None:
    """Somebody else is refused beside the card, which stays as it is."""
    heidi = await asked(house)
    sven = await house.person("sales_agent")
    card = await card_for(sven)
    await sven.press(card, "Withdraw")
    told = await sven.wait_for_message(APPROVALS, containing="gehört jemand anderem")
    assert told["ephemeral"]
    (element,) = [
        each
        for block in card["blocks"]
        for each in block.get("elements", [])
        if each.get("action_id") == "change.withdraw"
    ]
    assert element["confirm"]["title"]["text"] == "Withdraw this change?"
    assert (await heidi.press(card, "Withdraw"))["ok"]
    gone = await card_for(heidi, containing="WITHDRAWN")
    assert gone["text"].splitlines()[0].startswith("*WITHDRAWN* <@U0HELPDSK1>")
    assert buttons(gone) == []


async def test_whoever_comes_late_is_told_who_decided_and_when(house: House) -> None:
    """Two opened the modal; one wins, the other reads who and when, and their card is locked too."""
    await asked(house)
    sven, amara = await house.person("sales_agent"), await house.person("admin_agent")
    for person in (sven, amara):
        await person.press(await card_for(person), "Check and approve")
    await sven.wait_for_modal(title="Prüfen und genehmigen")
    await amara.wait_for_modal(title="Check and approve")
    await sven.submit()
    late = await amara.submit()
    words = reading(late["view"])
    assert "<@U0SALES001> has decided this already (<!date^" in words
    await amara.close(clear=True)
    await card_for(amara, containing="COMPLETED")


@pytest.mark.parametrize("who", ["none", "guest"])
async def test_whoever_may_not_decide_is_refused_at_every_button_of_the_card(house: House, who: str) -> None:
    """In the modal or beside the card; entered under the name of what was tried."""
    await asked(house)
    person = await house.person(who)
    card = await card_for(person)
    for button in ("Check and approve", "Reject"):
        await person.press(card, button)
        modal = await person.wait_for_modal(containing="artner" if who == "none" else "Gäste")
        assert modal.get("submit") is None
        await person.close(clear=True)
    await person.press(card, "Withdraw")
    await person.wait_for_message(APPROVALS, where=lambda each: bool(each["ephemeral"]))
    names = [row.entry.name.value for row in await trail(house) if row.entry.actor.user_id == person.id]
    assert names == ["slack:change:withdraw", "slack:change:reject", "slack:change:approve"]


async def test_the_clock_expires_a_change_and_its_card_loses_its_buttons(house: House) -> None:
    """Nobody presses anything; one reminder before, in the thread."""
    heidi = await asked(house)
    card = await card_for(heidi)
    await house.http.post("clock", advance_seconds=5 * 3600)

    async def reminded() -> bool:
        thread = await heidi.thread(APPROVALS, card["ts"])
        return any("still waits for an approval" in reading(each) for each in thread)

    await wait_for(reminded, wanted="the reminder", within=20)
    await house.http.post("clock", advance_seconds=20 * 3600)
    gone = await heidi.wait_for_message(APPROVALS, containing="EXPIRED", within=20)
    assert buttons(gone) == ["Request again"]
    told = await heidi.wait_for_message(heidi.direct, containing="FRIST ABGELAUFEN", within=20)
    assert "Neu beantragen" in buttons(told)


async def test_home_shows_what_waits_and_its_buttons_work_as_on_the_card(house: House) -> None:
    """Drawn from the database; after the own action it is drawn anew."""
    heidi = await asked(house)
    sven = await house.person("sales_agent")
    card = await card_for(sven)
    await card_noted(house)
    view = await home_of(sven, containing="Fabrikam")
    assert {"Prüfen und genehmigen", "Ablehnen", "Karte öffnen"} <= set(buttons(view))
    assert "Zurückziehen" not in buttons(view)
    mine = await home_of(heidi, containing="Fabrikam")
    assert "Zurückziehen" in buttons(mine)
    await sven.press(view, "Ablehnen")
    await sven.wait_for_modal(title="Änderung ablehnen")
    await sven.submit({"Grund": "Doch nicht"})
    await card_for(sven, containing="REJECTED")
    after = await home_of(sven, containing="ABGELEHNT")
    assert "Prüfen und genehmigen" not in buttons(after)
    assert card["ts"]
