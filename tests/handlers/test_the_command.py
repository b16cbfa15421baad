"""`/upgrade-options <customer>` from the message box to the answer (issue 2, 3 and 9)."""

import pytest

from bot.eligibility.service.faults import FaultKind
from bot.workspace.sample import GENERAL, SHARED
from tests.handlers.conftest import House
from tests.support.workspace_person import Person
from tests.support.workspace_reading import buttons, elements, reading

ASK = "/upgrade-options Contoso GmbH"


async def asked(person: Person, text: str, *, containing: str, channel: str = GENERAL) -> dict[str, object]:
    sent = await person.send(channel, text)
    assert sent["ok"], sent
    return await person.wait_for_message(channel, containing=containing, where=lambda each: bool(each["ephemeral"]))


@pytest.mark.parametrize("text", [" ?", " help", " HILFE"])
async def test_asked_for_help_it_says_how_to_use_it(house: House, text: str) -> None:
    """Including that commands do not work in threads."""
    sven = await house.person("sales_agent")
    answer = await asked(sven, f"/upgrade-options{text}", containing="/upgrade-options")
    assert "Threads" in reading(answer)


async def test_the_answer_has_a_button_per_permitted_target_and_a_line_for_each_other(house: House) -> None:
    """To the asker alone, in the asker's language."""
    sven, greta = await house.person("sales_agent"), await house.person("global_admin")
    answer = await asked(sven, ASK, containing="Mandant")
    assert buttons(answer)[:3] == ["Business Standard", "Office 365 E1", "Office 365 E3"]
    assert "*Office 365 Enterprise E5* nicht möglich: " in reading(answer)
    assert "Telefonie ist schon in „Microsoft Teams Phone Standard“ (nicht über uns gekauft" in reading(answer)
    assert "Der Kunde muss es zuerst kündigen." in reading(answer)
    assert not [each for each in await greta.messages(GENERAL) if each["ephemeral"]]
    assert "No upgrade is offered" in reading(await asked(greta, ASK, containing="Tenant"))


@pytest.mark.parametrize("text", ["contoso gmbh", "<http://contoso.de|contoso.de>", "CONTOSO.DE", "contoso.de."])
async def test_a_full_name_or_a_domain_opens_the_customer(house: House, text: str) -> None:
    """In any case of letters, and as Slack makes links of domains."""
    sven = await house.person("sales_agent")
    await asked(sven, f"/upgrade-options {text}", containing="Mandant")


async def test_the_beginning_of_a_name_is_a_choice_also_when_only_one_matches(house: House) -> None:
    """Design.md, rule 11; choosing replaces the menu with the list."""
    sven = await house.person("sales_agent")
    choice = await asked(sven, "/upgrade-options Fabrik", containing="beginnt")
    ((_, menu),) = elements(choice)
    assert "fabrikam.example" in menu["options"][0]["text"]["text"]
    await sven.choose(choice, menu["options"][0]["value"])
    answer = await sven.wait_for_message(GENERAL, containing="Upgrade möglich auf")
    assert answer["ts"] == choice["ts"] or await sven.again(choice) is None


async def test_no_match_says_what_was_looked_for(house: House) -> None:
    """Literally, whatever it was."""
    sven = await house.person("sales_agent")
    answer = await asked(sven, "/upgrade-options <!channel> & Söhne", containing="wurde kein Kunde gefunden")
    assert "&lt;!channel&gt; &amp; Söhne" in reading(answer)


@pytest.mark.parametrize(("who", "words"), [("none", "partner roles"), ("guest", "Gäste dieses Workspace")])
async def test_who_may_not_is_told_why_and_whom_to_ask(house: House, who: str, words: str) -> None:
    """And the attempt is in the audit table."""
    person = await house.person(who)
    answer = await asked(person, ASK, containing=words)
    assert "Contoso" not in reading(answer)
    async with house.demo.app.desk.database.read() as tx:
        page = await tx.audit.page(house.demo.app.identity.team_id)
    assert [row.entry.verdict.value for row in page.items if row.entry.actor.user_id == person.id] == ["refused"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FaultKind.UNAUTHORIZED, "lässt Upgrade Desk nicht zu"),
        (FaultKind.HTML, "Upgrade-Dienst"),
        (FaultKind.HTML_OK, "nicht zu verstehen"),
        (FaultKind.NONSENSE, "nicht zu verstehen"),
        (FaultKind.ERROR, "Upgrade-Dienst"),
    ],
)
async def test_a_service_in_trouble_is_a_sentence_and_a_reference(house: House, kind: FaultKind, words: str) -> None:
    """Design.md, rule 5."""
    sven = await house.person("sales_agent")
    house.demo.faults.arm(kind, times=50)
    answer = await asked(sven, ASK, containing=words)
    assert "Referenz " in reading(answer)


async def test_refresh_replaces_the_list_in_its_place(house: House) -> None:
    """With fresh block ids, so that nothing stale is pressed."""
    sven = await house.person("sales_agent")
    answer = await asked(sven, ASK, containing="Mandant")
    await sven.press(answer, "Neu laden")
    again = await sven.wait_for_message(
        GENERAL,
        containing="Mandant",
        where=lambda each: each["blocks"][0]["block_id"] != answer["blocks"][0]["block_id"],
    )
    assert buttons(again) == buttons(answer)


async def test_sharing_posts_the_answer_without_buttons_in_the_language_of_channels(house: House) -> None:
    """And says who shared it."""
    sven, greta = await house.person("sales_agent"), await house.person("global_admin")
    answer = await asked(sven, ASK, containing="Mandant")
    await sven.press(answer, "Im Channel teilen")
    shared = await greta.wait_for_message(GENERAL, containing="Shared by")
    assert buttons(shared) == []
    assert f"<@{sven.id}>" in reading(shared)


async def test_nothing_is_shared_with_another_organisation(house: House) -> None:
    """Whoever presses is told so."""
    sven = await house.person("sales_agent")
    answer = await asked(sven, ASK, containing="Mandant", channel=SHARED)
    await sven.press(answer, "Im Channel teilen")
    await sven.wait_for_message(SHARED, containing="mit einer anderen Organisation geteilt")
    assert not [each for each in await sven.messages(SHARED) if "Geteilt von" in reading(each)]
