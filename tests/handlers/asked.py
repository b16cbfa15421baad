"""Steps that tests of approving share: a helpdesk agent asks, others find the card."""

from typing import Any

from bot.workspace.sample import APPROVALS, GENERAL
from storage.records import AuditRow
from tests.handlers.conftest import House
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import reading

CUSTOMER = "Fabrikam Reisen AG"
WAITING = "WAITING FOR APPROVAL"


async def asked(house: House, *, button: str = "Office 365 E3", note: str = "Ticket 4711") -> Person:
    """Heidi, a helpdesk agent, asks for an upgrade that somebody else has to approve."""
    heidi = await house.person("helpdesk_agent")
    await heidi.send(GENERAL, f"/upgrade-options {CUSTOMER}")
    listed = await heidi.wait_for_message(GENERAL, containing=CUSTOMER, where=lambda each: bool(each["ephemeral"]))
    await heidi.press(listed, button)
    modal = await heidi.wait_for_modal(title="Upgrade bestätigen")
    assert modal["submit"]["text"] == "Genehmigung anfordern"
    submitted = await heidi.submit({"Ticket oder Grund": note})
    assert submitted["result"] == "updated", submitted
    return heidi


async def card_for(person: Person, *, containing: str = WAITING) -> dict[str, Any]:
    """The card in the approvals channel, once it reads so."""
    return await person.wait_for_message(APPROVALS, containing=containing)


async def home_of(person: Person, *, containing: str) -> dict[str, Any]:
    """The Home tab, opened, once it reads so."""
    await person.post("home")

    async def look() -> dict[str, Any] | None:
        view: dict[str, Any] | None = (await person.get("home"))["view"]
        return view if view is not None and containing in reading(view) else None

    found: dict[str, Any] = await wait_for(look, wanted=f"a Home with {containing!r}")
    return found


async def card_noted(house: House) -> None:
    """Return when it is known where the card of the newest change stands: a moment after it is to be seen."""

    async def look() -> bool:
        async with house.demo.app.desk.database.read() as tx:
            (newest, *_) = (await tx.changes.recent(house.demo.app.identity.team_id)).items
            return await tx.cards.get(newest.id) is not None

    await wait_for(look, wanted="where the card stands")


async def trail(house: House) -> list[AuditRow]:
    """The audit entries so far, newest first."""
    async with house.demo.app.desk.database.read() as tx:
        page = await tx.audit.page(house.demo.app.identity.team_id)
    return list(page.items)
