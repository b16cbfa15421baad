"""Between the list and the order things vanish, move and grow old, and others are faster (issue 2, 4 and 9)."""

import asyncio
from typing import Any, Final

import pytest

from bot.workspace.sample import AUDIT
from tests.journeys.steps import DE, EN, asked, card, confirming, ordered, ordered_once, outcome, told_in_modal
from tests.support.product import Product
from tests.support.service import BASIC, E1, an_id, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import buttons, elements, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES: Final = ("vanished", "moved", "late", "month", "race", "crowd", "twice", "card", "hurry")
BOOK: Final = [customer(f"{name.title()} GmbH", subscription(BASIC, 4), domain=f"{name}.example") for name in NAMES]
BY_NAME: Final = dict(zip(NAMES, BOOK, strict=True))
MONTH: Final = 31 * 86_400


async def seats(product: Product, name: str, quantity: int) -> None:
    """Somebody changes the seats in Partner Center."""
    wanted = BY_NAME[name]
    client = product.service.client()
    done = await client.change_quantity(
        wanted["id"],
        wanted["subscriptions"][0]["id"],
        quantity,
        expected=4,
        request_id=an_id(),
        correlation_id=an_id(),
        timeout=5.0,
    )
    assert type(done).__name__ == "Done", done


async def upgraded_elsewhere(product: Product, name: str) -> None:
    """Somebody upgrades the subscription in Partner Center: the old one is cancelled."""
    wanted = BY_NAME[name]
    client = product.service.client()
    target = product.service.catalogue.offer(E1)
    assert target is not None
    done = await client.upgrade(
        wanted["id"],
        wanted["subscriptions"][0]["id"],
        target.offer_id,
        4,
        request_id=an_id(),
        correlation_id=an_id(),
        timeout=5.0,
    )
    assert type(done).__name__ == "Done", done


async def test_a_subscription_that_was_cancelled_between_list_and_press(product: Product) -> None:
    """The modal says what moved, and has no submit."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, "vanished.example")
    await upgraded_elsewhere(product, "vanished")
    told = await told_in_modal(sven, listed, "Office 365 E3", DE.hindered)
    assert "Status: Aktiv → Gekündigt" in told
    assert (await sven.modal() or {}).get("submit") is None
    await ordered_once(product, BY_NAME["vanished"]["id"])


async def test_a_subscription_that_was_cancelled_after_the_confirmation_opened(product: Product) -> None:
    """The second look sees it; nothing is ordered, the card and the message say why."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "late.example")
    await confirming(sven, listed, "Office 365 E3", EN)
    await upgraded_elsewhere(product, "late")
    await sven.submit({EN.field: "4711"})
    told = await outcome(sven, "NO LONGER POSSIBLE", customer="Late GmbH")
    assert EN.again in buttons(told)
    assert EN.again in buttons(await card(sven, "Late GmbH", "NO LONGER POSSIBLE"))
    await ordered_once(product, BY_NAME["late"]["id"])


async def test_seats_that_changed_since_the_list_stand_in_the_confirmation(product: Product) -> None:
    """And what is ordered is what was confirmed."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, "moved.example")
    await seats(product, "moved", 6)
    modal = await confirming(sven, listed, "Office 365 E3", DE)
    assert "geändert: 4 → 6 Lizenzen" in reading(modal)
    await sven.submit({DE.field: "4711"})
    done = reading(await outcome(sven, DE.completed, customer="Moved GmbH"))
    assert "6 Lizenzen" in done
    await ordered_once(product, BY_NAME["moved"]["id"], orders=2)


async def test_a_press_on_a_list_of_last_month_orders_nothing(product: Product) -> None:
    """It says that the list is too old and what to do; refreshed or asked for anew it works."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "month.example")
    await product.slack.advance(MONTH)
    assert "too old" in await told_in_modal(sven, listed, "Office 365 E3", EN.failed)
    await sven.press(listed, "Share in channel")
    await sven.wait_for_message(listed["channel"], containing="too old")
    await ordered_once(product, BY_NAME["month"]["id"], orders=0)
    await ordered(sven, await asked(sven, "month.example"), "Office 365 E3", EN)
    await outcome(sven, EN.completed, customer="Month GmbH")
    await ordered_once(product, BY_NAME["month"]["id"])


async def test_request_again_on_a_card_of_last_month_reads_everything_anew(product: Product) -> None:
    """The card is as old as it is; what it leads to is of now, and prefilled."""
    sven = await product.person("sales_agent", locale="en-US")
    wanted = BY_NAME["card"]
    product.faults.arm("conflict", method="POST", path=wanted["id"])
    await ordered(sven, await asked(sven, "card.example"), "Office 365 E3", EN, note="Ticket 4712")
    failed = await outcome(sven, EN.not_ordered, customer="Card GmbH")
    shown = await card(sven, "Card GmbH", "FAILED")
    await product.slack.advance(MONTH)
    for where in (failed, shown):
        await sven.press(where, EN.again)
        modal = await sven.wait_for_modal(title=EN.confirm)
        (note,) = (each["element"] for each in modal["blocks"] if each["type"] == "input")
        assert note["initial_value"] == "Ticket 4712"
        await sven.close(clear=True)
    await sven.press(shown, EN.again)
    await sven.wait_for_modal(title=EN.confirm)
    assert (await sven.submit())["result"] == "updated"
    await outcome(sven, EN.completed, customer="Card GmbH")
    await ordered_once(product, wanted["id"])


async def _has_it(person: Person, words: str) -> dict[str, Any]:
    return await person.wait_for_modal(containing=words)


async def test_two_people_press_at_once_and_the_second_is_told_who_has_it(product: Product) -> None:
    """With a link to the card; one change, one order."""
    sven = await product.person("sales_agent", locale="de-DE")
    amara = await product.person("admin_agent", locale="en-US")
    wanted = BY_NAME["race"]
    lists = await asyncio.gather(asked(sven, "race.example"), asked(amara, "race.example"))
    product.faults.arm("slow", method="POST", path=wanted["id"], seconds=1.0)
    await asyncio.gather(
        confirming(sven, lists[0], "Office 365 E3", DE), confirming(amara, lists[1], "Office 365 E1", EN)
    )
    answers = await asyncio.gather(sven.submit({DE.field: "S"}), amara.submit({EN.field: "A"}))
    titles = [each["view"]["title"]["text"] for each in answers]
    assert [titles[0] == DE.recorded, titles[1] == EN.recorded].count(True) == 1, titles
    if titles[0] == DE.recorded:
        winner, loser, words, title = sven, amara, "already has an open change", EN.failed
    else:
        winner, loser, words, title = amara, sven, "schon eine offene Änderung von", DE.failed
    told = await loser.wait_for_modal(title=title)
    assert words in reading(told)
    assert f"<@{winner.id}>" in reading(told)
    await outcome(winner, (DE if winner is sven else EN).completed, customer="Race GmbH")
    await ordered_once(product, wanted["id"])


async def test_whoever_comes_second_sees_who_has_it_before_the_deed_with_a_link_to_the_card(product: Product) -> None:
    """While the first order is under way."""
    sven = await product.person("sales_agent", locale="de-DE")
    amara = await product.person("admin_agent", locale="en-US")
    wanted = BY_NAME["crowd"]
    listed, other = await asked(sven, "crowd.example"), await asked(amara, "crowd.example")
    product.faults.arm("slow", method="POST", path=wanted["id"], seconds=6)
    await ordered(sven, listed, "Office 365 E3", DE)
    shown = await card(amara, "Crowd GmbH")
    await amara.press(other, "Office 365 E3")
    told = await amara.wait_for_modal(title=EN.hindered)
    assert f"<@{sven.id}> already has an open change" in reading(told)
    ((_, link),) = (each for each in elements(told) if each[1]["type"] == "button")
    assert link["text"]["text"] == "Open the card"
    assert link["url"].endswith(f"/archives/{AUDIT}/p{shown['ts'].replace('.', '')}")
    await outcome(sven, DE.completed, customer="Crowd GmbH")
    await ordered_once(product, wanted["id"])


async def test_the_same_modal_submitted_many_times_is_one_change(product: Product) -> None:
    """A draft becomes one change, however often it arrives."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, "twice.example")
    modal = await confirming(sven, listed, "Office 365 E3", DE)
    posts = [sven.post("view/submit", view_id=modal["id"], state={}) for _ in range(6)]
    await asyncio.gather(*posts, return_exceptions=True)
    await outcome(sven, DE.completed, customer="Twice GmbH")
    await ordered_once(product, BY_NAME["twice"]["id"])
    names = await product.trail_names(BY_NAME["twice"]["id"])
    assert [each for each in names if each.startswith("slack:change:request")] == [
        "slack:change:request done approver_not_needed"
    ] or sum(each.startswith("slack:change:request done") for each in names) == 1


async def test_one_person_who_presses_many_times_orders_once(product: Product) -> None:
    """Six presses, six modals on top of each other at most three: one change."""
    sven = await product.person("sales_agent", locale="de-DE")
    listed = await asked(sven, "hurry.example")
    wanted = BY_NAME["hurry"]
    await asyncio.gather(*(sven.press(listed, "Office 365 E3") for _ in range(3)), return_exceptions=True)
    await sven.wait_for_modal(title=DE.confirm)
    await sven.submit({DE.field: "1"})
    await outcome(sven, DE.completed, customer="Hurry GmbH")
    while (modal := await sven.modal()) is not None:
        if modal.get("submit"):
            await sven.submit({DE.field: "2"})
        await sven.close()
    await ordered_once(product, wanted["id"])
