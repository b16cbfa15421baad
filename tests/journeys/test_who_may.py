"""Who may look and order, who is refused and told whom to ask; the attempt is in the audit table (issue 2, 3)."""

from typing import Any, Final

import pytest

from bot.workspace.sample import GENERAL, OTHER_TEAM, PEOPLE, SHARED
from tests.journeys.steps import EN, WORDS, asked
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import wait_for
from tests.support.workspace_reading import buttons, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

FINE: Final = customer("Fabrikam AG", subscription(BASIC, 4), domain="fabrikam.example")
BOOK: Final = [FINE]
REFUSED: Final = {
    ("none", "en-US"): "Ask a global admin of your organisation",
    ("none", "de-DE"): "Bitten Sie einen globalen Administrator",
    ("guest", "en-US"): "Guests of this workspace may not use Upgrade Desk",
    ("guest", "de-DE"): "Gäste dieses Workspace",
    ("single_channel_guest", "en-US"): "Guests of this workspace may not use Upgrade Desk",
}


async def entries(product: Product, who: str) -> list[str]:
    """What the audit table says about this member's attempts."""
    rows = [row.entry for row in await product.trail()]
    return [f"{each.name} {each.verdict} {each.reason}" for each in rows if each.actor.user_id == PEOPLE[who]]


@pytest.mark.parametrize(("who", "locale"), REFUSED)
async def test_whoever_may_not_look_is_told_and_the_attempt_is_entered(product: Product, who: str, locale: str) -> None:
    """Without a word about the customer."""
    person = await product.person(who, locale=locale)
    before = len(await entries(product, who))
    told = await asked(person, "fabrikam.example")
    assert REFUSED[who, locale] in reading(told), reading(told)
    assert "Fabrikam" not in reading(told)
    assert buttons(told) == []
    made = await entries(product, who)
    assert len(made) == before + 1
    assert made[-1].startswith("slack:options:look refused ")
    await product.check_trail()


@pytest.mark.parametrize("who", ["global_admin", "user_admin", "admin_agent", "sales_agent", "helpdesk_agent"])
async def test_each_of_the_five_roles_may_look(product: Product, who: str) -> None:
    """And has buttons to press."""
    listed = await asked(await product.person(who, locale="en-US"), "fabrikam.example")
    assert {"Office 365 E1", "Office 365 E3", "Refresh", "Share in channel"} <= set(buttons(listed))


@pytest.mark.parametrize("locale", WORDS)
async def test_a_member_of_another_organisation_is_refused_at_a_button_of_the_shared_channel(
    product: Product, locale: str
) -> None:
    """The very buttons of somebody's list, for everybody to press: each refuses, and orders nothing."""
    sven, erik = await product.person("sales_agent", locale=locale), await product.person("external")
    listed = await asked(sven, "fabrikam.example", channel=SHARED)
    posted = await product.app.client.chat_postMessage(channel=SHARED, text="list", blocks=listed["blocks"])
    seen = await erik.wait_for_message(SHARED, where=lambda each: each["ts"] == posted["ts"])
    count = len(await entries(product, "external"))
    for button in (buttons(listed)[0], buttons(listed)[-2]):
        assert (await erik.press(seen, button))["ok"]
    said = "Only members of the organisation" if locale == "en-US" else "Nur Mitglieder der Organisation"

    async def told() -> str:
        modal, messages = await erik.modal(), await erik.messages(SHARED)
        return reading([modal or {}, *(each for each in messages if each["ephemeral"])])

    async def twice() -> bool:
        return (await told()).count(said) >= 2 and len(await entries(product, "external")) == count + 2

    await wait_for(twice, wanted="both refusals")
    assert "Fabrikam" not in (await told())
    rows = [row.entry for row in await product.trail() if row.entry.actor.user_id == PEOPLE["external"]]
    assert {each.actor.team_id for each in rows} == {OTHER_TEAM.id}
    assert {str(each.reason) for each in rows} == {"other_organisation"}
    assert await product.orders() == 0
    await erik.close(clear=True)


async def test_a_colleague_who_presses_my_list_is_told_to_run_the_command(product: Product) -> None:
    """A list belongs to whoever asked for it."""
    sven, amara = await product.person("sales_agent", locale="en-US"), await product.person("admin_agent")
    listed = await asked(sven, "fabrikam.example")
    posted = await product.app.client.chat_postMessage(channel=GENERAL, text="list", blocks=listed["blocks"])
    seen = await amara.wait_for_message(GENERAL, where=lambda each: each["ts"] == posted["ts"])
    await amara.press(seen, "Office 365 E3")
    assert "belongs to somebody else" in reading(await amara.wait_for_modal(title=EN.failed))
    await amara.close(clear=True)
    assert await product.orders() == 0


async def test_nothing_is_shared_in_a_channel_with_another_organisation(product: Product) -> None:
    """The answer stays with the asker, with a sentence."""
    sven = await product.person("sales_agent", locale="en-US")
    erik = await product.person("external")
    listed = await asked(sven, "fabrikam.example", channel=SHARED)
    before = len(await erik.messages(SHARED))
    await sven.press(listed, "Share in channel")
    await sven.wait_for_message(SHARED, containing="This channel is shared with another organisation")
    assert len(await erik.messages(SHARED)) == before


@pytest.mark.parametrize(("typed", "said"), [("help", "threads"), ("hilfe", "threads")])
async def test_help_says_that_commands_do_not_work_in_threads(product: Product, typed: str, said: str) -> None:
    """For everybody, a guest too."""
    greta = await product.person("global_admin", locale="en-US")
    assert said in reading(await asked(greta, typed))


async def test_in_a_thread_slack_itself_refuses(product: Product) -> None:
    """The workspace is as strict as Slack."""
    greta = await product.person("global_admin", locale="en-US")
    said: dict[str, Any] = await greta.send(GENERAL, "hello")
    answer = await greta.send(GENERAL, "/upgrade-options Fabrikam AG", thread_ts=said["ts"])
    assert not answer["ok"]
