"""The screens of approving, fact by fact, in both languages, within Slack's limits (issue 3, 4 and 5; screens.md 3)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.approval_results import ApprovalStatus, Decided
from bot.desk.reasons import Ended, Why
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import AlreadyDecided, FactsMoved, Refused
from bot.domain.facts import Move
from bot.domain.people import SYSTEM
from handlers.blocks.approval import approval_view, decided_view, moved_view, with_again
from handlers.blocks.card import card
from handlers.blocks.errors import error_text, error_view
from handlers.blocks.notice import notice
from handlers.blocks.rejection import rejection_view
from handlers.blocks.settling import settling_view
from handlers.blocks.subject import customer_line, customer_of
from storage.approval_records import DecisionKind
from tests.handlers.approval_samples import ANNA, BERT, decision, names_of, sheet, status, statuses
from tests.handlers.checking import buttons_of, check_message, check_view
from tests.handlers.generated import all_facts, changes, moves
from tests.handlers.samples import ASKER, AT, LANGUAGES, change, outcome, pen

S = ChangeState
LOCALES = st.sampled_from(LANGUAGES)
FAST = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
GERMAN = "de-DE"


@FAST
@given(row=changes(), given=statuses(), locale=LOCALES, needed=st.integers(0, 3))
def test_every_card_and_notice_fits_with_any_status(
    row: Change, given: ApprovalStatus, locale: str, needed: int
) -> None:
    """In every state, and small enough to be updated; the customer is never what is cut."""
    fields = {name: getattr(row, name) for name in type(row).__dataclass_fields__}
    row = Change(**fields | {"approvals_needed": needed})
    for message in (card(pen(locale), row, given), notice(pen(locale), row, given, card_url="https://slack.example/a")):
        check_message(message, update=True)
        assert customer_line(pen(locale), customer_of(row.facts)) in message.text
    check_view(rejection_view(pen(locale), row))
    check_view(settling_view(pen(locale), row))
    check_view(decided_view(pen(locale), Decided(change=row, counted=1, needed=needed, again=needed > 2)))


@FAST
@given(now=all_facts(), moved=moves(), given=statuses(), locale=LOCALES)
def test_every_approval_fits_and_begins_with_the_customer(
    now: Any, moved: tuple[Move, ...], given: ApprovalStatus, locale: str
) -> None:
    """With anything that moved; what has a hindrance has nothing to submit."""
    free = approval_view(pen(locale), sheet(facts=now, moves=moved, status=given))
    closed = approval_view(pen(locale), sheet(facts=now, moves=moved, hindrance=Refused(Why.STOPPED)))
    for view in (free, closed):
        check_view(view)
        assert customer_line(pen(locale), customer_of(now)) in view["blocks"][0]["text"]["text"]
    assert "submit" in free
    assert "submit" not in closed
    row = change(S.AWAITING_APPROVAL, facts=now, approvals_needed=2)
    anew = moved_view(pen(locale), FactsMoved(moves=moved, change=row, review_id="r2"))
    assert anew is not None
    check_view(anew)
    assert anew["private_metadata"] == "r2"
    assert moved_view(pen(locale), FactsMoved()) is None


@pytest.mark.parametrize(
    ("fields", "german", "english"),
    [
        ({}, "Verbindlich genehmigen", "Approve and order"),
        ({"change": change(S.AWAITING_APPROVAL, approvals_needed=2)}, "Genehmigen (1 von 2)", "Approve (1 of 2)"),
        (
            {"change": change(S.AWAITING_APPROVAL, approvals_needed=2), "status": status(given=(decision(),))},
            "Verbindlich genehmigen",
            "Approve and order",
        ),
        (
            {"change": change(S.AWAITING_APPROVAL, approvals_needed=1, rehearsal=True)},
            "Probe genehmigen",
            "Approve rehearsal",
        ),
        (
            {"moves": (Move(field="quantity", before=25, after=30),)},
            "Neue Fakten übernehmen",
            "Take over new facts",
        ),
    ],
)
def test_the_submit_button_says_what_it_does(fields: dict[str, Any], german: str, english: str) -> None:
    """Screens.md 2."""
    assert approval_view(pen(GERMAN), sheet(**fields))["submit"]["text"] == german
    assert approval_view(pen(), sheet(**fields))["submit"]["text"] == english


def test_what_moved_stands_in_the_modal_and_wants_to_be_submitted_anew() -> None:
    """Both ways: found when it was opened, found when it was submitted."""
    move = (Move(field="quantity", before=25, after=30),)
    assert "25 → 30 Lizenzen" in str(approval_view(pen(GERMAN), sheet(moves=move)))
    row = change(S.AWAITING_APPROVAL, approvals_needed=1, facts_version=2)
    view = moved_view(pen(GERMAN), FactsMoved(moves=move, change=row, review_id="r2"))
    assert view is not None
    assert "Es wurde nichts genehmigt" in str(view)
    assert "25 → 30 Lizenzen" in str(view)
    assert view["submit"]["text"] == "Verbindlich genehmigen"


def test_the_waiting_card_in_german() -> None:
    """Screens.md 3, word for word where it gives words."""
    row = change(S.AWAITING_APPROVAL, approvals_needed=2)
    message = card(pen(GERMAN), row, status(needed=2, given=(decision(),)))
    lines = message.text.splitlines()
    assert lines[0].startswith("*WARTET AUF GENEHMIGUNG* · 1 von 2 · bis <!date^")
    assert "Eine zweite Person wird gebraucht: die Rolle der antragstellenden Person" in message.text
    assert "genehmigen dürfen: Globaler Administrator oder Vertriebsbeauftragter" in message.text
    assert "Genehmigt: <@U0ANNA> (Vertriebsbeauftragter), <!date^" in message.text
    assert names_of(message.payload()) == ["Prüfen und genehmigen", "Ablehnen", "Zurückziehen"]
    assert {each["value"] for each in buttons_of(message.payload())} == {row.id}


def test_two_approvers_and_an_approval_of_the_askers_own_are_on_the_card() -> None:
    """Each counts once, and what the policy allows a team of one is marked."""
    both = status(needed=2, given=(decision(), decision(BERT)))
    approved = card(pen(), change(S.APPROVED, approvals_needed=2), both)
    assert approved.text.splitlines()[0].startswith("*APPROVED · will be submitted* <@U0ANNA>, <@U0BERT> · ")
    own = card(pen(), change(S.COMPLETED, approvals_needed=1), status(given=(decision(ASKER, self_made=True),)))
    assert "Approved: <@U0ASKER> (Sales agent)" in own.text
    assert "own change, which the policy allows" in own.text


def test_a_rejected_card_says_by_whom_and_why() -> None:
    """And lets it be requested again."""
    row = change(
        S.REJECTED, approvals_needed=1, outcome=outcome(error_code=Ended.REJECTED, error_text="Falscher <Kunde>")
    )
    message = card(pen(GERMAN), row, status(decision=decision(kind=DecisionKind.REJECT)))
    assert message.text.splitlines()[0].startswith("*ABGELEHNT* <@U0ANNA> · ")
    assert "Grund: „Falscher &lt;Kunde&gt;“" in message.text
    assert names_of(message.payload()) == ["Neu beantragen"]


@pytest.mark.parametrize(("locale", "words"), [("en-US", "withdrawn, once it is sure"), (GERMAN, "sobald feststeht")])
def test_what_is_looked_into_before_it_is_withdrawn_says_so_and_is_not_withdrawn_twice(locale: str, words: str) -> None:
    """It was sent before: that nothing was ordered is not said yet, nor that it will be tried again."""
    row = change(S.APPROVED, attempts=1, due_at=AT + timedelta(minutes=5), changed_at=AT, approvals_needed=0)
    drawn = card(pen(locale), row, status(decision=decision(kind=DecisionKind.WITHDRAW)))
    assert words in drawn.text
    assert "next try" not in drawn.text
    assert names_of(drawn.payload()) == []


def test_what_waits_out_an_outage_can_be_withdrawn_and_what_is_about_to_be_sent_has_no_buttons() -> None:
    """Screens.md 3."""
    waiting = change(S.APPROVED, approvals_needed=1, attempts=1, due_at=AT + timedelta(minutes=5))
    drawn = card(pen(), waiting, status(given=(decision(),)))
    assert names_of(drawn.payload()) == ["Withdraw"]
    assert "Nothing will be ordered" not in repr(drawn.payload())  # the first sending may have acted
    assert names_of(card(pen(), change(S.APPROVED, approvals_needed=1), status()).payload()) == []


def test_an_unknown_outcome_is_settled_by_hand_once_it_is_old_enough() -> None:
    """After a day; before that it may still be found."""
    old = status(settle_from=AT + timedelta(hours=24))
    young = change(S.UNKNOWN, checked_at=AT + timedelta(hours=23))
    late = change(S.UNKNOWN, checked_at=AT + timedelta(hours=24))
    assert names_of(card(pen(), young, old).payload()) == ["Check the outcome"]
    assert names_of(card(pen(), late, old).payload()) == ["Check the outcome", "Settle by hand"]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_nobody_there_to_approve_is_told_with_what_to_do(locale: str) -> None:
    """On the card, and to the asker at once."""
    row = change(S.AWAITING_APPROVAL, approvals_needed=1)
    alone = status(without_approver=AT)
    words = "Nobody who may approve" if locale == "en-US" else "niemand gefunden, der das genehmigen darf"
    assert words in card(pen(locale), row, alone).text
    told = notice(pen(locale), row, alone)
    assert words in told.text
    assert names_of(told.payload()) == ["Withdraw" if locale == "en-US" else "Zurückziehen"]


def test_whoever_lost_reads_who_won_and_the_clock_is_nobody() -> None:
    """A state in words; an expiry has no person."""
    lost = error_text(pen(), AlreadyDecided(by=ANNA, at=AT, state=S.APPROVED))
    assert lost.startswith("<@U0ANNA> has decided this already (<!date^")
    assert lost.endswith("APPROVED · will be submitted.")
    expired = error_text(pen(), AlreadyDecided(by=SYSTEM, at=AT, state=S.EXPIRED))
    assert expired.startswith("This is no longer open since <!date^")
    assert "Somebody" not in expired


def test_a_passing_trouble_keeps_the_button_of_the_same_approval() -> None:
    """Submitting the same review again counts once."""
    view = with_again(pen(), error_view(pen(), Refused(Why.STOPPED), nonce="n"), "r1")
    check_view(view)
    assert (view["callback_id"], view["private_metadata"], view["submit"]["text"]) == (
        "change.approve",
        "r1",
        "Try again",
    )
