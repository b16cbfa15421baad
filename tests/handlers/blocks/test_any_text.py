"""Whatever the desk returns is drawn within Slack's limits, with the words of others literal (issue 2, 3, 4, 9)."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.after.customer_text import CustomerText
from bot.desk.results import Confirmation, CustomerChoice, OptionsList
from bot.domain.audit import AuditEntry, AuditName, AuditVerdict
from bot.domain.changes import Change, FollowUp
from bot.domain.people import SYSTEM
from handlers.blocks import limits
from handlers.blocks.card import card
from handlers.blocks.choice import choice_message
from handlers.blocks.confirmation import confirmation_view, result_view
from handlers.blocks.follow_ups import customer_text_view
from handlers.blocks.notice import notice
from handlers.blocks.options import options_message, shared_message
from handlers.blocks.steps import steps
from handlers.blocks.subject import customer_line, customer_of
from handlers.blocks.work_list import holder_message, work_list_view
from storage.records import AuditRow
from tests.handlers.checking import check_message, check_view
from tests.handlers.generated import changes, choices, confirmations, lists, texts
from tests.handlers.samples import ASKER, AT, LANGUAGES, follow_ups, pen

LOCALES = st.sampled_from(LANGUAGES)
FAST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@FAST
@given(options=lists(), locale=LOCALES)
def test_every_list_fits_and_begins_with_its_customer(options: OptionsList, locale: str) -> None:
    """The customer is in the text and in the first block, in full as far as a name goes."""
    message = options_message(pen(locale), options, nonce="n1")
    check_message(message)
    line = customer_line(pen(locale), options.customer)
    assert message.text.startswith(line)
    assert message.blocks[0]["text"]["text"].startswith(line)


@FAST
@given(options=lists(), locale=LOCALES)
def test_what_is_shared_has_no_buttons(options: OptionsList, locale: str) -> None:
    """And it is small enough for chat.postMessage."""
    message = shared_message(pen(locale), options, by=ASKER.user_id, nonce="n1")
    check_message(message)
    assert not [block for block in message.blocks if block["type"] == "actions"]
    told = sum(len(block["text"]["text"]) for block in message.blocks if block["type"] == "section")
    assert told <= limits.TOTAL_POSTED + limits.SECTION_TEXT


@FAST
@given(choice=choices(), locale=LOCALES)
def test_every_choice_fits(choice: CustomerChoice, locale: str) -> None:
    """Never more than a menu takes, and it says so."""
    message = choice_message(pen(locale), choice, nonce="n1")
    check_message(message)
    (menu,) = [block["elements"][0] for block in message.blocks if block["type"] == "actions"]
    assert len(menu["options"]) == min(len(choice.matches), limits.MENU_OPTIONS)


@FAST
@given(asked=confirmations(), locale=LOCALES)
def test_every_confirmation_fits_and_begins_with_the_customer(asked: Confirmation, locale: str) -> None:
    """The modal covers the list: the customer is never what is cut."""
    view = confirmation_view(pen(locale), asked)
    check_view(view)
    assert customer_line(pen(locale), customer_of(asked.facts)) in view["blocks"][0]["text"]["text"]
    assert ("submit" in view) == asked.may_submit


@FAST
@given(change=changes(), locale=LOCALES)
def test_every_card_notice_and_result_fits(change: Change, locale: str) -> None:
    """In every state, and small enough to be updated."""
    line = customer_line(pen(locale), customer_of(change.facts))
    for message in (card(pen(locale), change), notice(pen(locale), change, card_url="https://slack.example/a?b=1&c=2")):
        check_message(message, update=True)
        assert line in message.text
    check_view(result_view(pen(locale), change, url="https://slack.example/a?b=1&c=2"))


@FAST
@given(text=texts(), name=st.sampled_from(AuditName), verdict=st.sampled_from(AuditVerdict), locale=LOCALES)
def test_every_step_fits(text: str, name: AuditName, verdict: AuditVerdict, locale: str) -> None:
    """Whatever was typed as a reason."""
    for actor in (ASKER, SYSTEM):
        entry = AuditEntry(name=name, verdict=verdict, team_id="T", actor=actor, free_text=text, change_id="c1")
        rows = [AuditRow(number=number, at=AT, hash="0" * 64, entry=entry) for number in range(1, 11)]
        alone, one = steps(pen(locale), rows[:1], rehearsal=True)
        check_message(alone, update=True)
        together, several = steps(pen(locale), rows, rehearsal=True)
        check_message(together)
        assert (one, min(several, 2)) == (1, 2)


@pytest.mark.parametrize("count", [0, 1, 23, 5000])
def test_any_number_of_accounts_fits_a_modal(count: int) -> None:
    """Page by page; a page that is not there is the nearest one."""
    for page in (-1, 1, 2, 10_000):
        check_view(work_list_view(pen("de-DE"), follow_ups(count), page=page))
    told = CustomerText(found=follow_ups(count), language=None, on=AT.date())
    check_view(customer_text_view(pen("de-DE"), told, words=pen("en-US")))
    check_message(holder_message(pen("de-DE"), follow_ups(count), handed_by="U1", nonce="n"))


@FAST
@given(name=texts(), principal=texts(), services=st.lists(texts(), max_size=6).map(tuple))
def test_any_account_is_shown_literally(name: str, principal: str, services: tuple[str, ...]) -> None:
    """Names of accounts are text of others too."""
    about = FollowUp(user_id="u", name=name, principal_name=principal, services=services)
    found = follow_ups(40)
    accounts = tuple(replace(each, about=about) for each in found.accounts)
    check_view(work_list_view(pen(), replace(found, accounts=accounts)))
