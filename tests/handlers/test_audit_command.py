"""`/upgrade-audit`, as the page does it: read by those whom the policy lets, and sent to them as a file."""

import csv
import io
from typing import Any

from bot.domain.audit import AuditName, AuditVerdict
from bot.workspace.sample import GENERAL
from tests.handlers.asked import CUSTOMER, asked, card_for, trail
from tests.handlers.conftest import House
from tests.support.workspace_person import Person
from tests.support.workspace_reading import reading


async def told(person: Person, command: str, *, containing: str) -> dict[str, Any]:
    await person.send(GENERAL, command)
    return await person.wait_for_message(GENERAL, containing=containing, where=lambda each: bool(each["ephemeral"]))


async def test_the_trail_of_a_customer_is_read_and_comes_as_a_file(house: House) -> None:
    await asked(house, note="=4711")
    amara = await house.person("admin_agent")
    await card_for(amara)
    shown = await told(amara, f"/upgrade-audit {CUSTOMER}", containing="Audit trail")
    words = reading(shown)
    assert "asked for this" in words
    assert "Audit entry" in words
    await amara.press(shown, "Send as file")
    sent = await amara.wait_for_message(amara.direct, where=lambda each: bool(each.get("files")), containing="")
    await amara.wait_for_message(
        GENERAL, containing="sent to you as a file", where=lambda each: bool(each["ephemeral"])
    )
    (file,) = sent["files"]
    query = {"member": amara.id, "id": file["id"]}
    async with house.http.web.get(f"{house.http.url}/ui/file", params=query) as response:
        assert response.status == 200
        content = (await response.read()).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["name"] for row in rows] == ["slack:change:request", "slack:audit:read", "slack:audit:read"]
    assert rows[0]["free_text"] == "'=4711"
    assert [row["data"] for row in rows[1:]] == ['{"page_after":null}', '{"format":"csv"}']


async def test_who_may_not_is_refused_in_words_and_with_an_entry(house: House) -> None:
    heidi = await asked(house)
    await told(heidi, f"/upgrade-audit {CUSTOMER}", containing="Dafür brauchen Sie")
    last = (await trail(house))[0].entry
    assert (last.name, last.verdict) == (AuditName.AUDIT_READ, AuditVerdict.REFUSED)


async def test_help_says_how_to_use_it(house: House) -> None:
    sven = await house.person("sales_agent")
    assert "8F2K3M" in reading(await told(sven, "/upgrade-audit help", containing="/upgrade-audit"))
