"""The screens, fact by fact and in their order (screens.md, 1 to 4)."""

import re

import pytest

from bot.desk.results import CustomerChoice, CustomerMatch, SubscriptionCard
from bot.domain.customers import Reason, ReasonKind
from bot.domain.errors import OpenChangeExists, Refused
from bot.domain.facts import Move
from bot.domain.people import Person, Standing
from bot.domain.policy import Mode
from handlers.blocks import limits
from handlers.blocks.choice import choice_message
from handlers.blocks.confirmation import confirmation_view
from handlers.blocks.option_card import button_names
from handlers.blocks.options import options_message
from handlers.blocks.sheet import language_of
from tests.handlers.checking import buttons_of, check_message, check_view
from tests.handlers.samples import (
    ASKER,
    CONTOSO,
    confirmation,
    options_list,
    pen,
    permitted,
    refused,
    subscription,
)

SUSPENDED = Reason(kind=ReasonKind.NOT_ACTIVE, raw_code="2", status="suspended")
GERMAN = "de-DE"
E1, STANDARD = "office-365-enterprise-e1", "microsoft-365-business-standard"


def names_of(thing: object) -> list[str]:
    return [each["text"]["text"] for each in buttons_of(thing)]


def test_the_list_in_german() -> None:
    """Screens.md 1, with its words."""
    options = options_list(
        SubscriptionCard(
            subscription=subscription(), options=(permitted(), permitted("office-365-enterprise-e1", "h-2"))
        ),
        SubscriptionCard(
            subscription=subscription(
                id="s-22d0", friendly_name="Werk Süd", quantity=5, status="suspended", ends_on=None
            ),
            options=(refused("office-365-enterprise-e1", SUSPENDED), refused("office-365-enterprise-e3", SUSPENDED)),
        ),
        SubscriptionCard(subscription=subscription(id="s-e610", quantity=1), options=()),
        cancelled_hidden=2,
    )
    message = options_message(pen(GERMAN), options, nonce="n")
    lines = message.text.splitlines()
    assert lines[0].startswith("*Contoso GmbH* · contoso.de · Mandant …9c41 · Stand <!date^")
    assert lines[1] == "„Zentrale“ · *Microsoft 365 Business Basic* · 24 Lizenzen"
    assert lines[2] == "Aktiv bis 31.03.2027 · …7f3a"
    assert lines[3] == "Upgrade möglich auf: Office 365 Enterprise E3, Office 365 Enterprise E1"
    assert lines[5] == "Ausgesetzt · …22d0"
    assert lines[6].startswith(
        "Kein Upgrade möglich auf Office 365 Enterprise E1, Office 365 Enterprise E3: nicht aktiv"
    )
    assert "Zuerst reaktivieren." in lines[6]
    assert " · 1 Lizenz" in lines[7]
    assert lines[9] == "Für dieses Produkt wird kein Upgrade angeboten."
    assert lines[-1] == "2 gekündigte ausgeblendet"
    assert names_of(message.payload()) == ["Office 365 E3", "Office 365 E1", "Neu laden", "Im Channel teilen"]


def test_twins_have_buttons_that_differ() -> None:
    """The same target for two subscriptions: the end of the id tells them apart, in 24 characters."""
    options = options_list(
        SubscriptionCard(subscription=subscription(), options=(permitted(STANDARD, "a"),)),
        SubscriptionCard(subscription=subscription(id="s-22d0"), options=(permitted(STANDARD, "b"),)),
        SubscriptionCard(subscription=subscription(id="t-22d0"), options=(permitted(STANDARD, "c"),)),
    )
    names = button_names(pen().texts, options)
    assert names["a"] == "Business Standard …7f3a"
    assert names["b"] == "Business Standard …22d0"
    assert len(set(names.values())) == 3
    assert all(len(name) <= limits.BUTTON_TEXT for name in names.values())
    labels = [each["accessibility_label"] for each in buttons_of(options_message(pen(), options, nonce="n").payload())]
    assert labels[0] == "Business Standard …7f3a: Microsoft 365 Business Standard"


@pytest.mark.parametrize("count", [0, 1, 10])
def test_a_page_with_every_number_of_subscriptions_is_whole(count: int) -> None:
    """Ten ordinary ones, each with four refused targets, fit an answer without being cut."""
    targets = (
        STANDARD,
        "office-365-enterprise-e1",
        "office-365-enterprise-e3",
        "office-365-enterprise-e5",
    )
    rights = [Reason(kind=ReasonKind.DELEGATED_RIGHTS_MISSING, raw_code="1", families=(f"f{n}",)) for n in range(4)]
    lines = tuple(refused(key, reason) for key, reason in zip(targets, rights, strict=True))
    cards = [SubscriptionCard(subscription=subscription(id=f"s-{n:04}"), options=lines) for n in range(count)]
    message = options_message(pen(GERMAN), options_list(*cards), nonce="n")
    check_message(message)
    assert "passt nicht" not in message.text
    assert "passen nicht" not in message.text
    assert all(f"…{n:04}" in message.text for n in range(count))


def test_many_subscriptions_are_pages() -> None:
    """With the pages around this one."""
    options = options_list(page=2, pages=40, total=400, page_handles={1: "p1", 3: "p3"})
    message = options_message(pen(), options, nonce="n")
    assert "Page 2 of 40 · 400 subscriptions" in message.text
    assert names_of(message.payload())[-2:] == ["Page 1", "Page 3"]


def test_read_only_and_a_stop_are_said_on_the_list() -> None:
    """People can look, and know beforehand that nothing can be ordered."""
    text = options_message(pen(), options_list(mode=Mode.READ_ONLY, stopped=True), nonce="n").text
    assert "set to read only" in text
    assert "stopped at the moment" in text


def test_the_language_of_a_pressed_message_is_in_its_block_ids() -> None:
    """So that the loading modal, which cannot wait, speaks it too."""
    for locale, language in (("en-US", "en"), (GERMAN, "de")):
        message = options_message(pen(locale), options_list(), nonce="n")
        assert language_of(str(message.blocks[0]["block_id"])) == language
    assert language_of("made-up") is None
    assert language_of("") is None


def test_a_single_match_is_offered_for_choice_with_its_domain() -> None:
    """Design.md, rule 11."""
    choice = CustomerChoice(
        query="Cont",
        matches=(CustomerMatch(customer=CONTOSO, handle="h"),),
        total=1,
        at_least=False,
        same_name=False,
        person=Person(actor=ASKER, standing=Standing.MEMBER, locale="en-US"),
    )
    message = choice_message(pen(GERMAN), choice, nonce="n")
    assert message.text.splitlines()[0] == "1 Kunde beginnt mit „Cont“. Ist er es?"
    (menu,) = [block["elements"][0] for block in message.blocks if block["type"] == "actions"]
    assert menu["options"][0]["text"]["text"] == "Contoso GmbH · contoso.de"
    assert menu["options"][0]["description"]["text"] == "Mandant …9c41"
    assert menu["options"][0]["value"] == "h"


def test_the_confirmation_in_german() -> None:
    """Screens.md 2."""
    asked = confirmation(
        moves=(Move(field="quantity", before=24, after=25), Move(field="target_quantity", before=24, after=25)),
        prefill_note="Ticket 4711",
    )
    view = confirmation_view(pen(GERMAN), asked)
    lines = [line for block in view["blocks"] if "text" in block for line in block["text"]["text"].splitlines()]
    assert lines[0] == "*Contoso GmbH* · contoso.de · Mandant …9c41 / „Zentrale“ …7f3a"
    assert lines[1] == "Von *Microsoft 365 Business Basic* · 25 Lizenzen"
    assert lines[2] == "Auf *Office 365 Enterprise E3* · 25 Lizenzen"
    assert re.fullmatch(r"Achtung, seit <!date.*> geändert: 24 → 25 Lizenzen", lines[3])
    assert lines[4] == "Neu: Office-Apps, Exchange Plan 2 · Entfällt: nichts"
    assert lines[5] == "2 Konten: abgeschaltete Dienste werden wieder eingeschaltet"
    assert lines[6].startswith("Abrechnung: altes Abonnement gekündigt, neues ab sofort.")
    assert lines[7] == "Preis: nicht bekannt · kann eine Stunde dauern"
    assert lines[8] == "*Kann nicht rückgängig gemacht werden.*"
    assert view["submit"]["text"] == "Verbindlich bestellen"
    assert view["close"]["text"] == "Abbrechen"
    assert view["private_metadata"] == asked.draft_id
    (field,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert field["label"]["text"] == "Ticket oder Grund"
    assert field["element"]["initial_value"] == "Ticket 4711"


def test_a_hindrance_takes_the_submit_button_away_and_says_why() -> None:
    """With the way to the card of the change that is in the way."""
    open_change = OpenChangeExists(change_id="c", number="8F2K3M", by=ASKER)
    view = confirmation_view(pen(), confirmation(hindrance=open_change), url="https://slack.example/card")
    check_view(view)
    assert "submit" not in view
    assert [each["url"] for each in buttons_of(view)] == ["https://slack.example/card"]
    read_only = confirmation_view(pen(), confirmation(hindrance=Refused("read_only")))
    assert "read only" in str(read_only["blocks"])
