"""A customer with nothing, with twins, and with four hundred subscriptions (issue 2, 3 and 9)."""

import re
from collections import Counter
from typing import Any, Final

import pytest

from bot.workspace.sample import GENERAL
from tests.journeys.steps import DE, EN, asked, confirming, ordered, ordered_once, outcome
from tests.support.product import Product
from tests.support.service import BASIC, STANDARD, customer, subscription
from tests.support.workspace_person import Person
from tests.support.workspace_reading import buttons, elements, reading

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMPTY: Final = customer("Leerstand Immobilien", domain="leerstand.example")
KINDS: Final = {0: BASIC, 5: STANDARD}
MANY: Final = customer(
    "Vierhundert Filialen KG",
    *(
        subscription(KINDS.get(number % 10, "power-bi-pro"), 3, friendlyName=f"Filiale {number:03}")
        for number in range(400)
    ),
    domain="filialen.example",
)
TWINS: Final = customer(
    "Zwilling & Partner",
    subscription(BASIC, 5, friendlyName="Standort"),
    subscription(BASIC, 5, friendlyName="Standort"),
    domain="zwilling.example",
)
NAMESAKES: Final = [
    customer("Nordwind Handel GmbH", subscription(BASIC, 17), domain="nordwind-hamburg.example"),
    customer("Nordwind Handel GmbH", subscription(STANDARD, 6), domain="nordwind-kiel.example"),
]
BOOK: Final = [EMPTY, MANY, TWINS, *NAMESAKES]


async def turned(person: Person, listed: dict[str, Any], button: str, containing: str) -> dict[str, Any]:
    """The answer after a press that draws it anew in its place."""
    pressed = await person.press(listed, button)
    assert pressed["ok"], pressed
    return await person.wait_for_message(
        GENERAL, containing=containing, where=lambda each: each["ts"] == listed["ts"] and each["text"] != listed["text"]
    )


async def test_a_customer_with_nothing_is_shown_as_such(product: Product) -> None:
    """In both languages; nothing to press but refresh and share."""
    for locale, said, pressable in (
        ("en-US", "no subscription that was bought through us", ["Refresh", "Share in channel"]),
        ("de-DE", "kein Abonnement", ["Neu laden", "Im Channel teilen"]),
    ):
        person = await product.person("sales_agent", locale=locale)
        listed = await asked(person, "leerstand.example")
        assert said in reading(listed)
        assert buttons(listed) == pressable


async def test_four_hundred_subscriptions_are_pages_and_each_stands_on_one(
    product: Product, way: tuple[str, str]
) -> None:
    """Page by page, a dozen of them; every one is there once, with its buttons. The second way reads three pages."""
    person = await product.person("admin_agent", locale="en-US")
    listed = await asked(person, "Vierhundert Filialen KG")
    pages = int(re.search(r"Page 1 of (\d+)", reading(listed))[1])  # type: ignore[index]
    assert "400 subscriptions" in reading(listed)
    seen: Counter[str] = Counter()
    assert pages == 40
    walked = 12 if way[0] == "socket" else 3
    for page in range(1, walked + 1):
        if page > 1:
            listed = await turned(person, listed, f"Page {page}", f"Page {page} of {pages}")
        assert "does not fit" not in listed["text"]
        assert "do not fit" not in listed["text"]
        assert "37 more subscriptions are in the way" in listed["text"]
        seen.update(re.findall(r"^“(Filiale \d{3})” · ", listed["text"], re.MULTILINE))
    assert len(seen) == 10 * walked
    assert set(seen.values()) == {1}


async def test_what_stands_on_a_later_page_can_be_ordered_and_is_gone_after_a_refresh(product: Product) -> None:
    """The button belongs to its own subscription."""
    person = await product.person("admin_agent", locale="en-US")
    listed = await asked(person, "filialen.example")
    listed = await turned(person, listed, "Page 2", "Page 2 of")
    block, element = next(each for each in elements(listed) if each[1]["action_id"].startswith("option.choose"))
    label = element["accessibility_label"]
    assert (await person.act(listed, block, element))["ok"]
    modal = reading(await person.wait_for_modal(title=EN.confirm))
    name = re.search(r"Filiale \d{3}", modal)[0]  # type: ignore[index]
    wanted = next(each for each in MANY["subscriptions"] if each["friendlyName"] == name)
    assert wanted["id"][-4:] in label
    assert (await person.submit())["result"] == "updated"
    done = await outcome(person, EN.completed, customer="Vierhundert Filialen KG")
    assert wanted["id"] in reading(done)
    await ordered_once(product, MANY["id"])
    listed = await turned(person, listed, "Refresh", "1 cancelled hidden")
    assert wanted["id"][-4:] not in listed["text"].split("Page 2")[0]


async def test_twins_are_told_apart_on_every_screen(product: Product) -> None:
    """By the end of the id: in the list, on the button, in the modal, in the outcome."""
    person = await product.person("sales_agent", locale="de-DE")
    first, second = (each["id"] for each in TWINS["subscriptions"])
    listed = await asked(person, "zwilling.example")
    named = [each for each in buttons(listed) if each.startswith("Office 365 E3")]
    assert len(named) == len(set(named)) == 2
    (mine,) = (each for each in named if second[-4:] in each)
    modal = reading(await confirming(person, listed, mine, DE))
    assert second[-4:] in modal
    assert first[-4:] not in modal
    assert (await person.submit({DE.field: "4711"}))["result"] == "updated"
    done = reading(await outcome(person, DE.completed, customer="Zwilling"))
    assert second in done
    assert first not in done
    again = await asked(person, "zwilling.example")
    assert first[-4:] in again["text"]
    await ordered_once(product, TWINS["id"])


@pytest.mark.parametrize(("locale", "said"), [("en-US", "2 customers are called"), ("de-DE", "2 Kunden heißen")])
async def test_two_of_one_name_are_offered_and_the_chosen_one_is_opened(
    product: Product, locale: str, said: str
) -> None:
    """Never one of them at once; the menu names domain and the end of the tenant id."""
    person = await product.person("user_admin", locale=locale)
    choice = await asked(person, "nordwind handel gmbh")
    assert said in reading(choice)
    ((_, menu),) = [each for each in elements(choice) if each[1]["type"] == "static_select"]
    by_domain = {each["text"]["text"].rpartition(" · ")[2]: each for each in menu["options"]}
    kiel = NAMESAKES[1]
    option = by_domain["nordwind-kiel.example"]
    assert option["description"]["text"].endswith(f"…{kiel['id'][-4:]}")
    await person.choose(choice, option["value"])
    listed = await person.wait_for_message(
        GENERAL, where=lambda each: each["ts"] == choice["ts"] and len(buttons(each)) > 2
    )
    assert "nordwind-kiel.example" in reading(listed)
    assert "nordwind-hamburg.example" not in reading(listed)


async def test_a_single_beginning_is_offered_too(product: Product) -> None:
    """Only a full name opens (rule 11)."""
    person = await product.person("helpdesk_agent", locale="en-US")
    choice = await asked(person, "Leerst")
    assert "1 customer begins with" in reading(choice)
    assert buttons(choice) == []


async def test_shared_in_the_channel_it_has_no_buttons(product: Product) -> None:
    """For everybody to read, nobody to press; in the language of channels."""
    person = await product.person("sales_agent", locale="de-DE")
    other = await product.person("none", locale="de-DE")
    listed = await asked(person, "nordwind-kiel.example")
    await person.press(listed, "Im Channel teilen")
    shared = await other.wait_for_message(GENERAL, containing="nordwind-kiel.example")
    assert not shared["ephemeral"]
    assert buttons(shared) == []
    assert "Shared by" in reading(shared)


async def test_a_second_look_after_the_order_shows_the_new_subscription(product: Product) -> None:
    """What was ordered is what is there."""
    person = await product.person("sales_agent", locale="en-US")
    kiel = NAMESAKES[1]
    listed = await asked(person, kiel["id"])
    await ordered(person, listed, "Office 365 E3", EN)
    done = reading(await outcome(person, EN.completed, customer="nordwind-kiel.example"))
    new = re.search(r"New subscription: ([0-9a-f-]{36})", done)
    assert new is not None
    again = await asked(person, kiel["domain"])
    assert new[1][-4:] in again["text"]
    assert "6 seats" in again["text"]
    await ordered_once(product, kiel["id"])
