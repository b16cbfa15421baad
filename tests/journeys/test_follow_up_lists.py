"""Working off the accounts that an upgrade left over, in Slack (issue 5, 3)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.domain.audit import AuditName
from bot.workspace.sample import AUDIT, PEOPLE
from tests.journeys.steps import WORDS, asked, ordered, outcome
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription, user
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, reading

LIST: Final = {"en-US": "Show the list", "de-DE": "Liste anzeigen"}
TITLE: Final = {"en-US": "Follow-up work", "de-DE": "Nacharbeit"}
OPEN: Final = {"en-US": "Open: {} of {} accounts", "de-DE": "Offen: {} von {} Konten"}
ALL_DONE: Final = {"en-US": "All accounts are done", "de-DE": "Alle Konten sind erledigt"}
DONE: Final = {"en-US": ("Tick off", "Undo"), "de-DE": ("Abhaken", "Zurücknehmen")}
FILE: Final = {"en-US": "Send as file", "de-DE": "Als Datei senden"}
GIVE: Final = {"en-US": "Hand over", "de-DE": "Übergeben"}
COLLEAGUE: Final = {"en-US": "Colleague", "de-DE": "Kollegin oder Kollege"}
HANDED: Final = {"en-US": "has handed you a list of accounts", "de-DE": "hat Ihnen eine Kontenliste"}
REMINDED: Final = {"en-US": "Some accounts still wait", "de-DE": "warten noch Konten"}
MAY_NOT: Final = {"en-US": "no partner role that may look", "de-DE": "keine Partnerrolle"}
DELETED: Final = {"en-US": "The names were deleted on", "de-DE": "Die Namen wurden am"}
TEXT: Final = {"en-US": "Text for the customer", "de-DE": "Text für den Kunden"}
HAND_OVER: Final = {"en-US": "Hand the list over", "de-DE": "Liste übergeben"}
MANY: Final = "[approval]\nfor_seats_above = 1000\n"
NAMES: Final = ("Felix Braun", "Gerda Klein", "Hugo Lang")


def _customer(accounts: int = 3) -> dict[str, Any]:
    users = [user(NAMES[n % 3] + ("" if n < 3 else f" {n}"), disabled=["TEAMS1"]) for n in range(accounts)]
    return customer("Fabrikam AG", subscription(BASIC, accounts + 1), domain="fabrikam.example", users=users)


async def upgraded(product: Product, locale: str) -> tuple[Person, dict[str, Any]]:
    """A sales agent's upgrade that left accounts over, and the message that says so."""
    sven, words = await product.person("sales_agent", locale=locale), WORDS[locale]
    await ordered(sven, await asked(sven, "fabrikam.example"), "Office 365 E3", words)
    told = await outcome(sven, words.completed, customer="Fabrikam AG")
    await sven.close(clear=True)
    return sven, told


async def list_of(person: Person, where: Mapping[str, Any], locale: str) -> dict[str, Any]:
    await person.press(dict(where), LIST[locale])
    return await person.wait_for_modal(title=TITLE[locale], containing="Fabrikam AG")


@pytest.mark.parametrize("locale", WORDS)
async def test_a_list_is_ticked_handed_over_and_worked_off(tmp_path: Path, locale: str) -> None:
    """Names in modals alone; the colleague is told and reminded; when all is done nobody is any more."""
    async with running_product(tmp_path, customers=[_customer()]) as product:
        sven, told = await upgraded(product, locale)
        assert not any(name in str(told) for name in NAMES)
        shown = await list_of(sven, told, locale)
        assert all(name in reading(shown) for name in NAMES)
        assert OPEN[locale].format(3, 3) in reading(shown)
        await sven.press(shown, DONE[locale][0])
        shown = await sven.wait_for_modal(title=TITLE[locale], containing=OPEN[locale].format(2, 3))
        assert DONE[locale][1] in buttons(shown)
        await sven.press(shown, GIVE[locale])
        modal = await sven.wait_for_modal(containing="Fabrikam AG", title=HAND_OVER[locale])
        assert modal["submit"]["text"] == GIVE[locale]
        refused = await sven.submit({COLLEAGUE[locale]: PEOPLE["none"]})
        assert MAY_NOT[locale] in str(refused)
        amara = await product.person("admin_agent", locale=locale)
        assert (await sven.submit({COLLEAGUE[locale]: amara.id}))["result"] == "updated"
        await sven.close(clear=True)
        got = await amara.wait_for_message(amara.direct, containing=HANDED[locale])
        assert f"<@{sven.id}>" in reading(got)
        assert not any(name in str(got) for name in NAMES)
        await product.slack.advance(timedelta(days=3, hours=1).total_seconds())
        await amara.wait_for_message(amara.direct, containing=REMINDED[locale])
        shown = await list_of(amara, got, locale)
        for left in (1, 0):
            await amara.press(shown, DONE[locale][0])
            words = OPEN[locale].format(left, 3) if left else ALL_DONE[locale]
            shown = await amara.wait_for_modal(title=TITLE[locale], containing=words)
        entries = str([row.entry for row in await product.trail()])
        assert not any(name in entries for name in NAMES)
        places = ((amara, AUDIT), (amara, amara.direct), (sven, sven.direct))
        written = str([await person.messages(channel) for person, channel in places])
        assert not any(name in written for name in NAMES)
        await product.check_trail()


@pytest.mark.parametrize("locale", WORDS)
async def test_a_long_list_has_pages_and_a_file_that_goes_with_the_names(tmp_path: Path, locale: str) -> None:
    """By the clock, 30 days after; the file is deleted in Slack, the list says that the names are gone."""
    async with running_product(tmp_path, customers=[_customer(95)], policy=MANY) as product:
        sven, told = await upgraded(product, locale)
        shown = await list_of(sven, told, locale)
        await sven.press(shown, {"en-US": "Next page", "de-DE": "Nächste Seite"}[locale])
        second = await sven.wait_for_modal(containing={"en-US": "Page 2 of 3", "de-DE": "Seite 2 von 3"}[locale])
        await sven.press(second, FILE[locale])

        async def sent() -> list[dict[str, Any]]:
            return [one for each in await sven.messages(sven.direct) for one in each.get("files") or []]

        (file,) = await wait_for(sent, wanted="the file")
        kept = product.slack.server.workspace.uploads
        found = kept.get(file["id"])
        assert found is not None
        assert kept.bytes_of(found).decode().count("\r\n") == 96
        await sven.close(clear=True)
        await product.slack.advance(timedelta(days=31).total_seconds())

        async def gone() -> bool:
            forgotten = [row for row in await product.trail() if row.entry.name is AuditName.FOLLOW_UPS_FORGET]
            return bool(forgotten) and kept.get(file["id"]) is None

        await wait_for(gone, wanted="names and file are deleted", within=30)
        again = await list_of(sven, told, locale)
        assert DELETED[locale] in reading(again)
        assert not any(name in reading(again) for name in NAMES)


async def test_the_text_for_the_customer_can_be_had_in_both_languages(tmp_path: Path) -> None:
    """First in that of the customer's bills, whatever the reader's; the modal around it stays in the reader's."""
    async with running_product(tmp_path, customers=[_customer()]) as product:
        sven, told = await upgraded(product, "en-US")
        await sven.press(told, TEXT["en-US"])
        shown = await sven.wait_for_modal(title=TEXT["en-US"], containing="Ihr Abonnement")
        await sven.press(shown, "In English")
        english = await sven.wait_for_modal(title=TEXT["en-US"], containing="Your subscription")
        assert "For 3 accounts some services" in reading(english)
        assert not any(name in reading(english) for name in NAMES)
