"""Values that nobody was given: made up, somebody else's, of another kind (issue 2, 9; design.md, rule 1)."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from bot.workspace.sample import AUDIT, GENERAL
from tests.journeys.steps import DE, EN, asked, confirming, ordered, ordered_once, outcome
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription, user
from tests.support.workspace_person import Person, wait_for
from tests.support.workspace_reading import buttons, elements, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
DONE: Final = customer(
    "Nacharbeit GmbH",
    subscription(BASIC, 1),
    users=[user("Anna Becker"), user("Felix Braun")],
    domain="nacharbeit.example",
)
BOOK: Final = [FINE, DONE]
MADE_UP: Final = ("x", "", "' OR 1=1 --", "../../etc/passwd", "0" * 2_000, "ünï\u202ecode", None, 17, {"a": 1}, ["x"])


def value(made_up: Any) -> Callable[[dict[str, Any]], None]:
    """Another value behind the pressed button or option."""

    def change(payload: dict[str, Any]) -> None:
        action = payload["actions"][0]
        if action["type"] == "button":
            action["value"] = made_up
        else:
            action["selected_option"]["value"] = made_up

    return change


def value_of(message: dict[str, Any], button: str) -> str:
    """What stands behind a button."""
    return next(str(each["value"]) for _, each in elements(message) if each.get("text", {}).get("text") == button)


async def told(person: Person, listed: dict[str, Any], button: str) -> str:
    """Press; what the modal or the message says that comes of it."""
    before = {each["ts"] for each in await person.messages(listed["channel"])}
    assert (await person.press(listed, button))["ok"]
    modal = button.startswith("Office") or button == "Request again"
    if modal:
        said = reading(await person.wait_for_modal(title=EN.failed))
        await person.close(clear=True)
        return said
    return reading(await person.wait_for_message(listed["channel"], where=lambda each: each["ts"] not in before))


@pytest.mark.parametrize("made_up", MADE_UP, ids=lambda each: repr(each)[:20])
async def test_a_made_up_value_is_said_to_be_unknown_and_does_nothing(product: Product, made_up: Any) -> None:
    """On every button of the list."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "fabrikam.example")
    with product.tampering(value(made_up)):
        for button in ("Office 365 E3", "Refresh", "Share in channel"):
            assert "not known here" in await told(sven, listed, button)
    await ordered_once(product, FINE["id"], orders=0)


async def test_a_value_of_another_purpose_or_of_somebody_else_is_refused_and_kept(product: Product) -> None:
    """Each value opens what it was made for, for whom it was made for."""
    sven = await product.person("sales_agent", locale="en-US")
    amara = await product.person("admin_agent", locale="en-US")
    mine, hers = await asked(sven, "fabrikam.example"), await asked(amara, "fabrikam.example")
    with product.tampering(value(value_of(mine, "Refresh"))):
        assert "not known here" in await told(sven, mine, "Office 365 E3")
    with product.tampering(value(value_of(mine, "Office 365 E3"))):
        assert "not known here" in await told(sven, mine, "Refresh")
    with product.tampering(value(value_of(hers, "Office 365 E3"))):
        assert "belongs to somebody else" in await told(sven, mine, "Office 365 E3")
    assert "slack:change:request refused not_yours" in [
        f"{row.entry.name} {row.entry.verdict} {row.entry.reason}" for row in await product.trail()
    ]
    await ordered_once(product, FINE["id"], orders=0)


async def test_a_made_up_customer_in_the_menu_is_unknown(product: Product) -> None:
    """A menu's value is a handle too; a tenant id is none."""
    sven = await product.person("sales_agent", locale="de-DE")
    choice = await asked(sven, "Fabri")
    for made_up in (*MADE_UP, FINE["id"]):
        before = {each["ts"] for each in await sven.messages(GENERAL)}
        ((block, menu),) = [each for each in elements(choice) if each[1]["type"] == "static_select"]
        with product.tampering(value(made_up)):
            assert (await sven.act(choice, block, menu, selected_option=menu["options"][0]))["ok"]
        said = await sven.wait_for_message(GENERAL, where=lambda each: each["ts"] not in before)  # noqa: B023 - awaited
        assert "nicht bekannt" in reading(said)


@pytest.mark.parametrize("made_up", MADE_UP, ids=lambda each: repr(each)[:20])
async def test_a_made_up_draft_behind_the_modal_orders_nothing(product: Product, made_up: Any) -> None:
    """And so does one that belongs to somebody else."""
    sven = await product.person("sales_agent", locale="de-DE")
    await confirming(sven, await asked(sven, "fabrikam.example"), "Office 365 E3", DE)
    with product.tampering(lambda payload: payload["view"].update(private_metadata=made_up)):
        answer = await sven.submit({DE.field: "4711"})
    assert "nicht bekannt" in reading(answer["view"]), answer
    await sven.close(clear=True)
    await ordered_once(product, FINE["id"], orders=0)


async def test_a_draft_of_somebody_else_is_refused(product: Product) -> None:
    """The draft remembers who saw it."""
    sven = await product.person("sales_agent", locale="en-US")
    amara = await product.person("admin_agent", locale="en-US")
    hers = await confirming(amara, await asked(amara, "fabrikam.example"), "Office 365 E3", EN)
    await confirming(sven, await asked(sven, "fabrikam.example"), "Office 365 E3", EN)
    with product.tampering(lambda payload: payload["view"].update(private_metadata=hers["private_metadata"])):
        answer = await sven.submit({EN.field: "4711"})
    assert "belongs to somebody else" in reading(answer["view"])
    await amara.close(clear=True)
    await ordered_once(product, FINE["id"], orders=0)


async def test_account_names_are_for_the_asker_alone_and_changes_cannot_be_made_up(product: Product) -> None:
    """The modal with names opens for whoever asked; to everybody else it says no."""
    sven = await product.person("sales_agent", locale="en-US")
    amara = await product.person("admin_agent", locale="en-US")
    await ordered(sven, await asked(sven, "nacharbeit.example"), "Office 365 E3", EN)
    done = await outcome(sven, EN.completed, customer="Nacharbeit GmbH")
    assert "Follow-up work: " in reading(done)
    assert "Braun" not in reading(done)
    await sven.press(done, "Show the list")
    assert "Braun" in reading(await sven.wait_for_modal(title="Follow-up work"))
    await sven.close(clear=True)
    shown = await amara.wait_for_message(AUDIT, containing="Nacharbeit GmbH")
    assert "Braun" not in reading(shown)
    hers = await asked(amara, "fabrikam.example")

    def follow_ups(payload: dict[str, Any]) -> None:
        payload["actions"][0].update(action_id="change.follow_ups", value=value_of(done, "Show the list"))

    with product.tampering(follow_ups):
        assert (await amara.press(hers, "Refresh"))["ok"]
    said = reading(await amara.wait_for_modal(title=EN.failed))
    assert "belongs to somebody else" in said
    assert "Braun" not in said
    await amara.close(clear=True)
    for made_up in ("x", "", None, {"a": 1}):
        with product.tampering(value(made_up)):
            await sven.press(done, "Show the list")
        assert "not known here" in reading(await sven.wait_for_modal(title=EN.failed))
        await sven.close(clear=True)


@pytest.mark.parametrize("action_id", ["option.choose.9999", "option.choose.99999", "nothing", "change.approve.x", ""])
async def test_buttons_that_do_not_exist_are_answered(product: Product, action_id: str) -> None:
    """Of an older version, or made up."""
    sven = await product.person("sales_agent", locale="en-US")
    listed = await asked(sven, "fabrikam.example")
    before = {each["ts"] for each in await sven.messages(GENERAL)}
    with product.tampering(lambda payload: payload["actions"][0].update(action_id=action_id)):
        assert (await sven.press(listed, "Refresh"))["ok"]

    async def answered() -> str:
        modal = await sven.modal()
        if modal is not None and modal["title"]["text"] == EN.failed:
            await sven.close(clear=True)
            return reading(modal)
        return "\n".join(reading(each) for each in await sven.messages(GENERAL) if each["ts"] not in before)

    assert "not known here" in await wait_for(answered)
    assert buttons(listed)
