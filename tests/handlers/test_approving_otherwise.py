"""Approving where it is not plain: two approvers, a team of one, facts that move, an outcome that stays unclear."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.workspace.sample import APPROVALS, GENERAL
from tests.support.product import Product, running_product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import buttons, reading

CONTOSO = customer("Contoso GmbH", subscription(BASIC, 24), domain="contoso.de")
Run = Callable[..., AbstractAsyncContextManager[Product]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The product with a policy of the test's own."""

    @asynccontextmanager
    async def running(policy: str | None = None) -> AsyncIterator[Product]:
        async with running_product(tmp_path, customers=[CONTOSO], policy=policy) as product:
            yield product

    return running


async def asks(product: Product, who: str = "helpdesk_agent", *, submit: str = "Genehmigung anfordern") -> Person:
    person = await product.person(who, locale="de-DE")
    await person.send(GENERAL, "/upgrade-options Contoso GmbH")
    answer = await person.wait_for_message(GENERAL, containing="Contoso", where=lambda each: bool(each["ephemeral"]))
    await person.press(answer, "Office 365 E3")
    modal = await person.wait_for_modal(title="Upgrade bestätigen")
    assert modal["submit"]["text"] == submit
    assert (await person.submit())["result"] == "updated"
    await person.close(clear=True)
    return person


async def checks(person: Person) -> str:
    """Opens the modal; what its submit button says."""
    card = await person.wait_for_message(APPROVALS, containing="WAITING FOR APPROVAL")
    await person.press(card, "Check and approve")
    modal = await person.wait_for_modal(title="Prüfen und genehmigen")
    return str(modal["submit"]["text"])


async def test_two_approvers_count_once_each_and_the_card_shows_who_has(run: Run) -> None:
    """`approvers = 2`."""
    async with run("[approval]\napprovers = 2\n") as product:
        await asks(product)
        sven, amara = [await product.person(who, locale="de-DE") for who in ("sales_agent", "admin_agent")]
        assert await checks(sven) == "Genehmigen (1 von 2)"
        assert "1 von 2. Es muss noch jemand anderes genehmigen." in reading((await sven.submit())["view"])
        await sven.close(clear=True)
        card = await sven.wait_for_message(APPROVALS, containing="1 of 2")
        assert "Approved: <@U0SALES001>" in card["text"]
        assert buttons(card) == ["Check and approve", "Reject", "Withdraw"]
        await checks(sven)
        assert "Sie hatten das schon genehmigt" in reading((await sven.submit())["view"])
        await sven.close(clear=True)
        assert await checks(amara) == "Verbindlich genehmigen"
        await amara.submit()
        card = await sven.wait_for_message(APPROVALS, containing="COMPLETED")
        assert "Approved: <@U0SALES001>" in card["text"]
        assert "Approved: <@U0ADMINAG1>" in card["text"]
        assert await product.orders() == 1


async def test_a_team_of_one_approves_its_own_and_it_is_marked(run: Run) -> None:
    """`self_approval = true`."""
    policy = "[approval]\nself_approval = true\nfor_seats_above = 5\n"
    async with run(policy) as product:
        sven = await asks(product, "sales_agent")
        assert await checks(sven) == "Verbindlich genehmigen"
        await sven.submit()
        card = await sven.wait_for_message(APPROVALS, containing="COMPLETED")
        assert "own change, which the policy allows" in card["text"]


async def test_facts_that_moved_are_shown_and_have_to_be_submitted_anew(run: Run, tmp_path: Path) -> None:
    """Taking them over approves nothing; the second submit does, and what is ordered is what was seen."""
    async with run() as product:
        await asks(product)
        sven = await product.person("sales_agent", locale="de-DE")
        (first,) = CONTOSO["subscriptions"]
        await product.service.replace(tmp_path, [{**CONTOSO, "subscriptions": [{**first, "quantity": 20}]}])
        assert await checks(sven) == "Neue Fakten übernehmen"
        modal = await sven.modal()
        assert "24 → 20 Lizenzen" in reading(modal)
        anew = await sven.submit()
        assert "Es wurde nichts genehmigt" in reading(anew["view"])
        assert anew["view"]["submit"]["text"] == "Verbindlich genehmigen"
        assert await product.orders() == 0
        await sven.wait_for_message(APPROVALS, containing="20 seats")
        assert "GENEHMIGT" in reading((await sven.submit())["view"])
        await sven.wait_for_message(APPROVALS, containing="COMPLETED")
        assert await product.orders() == 1


async def test_an_outcome_that_stays_unclear_is_settled_by_a_second_person_after_a_day(run: Run) -> None:
    """With what was seen and the order's id; the asker hears of it."""
    async with run() as product:
        heidi = await asks(product)
        sven = await product.person("sales_agent", locale="de-DE")
        await product.slack.fail_next_order("error")
        await checks(sven)
        await sven.submit()
        await sven.close(clear=True)
        card = await sven.wait_for_message(APPROVALS, containing="OUTCOME NOT CLEAR")
        assert "Settle by hand" not in buttons(card)
        product.clock.advance(timedelta(hours=25))
        product.app.worker.wake()
        card = await sven.wait_for_message(APPROVALS, where=lambda each: "Settle by hand" in buttons(each))
        await sven.press(card, "Settle by hand")
        modal = await sven.wait_for_modal(title="Von Hand klären")
        assert "Sehen Sie zuerst in Partner Center" in reading(modal)
        done = "Das Upgrade wurde durchgeführt"
        missing = await sven.submit({"Ergebnis": done, "Was Sie gesehen haben, und wo": "Bestellung gesehen"})
        assert list(missing["errors"]) == ["order_id"], missing
        settled = await sven.submit(
            {"Ergebnis": done, "order_id": "PC-4711", "Was Sie gesehen haben, und wo": "Bestellung gesehen"}
        )
        assert "ABGESCHLOSSEN" in reading(settled["view"])
        card = await sven.wait_for_message(APPROVALS, containing="COMPLETED")
        assert "Order found in Partner Center: PC-4711" in card["text"]
        assert card["text"].startswith("*COMPLETED* <@U0SALES001>")
        await heidi.wait_for_message(heidi.direct, containing="PC-4711")
        assert await product.orders() == 0
        await product.check_trail()
