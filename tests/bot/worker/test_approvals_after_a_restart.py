"""A change that waits goes on waiting while nothing of ours runs: reminder, end and notice come afterwards, once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.workspace.sample import APPROVALS
from tests.journeys.steps import EN, asked, confirming, outcome
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import reading

CONTOSO = customer("Contoso Warten GmbH", subscription(BASIC, 7), domain="contoso-warten.example")
POLICY = """
[approval]
notify = "S0APPROVERS"
remind_after = "4 h"
expires_after = "24 h"
"""


async def replies(person: Person, ts: str) -> list[str]:
    return [reading(each) for each in await person.thread(APPROVALS, ts)]


async def down_for(product: Product, hours: float) -> None:
    """The bot stands still for hours."""
    await product.stop_bot()
    product.clock.advance(timedelta(hours=hours))
    await product.start_bot()


async def test_the_clock_catches_up_after_a_restart_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with running_product(tmp_path, customers=[CONTOSO], policy=POLICY) as product:
        heidi = await product.person("helpdesk_agent", locale="en-US")
        listed = await asked(heidi, "Contoso Warten GmbH")
        await confirming(heidi, listed, "Office 365 E3", EN)
        await heidi.submit({EN.field: "4711"})
        card = await heidi.wait_for_message(APPROVALS, containing="WAITING FOR APPROVAL")
        await down_for(product, 5)

        async def reminded() -> list[str]:
            return [each for each in await replies(heidi, card["ts"]) if "S0APPROVERS" in each]

        await wait_for(reminded, wanted="the reminder")
        await down_for(product, 1)
        await down_for(product, 20)
        after = await heidi.wait_for_message(APPROVALS, containing="EXPIRED")
        assert after["ts"] == card["ts"]
        assert "Check and approve" not in reading(after)
        await outcome(heidi, "EXPIRED", customer="Contoso Warten GmbH")
        assert len(await reminded()) == 1
        assert await product.orders() == 0
        names = [row.entry.name.value for row in await product.trail() if row.entry.change_id]
        assert names == ["slack:change:request", "clock:change:remind", "clock:change:expire"]
        await product.check_trail()
