"""The screens of screens.md 2 to 4: what is said before, while and after a change is carried out."""

import re

import pytest

from bot.domain.changes import REQUESTABLE_AGAIN, ChangeState
from bot.domain.customers import Reason, ReasonKind
from bot.domain.policy import Mode, SecondPersonReason
from handlers.blocks.card import card
from handlers.blocks.confirmation import confirmation_view, result_view
from handlers.blocks.frames import loading_view
from handlers.blocks.help import help_message
from handlers.blocks.notice import notice
from handlers.blocks.options import options_message
from tests.handlers.checking import buttons_of, check_message, check_view
from tests.handlers.samples import (
    LANGUAGES,
    change,
    confirmation,
    options_list,
    outcome,
    pen,
)

SUSPENDED = Reason(kind=ReasonKind.NOT_ACTIVE, raw_code="2", status="suspended")
GERMAN = "de-DE"
E1, STANDARD = "office-365-enterprise-e1", "microsoft-365-business-standard"


def names_of(thing: object) -> list[str]:
    return [each["text"]["text"] for each in buttons_of(thing)]


@pytest.mark.parametrize("reason", SecondPersonReason)
def test_who_needs_a_second_person_is_told_why(reason: SecondPersonReason) -> None:
    """Role, seats or a doubtful path."""
    view = confirmation_view(pen(), confirmation(second_person=(reason,)))
    assert "Sales agent: a second person has to approve (" in str(view["blocks"])


@pytest.mark.parametrize("state", ChangeState)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_rehearsal_is_marked_on_every_message(state: ChangeState, locale: str) -> None:
    """Card, notice, result and confirmation."""
    mark = "REHEARSAL" if locale == "en-US" else "PROBE"
    row = change(state, rehearsal=True, outcome=outcome())
    assert mark in card(pen(locale), row).text
    assert mark in notice(pen(locale), row).text
    assert mark in str(result_view(pen(locale), row))
    assert mark in str(confirmation_view(pen(locale), confirmation(mode=Mode.REHEARSAL)))
    assert mark not in card(pen(locale), change(state)).text


@pytest.mark.parametrize("state", ChangeState)
def test_the_card_begins_with_its_state_and_keeps_its_facts(state: ChangeState) -> None:
    """The same facts in every state; what failed or is unknown has a next step (defects.md, 9)."""
    message = card(pen(GERMAN), change(state))
    lines = message.text.splitlines()
    assert re.match(r"\*[A-ZÄÖÜ ]{5,}", lines[0])
    assert lines[1] == "*Contoso GmbH* · contoso.de · Mandant …9c41 / „Zentrale“ …7f3a"
    assert lines[2].startswith("Microsoft 365 Business Basic → Office 365 Enterprise E3 · 25 Lizenzen")
    assert "<@U0ASKER> (Helpdesk-Agent) · Ticket 4711 · Änderung 8F2K3M" in message.text
    expected = {"Neu beantragen"} if state in REQUESTABLE_AGAIN else set()
    expected |= {"Ergebnis prüfen"} if state in {ChangeState.UNKNOWN, ChangeState.ACCEPTED} else set()
    if state is ChangeState.AWAITING_APPROVAL:
        expected = {"Prüfen und genehmigen", "Ablehnen", "Zurückziehen"}
    assert set(names_of(message.payload())) == expected


def test_the_card_of_an_unknown_change_says_not_to_order_again() -> None:
    """Design.md, rule 2."""
    assert "do not order this in Partner Center!" in card(pen(), change(ChangeState.UNKNOWN)).text
    assert "nicht in Partner Center nachbestellen!" in notice(pen(GERMAN), change(ChangeState.UNKNOWN)).text


def test_the_outcome_has_both_ids_and_the_correlation_id_but_no_names() -> None:
    """Screens.md 4."""
    message = notice(pen(GERMAN), change(outcome=outcome()), card_url="https://slack.example/card")
    for part in ("22222222-aaaa-bbbb-cccc-000000007f3a", "33333333-aaaa-bbbb-cccc-00000000b8e2", "5f0c0000-1111"):
        assert part in message.text
    assert "Nacharbeit: 2 von 23 Konten" in message.text
    assert names_of(message.payload()) == ["Liste anzeigen", "Text für den Kunden", "Karte öffnen"]


def test_a_change_that_came_to_nothing_can_be_asked_for_again() -> None:
    """From the direct message too; and success is never claimed before it is known (defects.md, 8)."""
    failed = notice(pen(), change(ChangeState.FAILED, outcome=outcome(error_code="900278", error_text="pending <op>")))
    assert "Request again" in names_of(failed.payload())
    assert "“pending &lt;op&gt;” (code 900278)" in failed.text
    for state in ChangeState:
        if state is not ChangeState.COMPLETED:
            assert "COMPLETED" not in card(pen(), change(state)).text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_help_and_loading_are_sound(locale: str) -> None:
    """Help says that commands do not work in threads."""
    message = help_message(pen(locale), nonce="n")
    check_message(message)
    assert "hreads" in message.text
    check_view(loading_view(pen(locale).texts))


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_button_title_or_label_of_ours_is_ever_cut(locale: str) -> None:
    """Twenty-four characters are enough for every word of ours."""
    rows = [change(state, outcome=outcome()) for state in ChangeState]
    drawn = [
        thing.payload()
        for row in rows
        for thing in (card(pen(locale), row), notice(pen(locale), row, card_url="https://a.b/c"))
    ]
    drawn += [options_message(pen(locale), options_list(page_handles={40: "p"}), nonce="n").payload()]
    views = [confirmation_view(pen(locale), confirmation(mode=mode)) for mode in Mode]
    views += [result_view(pen(locale), rows[0]), loading_view(pen(locale).texts)]
    for each in drawn:
        assert not [name for name in names_of(each) if name.endswith("…")]
    for view in views:
        assert not [part for part in ("title", "submit", "close") if part in view and view[part]["text"].endswith("…")]
