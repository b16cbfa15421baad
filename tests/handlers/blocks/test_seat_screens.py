"""The screens of seats: within Slack's limits whatever is written, and saying what will be sent (issue 5, 1)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.reasons import Problem
from bot.desk.seats.records import SeatSheet, SeatsListed
from bot.desk.seats.seat_numbers import Added, Either, Total
from bot.domain.changes import REQUESTABLE_AGAIN, ChangeKind, ChangeState
from bot.domain.customers import Reason, ReasonKind
from bot.domain.errors import BadInput, OpenChangeExists
from bot.domain.facts import Move
from bot.domain.policy import Mode, SecondPersonReason
from handlers.blocks.approval import approval_view
from handlers.blocks.card import card
from handlers.blocks.confirmation import confirmation_view, result_view
from handlers.blocks.notice import notice
from handlers.blocks.number_field import told_number
from handlers.blocks.rejection import rejection_view
from handlers.blocks.seat_sheet import question_view, seat_view
from handlers.blocks.seats import seats_help, seats_list_view, seats_message
from handlers.blocks.settling import settling_view
from handlers.blocks.subject import customer_line, customer_of
from tests.handlers.approval_samples import sheet as approval_sheet
from tests.handlers.checking import buttons_of, check_message, check_view
from tests.handlers.generated import texts
from tests.handlers.samples import ASKER, LANGUAGES, change, confirmation, facts, outcome, pen, subscription
from tests.handlers.seat_generated import seat_lists, seat_sheets
from tests.handlers.seat_samples import seat_facts, seat_offer, seat_sheet, seats_listed

LOCALES = st.sampled_from(LANGUAGES)
FAST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
GERMAN = "de-DE"


def names_of(thing: object) -> list[str]:
    return [each["text"]["text"] for each in buttons_of(thing)]


@FAST
@given(listed=seat_lists(), locale=LOCALES, number=texts())
def test_every_list_of_seats_fits_and_begins_with_its_customer(listed: SeatsListed, locale: str, number: str) -> None:
    """As a message and as a modal; button texts are unique and short."""
    message = seats_message(pen(locale), listed, nonce="n1")
    check_message(message)
    check_view(seats_list_view(pen(locale), listed, nonce="n1", number=number))
    assert message.text.startswith(customer_line(pen(locale), listed.customer))


@FAST
@given(asked=seat_sheets(), locale=LOCALES, typed=st.text(max_size=20), notice=texts())
def test_every_sheet_of_seats_fits_and_begins_with_the_customer(
    asked: SeatSheet, locale: str, typed: str, notice: str
) -> None:
    """The customer is never what is cut; what it comes to carries its number."""
    view = seat_view(pen(locale), asked, typed=typed, notice=notice)
    check_view(view)
    assert customer_line(pen(locale), customer_of(asked.facts)) in view["blocks"][0]["text"]["text"]
    shown = asked.hindrance is None and not asked.reasons
    assert ("submit" in view) == shown
    if shown:
        assert told_number({"view": view}) == asked.prefill
    check_view(question_view(pen(locale), asked, handle="h-seats"))


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("problem", Problem)
def test_why_a_number_will_not_do_is_told_without_one(locale: str, problem: Problem) -> None:
    """Each sentence fills itself in; a sheet that tells of none has no number to order."""
    bad = BadInput(field="seats", problem=problem, limit=300, most=280, current=20)
    view = seat_view(pen(locale), seat_sheet(prefill=None, problem=bad), typed="x")
    check_view(view)
    assert told_number({"view": view}) is None
    assert "{" not in "".join(each["text"]["text"] for each in view["blocks"] if each["type"] == "section")


def test_the_sheet_says_the_total_as_it_is_sent() -> None:
    """And what the button does: alone, with a second person, in a rehearsal."""
    view = seat_view(pen(GERMAN), seat_sheet())
    assert "20 → 25 Lizenzen (5 mehr)" in str(view["blocks"])
    assert view["submit"]["text"] == "Verbindlich bestellen"
    second = seat_view(pen(GERMAN), seat_sheet(second_person=(SecondPersonReason.SEATS,)))
    assert "Vertriebsbeauftragter: eine zweite Person muss genehmigen (mehr als 25 Lizenzen auf einmal)" in str(second)
    assert second["submit"]["text"] == "Genehmigung anfordern"
    rehearsal = seat_view(pen(GERMAN), seat_sheet(mode=Mode.REHEARSAL))
    assert rehearsal["submit"]["text"] == "Bestellung proben"
    assert "PROBE" in str(rehearsal)


def test_a_commitment_is_named_with_its_end_and_the_window_of_the_service() -> None:
    """What is not known is called not known."""
    none = str(seat_view(pen(), seat_sheet()))
    assert "Whether the seats can be given back later: not known" in none
    bound = seat_facts(term="P1Y", ends_on=subscription().ends_on)
    said = str(seat_view(pen(), seat_sheet(facts=bound)))
    assert "the seats stay until Mar 31, 2027." in said
    assert "Time for giving back: not known before the order" in said
    window = bound.model_copy(update={"refundable_quantity": 3, "refundable_until": bound.read_at})
    assert "Time for giving back, as of now: 3 seats until <!date^" in str(seat_view(pen(), seat_sheet(facts=window)))


def test_of_two_meanings_only_those_that_are_possible_have_a_button() -> None:
    """Within the limit."""
    either = Either(added=Added(seats=25), total=Total(seats=25))
    asked = seat_sheet(either=either, prefill=None)
    both = question_view(pen(), asked, handle="h")
    assert names_of(both) == ["25 more", "25 in all"]
    assert {each["value"] for each in buttons_of(both)} == {"h"}
    one = question_view(pen(), seat_sheet(either=either, prefill=None, limit=40), handle="h")
    assert names_of(one) == ["25 in all"]
    assert "25 more: not possible, 20 more at most" in str(one)


def test_the_list_tells_why_no_seats_can_be_added() -> None:
    """At the limit, suspended, another change of ours."""
    reasons = {
        "all 300 seats that this product allows are there": Reason(
            kind=ReasonKind.SEAT_LIMIT, raw_code="seat_limit", raw_text="300"
        ),
        "not active (Suspended). Reactivate it first.": Reason(
            kind=ReasonKind.NOT_ACTIVE, raw_code="not_active", status="suspended"
        ),
        "not active (Cancelled).": Reason(kind=ReasonKind.NOT_ACTIVE, raw_code="not_active", status="deleted"),
        "change 8F2K3M is still open": Reason(
            kind=ReasonKind.OPERATION_PENDING, raw_code="open_change", raw_text="8F2K3M"
        ),
        "another operation is running": Reason(kind=ReasonKind.OPERATION_PENDING, raw_code="900278"),
    }
    for words, reason in reasons.items():
        message = seats_message(pen(), seats_listed(seat_offer(reasons=(reason,), handle=None)), nonce="n")
        assert words in message.text
        assert names_of(message.payload()) == ["Refresh"]
        assert "upgraded" not in message.text


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("state", ChangeState)
def test_a_change_of_seats_reads_right_in_every_state(state: ChangeState, locale: str) -> None:
    """Card, notice, result, approval, rejection, settlement: before and after, and nothing of an upgrade."""
    row = change(state, kind=ChangeKind.SEATS, facts=seat_facts(), outcome=outcome(quantity=25, follow_ups=0))
    seats = "20 → 25 seats" if locale == "en-US" else "20 → 25 Lizenzen"
    line = f"Microsoft 365 Business Basic · {seats}"
    for message in (card(pen(locale), row), notice(pen(locale), row)):
        check_message(message, update=True)
        assert line in message.text
        for word in (
            "pgrade möglich",
            "pgrade is",
            "unwiderruflich",
            "cannot be undone",
            "gekündigt",
            "New sub",
            "Neues",
        ):
            assert word not in message.text, word
    drawn = [result_view(pen(locale), row), rejection_view(pen(locale), row), settling_view(pen(locale), row)]
    for view in drawn:
        check_view(view)
        assert line in str(view)
        assert "pgrade was" not in str(view)
    assert ("Request again" in str(card(pen(), row).payload())) == (state in REQUESTABLE_AGAIN)


def test_the_outcome_is_the_number_that_the_service_reports() -> None:
    """Done means that it says so."""
    row = change(ChangeState.COMPLETED, kind=ChangeKind.SEATS, facts=seat_facts(), outcome=outcome(quantity=25))
    assert "The service now reports 25 seats." in notice(pen(), row).text


def test_the_approval_of_seats_shows_the_total_and_the_bill() -> None:
    """And says what moved, in seats."""
    row = change(ChangeState.AWAITING_APPROVAL, kind=ChangeKind.SEATS, facts=seat_facts(), approvals_needed=1)
    view = approval_view(pen(), approval_sheet(change=row, facts=row.facts))
    check_view(view)
    assert "20 → 25 seats (5 more)" in str(view)
    assert "Billing: pro rata from now on" in str(view)
    assert "This cannot be undone." not in str(view)
    moves = (Move(field="quantity", before=20, after=22),)
    moved = card(pen(), change(ChangeState.REFUSED, facts=seat_facts(), outcome=outcome(moves=moves)))
    assert "20 → 22 seats" in moved.text


def test_a_part_says_how_many_of_how_many_and_what_stays() -> None:
    """In the confirmation only where the service permits it."""
    part = facts(target_quantity=10, may_be_part=True)
    view = confirmation_view(pen(), confirmation(facts=part))
    check_view(view)
    assert told_number({"view": view}) == 10
    assert "15 seats stay with Microsoft 365 Business Basic" in str(view)
    assert "goes on with fewer seats" in str(view)
    assert [each for each in view["blocks"] if each["type"] == "input" and each["block_id"] == "seats"]
    whole = confirmation_view(pen(), confirmation())
    assert not [each for each in whole["blocks"] if each["type"] == "input" and each["block_id"] == "seats"]
    assert "10 of 25 seats" in card(pen(), change(facts=part)).text
    assert "goes on with 15 seats" in notice(pen(), change(facts=part)).text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_word_of_ours_about_seats_is_ever_cut(locale: str) -> None:
    """Titles and buttons of 24 characters."""
    twins = [seat_offer(handle=f"h{at}") for at in range(3)]
    message = seats_message(pen(locale), seats_listed(*twins, page_handles={40: "p"}, pages=40), nonce="n")
    assert len(set(names_of(message.payload()))) == len(names_of(message.payload()))
    either = Either(added=Added(seats=9_999_999), total=Total(seats=9_999_999))
    other = OpenChangeExists(change_id="c", number="8F2K3M", by=ASKER)
    views: list[dict[str, Any]] = [
        seat_view(pen(locale), seat_sheet()),
        seat_view(pen(locale), seat_sheet(hindrance=other), url="https://slack.example/card"),
        question_view(pen(locale), seat_sheet(either=either, limit=None), handle="h"),
    ]
    for view in views:
        check_view(view)
        assert not [part for part in ("title", "submit", "close") if part in view and view[part]["text"].endswith("…")]
    for names in (names_of(message.payload()), *(names_of(view) for view in views)):
        assert not [name for name in names if name.endswith("…") or len(name) > 24]
    check_message(seats_help(pen(locale), nonce="n"))
