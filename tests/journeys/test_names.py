"""Names that customers have and nobody expects (issue 2, 9): shown as they are, and never doing anything."""

from typing import Any, Final

import pytest

from bot.workspace.sample import AUDIT
from tests.journeys.steps import DE, asked, card, ordered, ordered_once, outcome
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_reading import buttons, reading, texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES: Final = {
    "channel": "<!channel> & Co",
    "entities": "A&amp;B &lt;Söhne&gt; AG",
    "quotes": "„Zitat“ \"Quotes\" 'n' `Ticks` GmbH",
    "marks": "*fett* _kursiv_ ~weg~ AG",
    "link": "<https://evil.example|Contoso> GmbH",
    "person": "<@U0SALES001> Handels KG",
    "emoji": "Café Sonne ☀️🌻 👩‍👩‍👧‍👦 :tada:",
    "arabic": "شركة النور للتجارة",
    "override": "GmbH \u202egnp.exe\u202c \u2066rechts\u2069",
    "long": "Ärzteversorgung " * 186 + "Gesellschaft Ende GmbH",
}
BOOK: Final = [
    customer(name, subscription(BASIC, 4, friendlyName=name[:256]), domain=f"{key}.example")
    for key, name in NAMES.items()
]
BY_KEY: Final = dict(zip(NAMES, BOOK, strict=True))


def harmless(shown: dict[str, Any], name: str) -> None:
    """Nothing in it mentions, links or formats by a customer's name."""
    for text in texts(shown):
        for mark in ("<!channel>", "<!here>", "<https://evil", "<@U0SALES001> Handels"):
            assert mark not in text, text
    assert name[:40].split(maxsplit=1)[0].strip("<>*_`\"„“'!")[:12] in reading(shown).replace("&amp;", "&")


@pytest.mark.parametrize("key", NAMES)
async def test_the_whole_job_with_a_strange_name(product: Product, key: str) -> None:
    """By domain; every message and modal passes Slack's limits, which the workspace checks."""
    sven = await product.person("admin_agent", locale="de-DE")
    wanted = BY_KEY[key]
    listed = await asked(sven, f"{key}.example")
    harmless(listed, NAMES[key])
    assert f"{key}.example" in reading(listed)
    recorded = await ordered(sven, listed, "Office 365 E3", DE, note=NAMES[key][:400])
    harmless(recorded, NAMES[key])
    harmless(await outcome(sven, DE.completed, customer=f"{key}.example"), NAMES[key])
    shown = await card(sven, f"{key}.example", "COMPLETED")
    harmless(shown, NAMES[key])
    for step in (await sven.thread(AUDIT, shown["ts"]))[1:]:
        told = reading(step)
        assert "<!channel>" not in told
        assert "<https://evil" not in told
    await ordered_once(product, wanted["id"])


# Slack itself writes links and entities into what is typed, so those are undone: such a name opens by its domain only.
@pytest.mark.parametrize("key", sorted(NAMES.keys() - {"entities", "link"}))
async def test_a_strange_name_typed_in_full_opens_its_customer(product: Product, key: str) -> None:
    """As a person types or pastes it."""
    greta = await product.person("global_admin", locale="en-US")
    listed = await asked(greta, NAMES[key])
    assert f"{key}.example" in reading(listed)
    assert "Refresh" in buttons(listed), reading(listed)


async def test_what_nobody_is_called_is_named_and_harmless(product: Product) -> None:
    """The sentence repeats what was looked for."""
    greta = await product.person("global_admin", locale="en-US")
    for typed in ("<!channel>x", "& nobody", "🌵", "نور لا", "x" * 3_000):
        told = reading(await asked(greta, typed))
        assert "No customer was found for" in told
        assert "<!channel>" not in told
