"""An app that was installed without the right to send files says so, in the language of whoever asked."""

import dataclasses
from collections.abc import Iterator
from typing import Final

import pytest

from bot.workspace.core import Workspace
from bot.workspace.sample import GENERAL
from tests.journeys.steps import EN, asked, ordered, outcome
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_reading import reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
BOOK: Final = [FINE]


@pytest.fixture
def without_files(product: Product) -> Iterator[Workspace]:
    """The app has every scope but this one."""
    workspace = product.slack.server.workspace
    whole = workspace.config
    manifest = dataclasses.replace(whole.manifest, scopes=whole.manifest.scopes - {"files:write"})
    workspace.config = dataclasses.replace(whole, manifest=manifest)
    yield workspace
    workspace.config = whole


@pytest.mark.usefixtures("without_files")
async def test_who_wants_the_trail_as_a_file_is_told_what_is_missing(product: Product) -> None:
    """What is shown stays; no reference and no apology for a defect: nothing is broken."""
    sven = await product.person("sales_agent", locale="en-US")
    await ordered(sven, await asked(sven, "fabrikam.example"), "Office 365 E3", EN)
    await outcome(sven, EN.completed, customer="Fabrikam AG")
    for locale, button, says in (
        ("en-US", "Send as file", "Slack does not let Upgrade Desk send files yet."),
        ("de-DE", "Als Datei senden", "Slack lässt Upgrade Desk noch keine Dateien senden."),
    ):
        amara = await product.person("admin_agent", locale=locale)
        before = {each["ts"] for each in await amara.messages(GENERAL)}
        await amara.send(GENERAL, "/upgrade-audit fabrikam.example")
        shown = await amara.wait_for_message(
            GENERAL, where=lambda each, before=before: each["ephemeral"] and each["ts"] not in before
        )
        await amara.press(shown, button)
        told = await amara.wait_for_message(GENERAL, containing=says)
        assert "files:write" in reading(told)
        assert await amara.again(shown) is not None
