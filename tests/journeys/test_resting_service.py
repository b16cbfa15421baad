"""A service that is left alone for a while: what operators see of it, and what whoever asks is told (decision 0056)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
import pytest_asyncio

from bot.eligibility.breaker import Rules
from tests.journeys.steps import EN, WORDS, asked, card, ordered
from tests.support.engines import PostgresTemplate, copied_sqlite
from tests.support.product import QUICKLY, Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import buttons, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
UNCLEAR: Final = customer("Unklar GmbH", subscription(BASIC, 4), domain="unklar.example")
AT_ONCE: Final = replace(QUICKLY, limits=replace(QUICKLY.limits, breaker=Rules(failures=1, rest=600.0, longest=600.0)))
UNASKED: Final = {
    "en-US": "The eligibility service could not be asked",
    "de-DE": "Der Upgrade-Dienst konnte nicht gefragt werden",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgres"])
async def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """One that is reached by HTTP, so that it serves its health beside; the first failure makes the service rest."""
    folder: Path = tmp_path_factory.mktemp("resting")
    async with AsyncExitStack() as stack:
        if request.param == "postgres":
            template: PostgresTemplate = request.getfixturevalue("postgres_template")
            url = stack.enter_context(template.copied())
        else:
            url = copied_sqlite(request.getfixturevalue("sqlite_template"), folder)
        yield await stack.enter_async_context(
            running_product(folder, customers=[FINE, UNCLEAR], transport="http", database_url=url, tuning=AT_ONCE)
        )


async def _ready(product: Product) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as web, web.get(f"http://127.0.0.1:{product.port}/readyz") as answer:
        return answer.status, await answer.json()


async def _figures(product: Product) -> tuple[float, float]:
    """Whether it rests now, and how often it was left alone."""
    async with aiohttp.ClientSession() as web, web.get(f"http://127.0.0.1:{product.port}/metrics") as answer:
        lines = dict(
            line.rsplit(" ", 1)
            for line in (await answer.text()).splitlines()
            if line.startswith("upgrade_desk_service")
        )
    return float(lines["upgrade_desk_service_rests"]), float(lines["upgrade_desk_service_rests_begun"])


async def test_operators_see_it_rest_and_the_process_stays_ready(product: Product) -> None:
    """It is told under `details`: taking the process out of service would mend nothing."""
    sven = await product.person("sales_agent", locale="en-US")
    await asked(sven, FINE["domain"])
    status, told = await _ready(product)
    assert (status, told["status"], told["details"]) == (200, "ready", {"eligibility_service": "answering"})
    assert await _figures(product) == (0.0, 0.0)
    with product.faults.armed("error"):
        assert "eligibility service" in reading(await asked(sven, FINE["domain"]))
    status, told = await _ready(product)
    assert (status, told["status"], told["details"]) == (200, "ready", {"eligibility_service": "resting"})
    assert await _figures(product) == (1.0, 1.0)
    await product.slack.advance(601)
    assert "Fabrikam" in reading(await asked(sven, FINE["domain"]))
    assert (await _ready(product))[1]["details"] == {"eligibility_service": "answering"}
    assert await _figures(product) == (0.0, 1.0)


async def test_a_look_for_an_outcome_says_that_nobody_could_be_asked(product: Product) -> None:
    """In both languages, and not that nothing new is known."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, UNCLEAR["domain"])
    product.faults.arm("error", method="POST", path=UNCLEAR["id"], acts=False)
    await ordered(sven, listed, "Office 365 E3", EN)
    shown = await card(sven, "Unklar GmbH", EN.unclear)
    assert buttons(shown)[0] == "Check the outcome"
    assert (await _ready(product))[1]["details"] == {"eligibility_service": "resting"}
    for locale in WORDS:
        person = await product.person("sales_agent", locale=locale)
        await person.press(shown, buttons(shown)[0])

        async def told(wanted: str = UNASKED[locale]) -> bool:
            return any(wanted in reading(each) for each in await sven.messages(shown["channel"]) if each["ephemeral"])

        await wait_for(told, within=20, wanted=f"the answer in {locale}")
