"""App Home, lists of changes and `/partner-role`, in both languages, within Slack's limits (issue 3, 2 and 5)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.approval_results import Home
from bot.desk.list_places import ListName
from bot.desk.reasons import Why
from bot.domain.changes import Change, ChangeState
from bot.domain.errors import Refused
from bot.domain.policy import Action, ApprovalRule, Policy
from bot.domain.roles import PartnerRole
from handlers.blocks.errors import home_of_error
from handlers.blocks.home import HomeWays, home_view
from handlers.blocks.requests import requests_help, requests_message
from handlers.blocks.role import ACTIONS, role_message
from storage.records import Switch
from tests.handlers.approval_samples import BERT, names_of, pages, rights
from tests.handlers.checking import buttons_of, check_message, check_view
from tests.handlers.generated import changes
from tests.handlers.samples import AT, LANGUAGES, change, pen

S = ChangeState
LOCALES = st.sampled_from(LANGUAGES)
SWITCHED = st.none() | st.just("T0TEAM/U0ANNA")
FAST = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
GERMAN = "de-DE"


def test_every_action_of_the_policy_has_its_words() -> None:
    """A new one fails here."""
    assert set(ACTIONS) == set(Action)


def test_the_roles_with_source_and_age_and_what_they_let_one_do() -> None:
    """`/partner-role`."""
    message = role_message(pen(GERMAN), rights(PartnerRole.HELPDESK_AGENT), policy=Policy(), nonce="n")
    check_message(message)
    assert "*Helpdesk-Agent*: in Upgrade Desk eingetragen, gelesen <!date^" in message.text
    assert "Upgrades und Lizenzen beantragen: ja, und eine zweite Person muss genehmigen" in message.text
    assert "Genehmigen und ablehnen, was andere beantragen: nein, dafür braucht es " in message.text
    alone = role_message(pen(), rights(PartnerRole.SALES_AGENT), policy=Policy(), nonce="n")
    assert "Ask for upgrades and seats: yes\n" in alone.text
    none = role_message(pen(), rights(), policy=Policy(), nonce="n")
    assert "None that is known here." in none.text
    unsure = role_message(pen(), rights(unreachable=("graph",)), policy=Policy(), nonce="n")
    assert "Could not be asked just now: Microsoft Entra ID" in unsure.text
    assert "Ask for upgrades and seats: not known just now" in unsure.text


@FAST
@given(
    rows=st.lists(changes(), max_size=12),
    locale=LOCALES,
    name=st.sampled_from(ListName),
    by=st.none() | st.just("T0TEAM/U0ANNA"),
)
def test_every_list_and_every_home_fits(rows: list[Change], locale: str, name: ListName, by: str | None) -> None:
    """Whatever is in them; with the ways to the cards."""
    links = {each.id: "https://slack.example/archives/C1/p1?a=1&b=2" for each in rows}
    message = requests_message(pen(locale), pages(rows), name=name, links=links, more="h1", nonce="n")
    check_message(message)
    switch = Switch(by=by, at=AT) if by is not None else None
    page = pages(rows)
    home = Home(
        rights=rights(PartnerRole.SALES_AGENT), waiting=page, mine=page, lately=page, stopped=switch, may_stop=True
    )
    ways = HomeWays(links=links, older=dict.fromkeys(list(ListName)[:3], "h"), turned=frozenset({ListName.MINE}))
    view = home_view(pen(locale), home, ways=ways, policy=Policy(), nonce="n")
    check_view(view)
    names = names_of(view)
    assert names.count(pen(locale).texts.t("Older")) == 3


def test_home_has_the_buttons_of_the_card_but_those_of_others() -> None:
    """What is mine can be withdrawn until it is sent; stopping asks first."""
    mine = change(S.APPROVED, approvals_needed=1)
    theirs = change(S.AWAITING_APPROVAL, approvals_needed=1, asker=BERT, id="c2")
    home = Home(
        rights=rights(PartnerRole.SALES_AGENT),
        waiting=pages([theirs]),
        mine=pages([mine]),
        lately=pages([]),
        stopped=None,
        may_stop=True,
    )
    view = home_view(pen(), home, ways=HomeWays(), policy=Policy(), nonce="n")
    assert names_of(view) == ["Stop all orders", "Check and approve", "Reject", "Withdraw"]
    stop = buttons_of(view)[0]
    assert stop["confirm"]["confirm"]["text"] == "Stop"
    assert buttons_of(view)[1]["accessibility_label"] == "Check and approve: change 8F2K3M"
    stopped = home_view(
        pen(GERMAN),
        Home(
            rights=rights(PartnerRole.HELPDESK_AGENT),
            waiting=None,
            mine=None,
            lately=None,
            stopped=Switch(by="operator", at=AT),
            may_stop=False,
        ),
        ways=HomeWays(),
        policy=Policy(approval=ApprovalRule()),
        nonce="n",
    )
    assert "Alle Bestellungen sind angehalten" in str(stopped)
    assert "durch operator" in str(stopped)
    assert names_of(stopped) == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_help_and_a_home_that_cannot_be_shown_are_sound(locale: str) -> None:
    """With what else can be listed."""
    check_message(requests_help(pen(locale), nonce="n"))
    check_view(home_of_error(pen(locale), Refused(Why.GUEST), nonce="n"))
