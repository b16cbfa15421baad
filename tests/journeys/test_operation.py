"""Read-only, rehearsal and the stop switch (issue 2, 4)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from bot.desk.stopping import resume_orders, stop_orders
from bot.workspace.sample import AUDIT, TEAM
from tests.journeys.steps import DE, EN, WORDS, asked, card, confirming, ordered, ordered_once, outcome, told_in_modal
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import buttons, reading

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
PILOT: Final = customer("Pilot AG", subscription(BASIC, 4), domain="pilot.example")


@asynccontextmanager
async def product_with(folder: Path, *operation: str) -> AsyncIterator[Product]:
    """A product of this test's own, with these lines in the policy."""
    policy = "\n".join(["[operation]", *operation])
    async with running_product(folder, customers=[FINE, PILOT], policy=policy) as running:
        yield running


@pytest.mark.parametrize("locale", WORDS)
async def test_read_only_lets_people_look_and_says_so_at_the_button(tmp_path: Path, locale: str) -> None:
    """On the list, and in the modal, which has no submit."""
    said = {"en-US": "set to read only: you can look", "de-DE": "„nur lesen“ gestellt"}[locale]
    async with product_with(tmp_path, 'mode = "read_only"') as product:
        sven = await product.person("sales_agent", locale=locale)
        listed = await asked(sven, "fabrikam.example")
        assert said in reading(listed)
        told = await told_in_modal(sven, listed, "Office 365 E3", WORDS[locale].hindered)
        assert said in told
        assert not (await sven.modal() or {}).get("submit")
        await ordered_once(product, FINE["id"], orders=0)


@pytest.mark.parametrize(("locale", "mark"), [("en-US", "REHEARSAL"), ("de-DE", "PROBE")])
async def test_rehearsal_does_everything_but_send_and_marks_every_message(
    tmp_path: Path, locale: str, mark: str
) -> None:
    """List, modal, result, card, every step, outcome."""
    words = WORDS[locale]
    async with product_with(tmp_path, 'mode = "rehearsal"') as product:
        sven = await product.person("sales_agent", locale=locale)
        listed = await asked(sven, "fabrikam.example")
        modal = await confirming(sven, listed, "Office 365 E3", words)
        recorded = await sven.submit({words.field: "4711"})
        done = await outcome(sven, words.completed, customer="Fabrikam AG")
        for each in (listed, modal, recorded["view"], done):
            assert mark in reading(each).upper(), reading(each)
        shown = await card(sven, "Fabrikam AG", "COMPLETED")

        async def told() -> list[Any] | None:
            thread = await sven.thread(AUDIT, shown["ts"])
            return thread if any("Outcome recorded" in reading(each) for each in thread) else None

        thread = await wait_for(told, wanted="the steps")
        for each in thread:
            assert "REHEARSAL" in reading(each), reading(each)
        names = await product.trail_names(FINE["id"])
        assert not [each for each in names if each.startswith("worker:change:send")], names
        await ordered_once(product, FINE["id"], orders=0)


async def test_only_pilot_customers_are_ordered_for_where_the_policy_says_so(tmp_path: Path) -> None:
    """The others are told before the deed."""
    async with product_with(tmp_path, 'mode = "live"', f'pilot_customers = ["{PILOT["id"]}"]') as product:
        sven = await product.person("sales_agent", locale="en-US")
        told = await told_in_modal(sven, await asked(sven, "fabrikam.example"), "Office 365 E3", EN.hindered)
        assert "pilot customers only" in told
        await sven.close(clear=True)
        await ordered(sven, await asked(sven, "pilot.example"), "Office 365 E3", EN)
        await outcome(sven, EN.completed, customer="Pilot AG")
        assert await product.orders() == 1


async def test_a_policy_that_breaks_lets_nobody_in_and_says_so(tmp_path: Path) -> None:
    """Undetermined is never worded as a refusal; mended, it works at once."""
    async with product_with(tmp_path, 'mode = "live"') as product:
        sven = await product.person("sales_agent", locale="de-DE")
        listed = await asked(sven, "fabrikam.example")
        policy = tmp_path / "policy.toml"
        policy.write_text("[operation\nmode", encoding="utf-8")
        await product.slack.advance(120)
        assert "Richtliniendatei ist beschädigt" in reading(await asked(sven, "fabrikam.example"))
        told = await told_in_modal(sven, listed, "Office 365 E3", DE.failed)
        assert "Richtliniendatei ist beschädigt" in told
        await sven.close(clear=True)
        policy.write_text('[operation]\nmode = "live"\n', encoding="utf-8")
        await product.slack.advance(120)
        await ordered(sven, listed, "Office 365 E3", DE)
        await outcome(sven, DE.completed, customer="Fabrikam AG")
        await ordered_once(product, FINE["id"])


async def test_stop_halts_what_was_not_sent_and_resume_ends_that(tmp_path: Path) -> None:
    """While it holds, the list, the modal and a submit say so; what waited goes out afterwards, once."""
    async with product_with(tmp_path) as product:
        database = product.app.desk.database
        sven = await product.person("sales_agent", locale="en-US")
        listed = await asked(sven, "fabrikam.example")
        await confirming(sven, listed, "Office 365 E3", EN)
        assert await stop_orders(database, team_ids=(TEAM.id,), by="op")
        answer = await sven.submit({EN.field: "4711"})
        assert "Orders are stopped" in reading(answer["view"])
        await sven.close(clear=True)
        assert "Orders are stopped" in reading(await asked(sven, "fabrikam.example"))
        assert "Orders are stopped" in await told_in_modal(sven, listed, "Office 365 E3", EN.hindered)
        await sven.close(clear=True)
        await ordered_once(product, FINE["id"], orders=0)
        assert await resume_orders(database, team_ids=(TEAM.id,), by="op")
        product.faults.arm("throttled", method="POST", path=FINE["id"], seconds=30)
        await ordered(sven, listed, "Office 365 E3", EN)
        await card(sven, "Fabrikam AG", "tried in vain")
        assert await stop_orders(database, team_ids=(TEAM.id,), by="op")
        await product.slack.advance(120)
        await card(sven, "Fabrikam AG", "tried in vain")
        assert await product.orders(FINE["id"]) == 0
        assert await resume_orders(database, team_ids=(TEAM.id,), by="op")
        await product.slack.advance(120)
        await outcome(sven, EN.completed, customer="Fabrikam AG")
        assert buttons(await card(sven, "Fabrikam AG", "COMPLETED")) == []
        await ordered_once(product, FINE["id"])
