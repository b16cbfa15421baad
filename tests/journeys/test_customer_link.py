"""`/customer-link`: a channel is about a customer (issue 5, 2). Checked at each use, not only when it is linked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from bot.domain.audit import AuditName, AuditVerdict
from bot.workspace.sample import AUDIT, GENERAL, SHARED, TEAM
from tests.support.product import Product
from tests.support.service import BASIC, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

FABRIKAM: Final = "Fabrikam Reisen AG"
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
BOOK: Final = [
    customer(FABRIKAM, subscription(BASIC, 4, friendlyName="Büro Köln"), domain="fabrikam.example"),
    customer("Contoso GmbH", subscription(BASIC, 4, friendlyName="Zentrale"), domain="contoso.example"),
]


@contextmanager
def place(product: Product, channel: str, **now: bool) -> Iterator[None]:
    """A channel that is otherwise for a while."""
    found = product.slack.server.workspace.places.get(channel)
    assert found is not None
    before = {name: getattr(found, name) for name in now}
    for name, value in now.items():
        setattr(found, name, value)
    yield
    for name, value in before.items():
        setattr(found, name, value)


async def told(person: Person, text: str, *, channel: str = GENERAL) -> str:
    """What a command is answered, to this person alone."""
    before = {each["ts"] for each in await person.messages(channel)}
    sent = await person.send(channel, text)
    assert sent["ok"], sent
    answer = await person.wait_for_message(
        channel, where=lambda each: bool(each["ephemeral"]) and each["ts"] not in before
    )
    return reading(answer)


async def newest(product: Product) -> str:
    """The newest entry of the audit table, as `name verdict reason`."""
    entry = (await product.trail())[-1].entry
    return f"{entry.name} {entry.verdict} {entry.reason or ''}".strip()


async def test_a_linked_channel_needs_no_customer(product: Product) -> None:
    """Linked, said, used, ended; linking and ending are in the audit table with the channel."""
    greta = await product.person("global_admin", locale="en-US")
    assert "is not linked" in await told(greta, "/customer-link")
    assert FABRIKAM in await told(greta, f"/customer-link {FABRIKAM}")
    shown = await told(greta, "/customer-link")
    assert "is linked to" in shown
    assert FABRIKAM in shown
    listed = await told(greta, "/upgrade-options")
    assert "Büro Köln" in listed
    assert "no longer linked" in await told(greta, "/customer-link off")
    assert "is not linked" in await told(greta, "/customer-link off")
    entries = [row.entry for row in await product.trail(BOOK[0]["id"])][-2:]
    assert [each.name for each in entries] == [AuditName.CHANNEL_LINK, AuditName.CHANNEL_UNLINK]
    for each in entries:
        assert each.verdict is AuditVerdict.DONE
        assert each.data["channel_id"] == GENERAL


async def test_linking_again_says_what_was_before(product: Product) -> None:
    """And the same customer once more is no other one."""
    greta = await product.person("global_admin", locale="en-US")
    await told(greta, f"/customer-link {FABRIKAM}")
    assert "Before" not in await told(greta, f"/customer-link {FABRIKAM}")
    assert "Before, it was linked to another customer" in await told(greta, "/customer-link Contoso GmbH")
    await told(greta, "/customer-link off")


async def test_only_what_opens_a_customer_links_at_once(product: Product) -> None:
    """Anything else is offered for choice; the choice links (design.md, rule 11)."""
    greta = await product.person("global_admin", locale="en-US")
    await greta.send(GENERAL, "/customer-link Fabrikam Re")
    choice = await greta.wait_for_message(GENERAL, containing="begins with")
    assert "is not linked" in await told(greta, "/customer-link")
    (option,) = choice["blocks"][1]["elements"][0]["options"]
    await greta.choose(choice, option["value"])
    await greta.wait_for_message(GENERAL, containing="is linked now", where=lambda each: each["ts"] == choice["ts"])
    assert FABRIKAM in await told(greta, "/customer-link")
    await told(greta, "/customer-link off")


async def test_a_channel_that_others_read_is_neither_linked_nor_used(product: Product) -> None:
    """It may have been shared after it was linked: then the link is refused, and ending it still works."""
    greta = await product.person("global_admin", locale="en-US")
    assert "shared with another organisation" in await told(greta, f"/customer-link {FABRIKAM}", channel=SHARED)
    assert await newest(product) == "slack:channel:link refused link_in_shared_channel"
    await told(greta, f"/customer-link {FABRIKAM}")
    with place(product, GENERAL, is_ext_shared=True):
        for text in ("/upgrade-options", "/customer-link"):
            answer = await told(greta, text)
            assert "shared with another organisation" in answer
            assert FABRIKAM not in answer
        assert await newest(product) == "slack:options:look refused link_in_shared_channel"
        assert "no longer linked" in await told(greta, "/customer-link off")


async def test_direct_messages_cannot_be_linked(product: Product) -> None:
    """They are nobody's project."""
    sven = await product.person("sales_agent", locale="de-DE")
    assert "Direktnachrichten" in await told(sven, f"/customer-link {FABRIKAM}", channel=sven.direct)
    assert await newest(product) == "slack:channel:link refused link_in_direct_message"


async def test_what_slack_does_not_say_is_not_allowed_and_no_refusal(product: Product) -> None:
    """Undetermined, in words and in the trail."""
    greta = await product.person("global_admin", locale="en-US")
    await told(greta, f"/customer-link {FABRIKAM}", channel=AUDIT)
    with place(product, AUDIT, is_private=True, bot_is_member=False):
        answer = await told(greta, "/upgrade-options", channel=AUDIT)
    assert "did not say whether" in answer
    assert await newest(product) == "slack:options:look undetermined channel_unreadable"
    await told(greta, "/customer-link off", channel=AUDIT)


async def test_a_linked_customer_who_is_gone_is_named_with_what_to_do(product: Product) -> None:
    """Nobody else is opened in their place."""
    greta = await product.person("global_admin", locale="en-US")
    await told(greta, f"/customer-link {FABRIKAM}")
    async with product.app.desk.database.write() as tx:
        by = (await product.trail())[-1].entry.actor
        await tx.channel_links.put(team_id=TEAM.id, channel_id=GENERAL, customer_id=NOBODY, by=by)
    answer = await told(greta, "/upgrade-options")
    assert "no longer there" in answer
    assert "/customer-link off" in answer
    await told(greta, "/customer-link off")


@pytest.mark.parametrize("text", ["/customer-link", f"/customer-link {FABRIKAM}", "/customer-link off"])
async def test_who_may_not_look_may_not_link(product: Product, text: str) -> None:
    """Whoever may look may link (docs/decisions/0130-channel-links.md)."""
    noah = await product.person("none", locale="en-US")
    assert "partner roles" in await told(noah, text)
    assert (await newest(product)).endswith("refused no_role")


@pytest.mark.parametrize("word", ["help", "HILFE", "?"])
async def test_it_says_how_it_is_used(product: Product, word: str) -> None:
    """In the reader's language."""
    sven = await product.person("sales_agent", locale="de-DE")
    assert "verknüpft diesen Channel mit dem Kunden" in await told(sven, f"/customer-link {word}")


@pytest.mark.parametrize("typed", ["+5", "5", "=9"])
async def test_a_number_alone_is_for_the_channels_customer(product: Product, typed: str) -> None:
    """`/add-seats 5` in a linked channel opens the confirmation at once; without a link it finds nobody."""
    greta = await product.person("global_admin", locale="en-US")
    await greta.send(GENERAL, f"/add-seats {typed}")
    assert "No customer was found for" in reading(await greta.wait_for_modal(containing="No customer was found for"))
    await greta.close(clear=True)
    assert FABRIKAM in await told(greta, f"/customer-link {FABRIKAM}")
    await greta.send(GENERAL, f"/add-seats {typed}")
    shown = reading(await greta.wait_for_modal(containing=FABRIKAM))
    assert "Büro Köln" in shown
    await greta.close(clear=True)
    await told(greta, "/customer-link off")
