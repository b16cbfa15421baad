"""The modal that asks for the customer, and its options: within Slack's limits whatever customers are called."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.directory_search import FoundCustomer, Suggested
from bot.desk.finding.finder import Finder, Wanted
from bot.domain.customers import Customer
from bot.domain.people import Person, Standing
from bot.workspace.limits import validate_options, validate_view
from handlers.blocks import limits
from handlers.blocks.customer_option import customer_option
from handlers.blocks.finder import SEARCH, finder_view, noticed, suggestions
from handlers.blocks.text import esc
from tests.handlers.checking import check_view
from tests.handlers.generated import texts
from tests.handlers.samples import ASKER, LANGUAGES, pen

PERSON = Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE")
CUSTOMERS = st.builds(Customer, id=st.uuids().map(str), name=texts(), domain=texts())
AS_OF = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
FOUND = st.builds(FoundCustomer, key=st.uuids().map(str), customer=CUSTOMERS)
LOCALES = st.sampled_from(LANGUAGES)
GERMAN, ENGLISH = "de-DE", "en-US"
FAST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@FAST
@given(
    candidates=st.lists(FOUND, max_size=25).map(tuple),
    in_message=st.booleans(),
    as_of=st.none() | st.just(AS_OF),
    wanted=st.sampled_from(Wanted),
    locale=LOCALES,
)
def test_every_finder_fits(
    *, candidates: tuple[FoundCustomer, ...], in_message: bool, as_of: datetime | None, wanted: Wanted, locale: str
) -> None:
    """And says how old the directory is, or that it is still being read."""
    finder = Finder(
        find_id="f",
        wanted=wanted,
        person=PERSON,
        candidates=candidates if in_message else (),
        asked_in_message=in_message,
        as_of=as_of,
        complete=as_of is not None,
    )
    view = finder_view(pen(locale), finder, nonce="n")
    check_view(view)
    (field,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert (field["type"], field["action_id"]) == ("external_select", SEARCH)
    assert (field["min_query_length"] == 0) is bool(finder.candidates)
    assert "initial_option" not in field
    small = view["blocks"][-1]["elements"][0]["text"]
    assert (f"<!date^{int(as_of.timestamp())}^" in small) if as_of is not None else small


@FAST
@given(
    found=st.lists(FOUND, max_size=120, unique_by=lambda each: each.key),
    as_of=st.none() | st.just(AS_OF),
    complete=st.booleans(),
    locale=LOCALES,
)
def test_every_answer_to_a_menu_is_one_that_slack_takes(
    *, found: list[FoundCustomer], as_of: datetime | None, complete: bool, locale: str
) -> None:
    """At most a hundred; a list that is still being read is said above them, and nothing else is called so."""
    suggested = Suggested(matches=tuple(found), as_of=as_of, complete=complete, person=PERSON)
    for from_message in (False, True):
        answer = suggestions(pen(locale), suggested, from_message=from_message)
        assert validate_options(answer) == []
        groups = answer.get("option_groups", [{"options": answer.get("options")}])
        assert sum(len(each["options"]) for each in groups) == min(len(found), limits.MENU_OPTIONS)
        assert ("option_groups" in answer) is bool(found and (from_message or as_of is None))


@pytest.mark.parametrize(
    ("name", "domain", "text", "below"),
    [
        ("Contoso GmbH", "contoso.de", "Contoso GmbH · contoso.de", "Mandant …9c41"),
        ("N" * 62, "nord.example", f"{'N' * 62} · {'nord.exam'}…", "nord.example · Mandant …9c41"),
        ("N" * 70, "nord.example", "N" * 70, "nord.example · Mandant …9c41"),
        ("N" * 90, "nord.example", "N" * 74 + "…", "nord.example · Mandant …9c41"),
        ("", "contoso.de", "contoso.de", "Mandant …9c41"),
        ("Contoso", "", "Contoso", "Mandant …9c41"),
        ("", "", "…", "Mandant …9c41"),
    ],
)
def test_the_domain_is_what_is_cut_and_stands_whole_below(name: str, domain: str, text: str, below: str) -> None:
    """So that two of one name can be told apart, and by typing the domain one is found."""
    option = customer_option(pen(GERMAN).texts, Customer(id="x" * 20 + "9c41", name=name, domain=domain), "k")
    assert option["text"]["text"] == text
    assert option["description"]["text"] == below
    assert option["value"] == "k"


def test_a_notice_comes_above_the_field_once_and_goes_again() -> None:
    """What was typed stays, because the field keeps its ids."""
    finder = Finder(
        find_id="f",
        wanted=Wanted.OPTIONS,
        person=PERSON,
        candidates=(),
        asked_in_message=False,
        as_of=None,
        complete=False,
    )
    drawn = finder_view(pen(ENGLISH), finder, nonce="n")
    payload = {**drawn, "id": "V1", "hash": "1.a", "state": {"values": {}}, "root_view_id": "V1", "bot_id": None}
    assert noticed(payload, None) is None
    told = noticed(payload, esc("It broke"))
    assert told is not None
    assert validate_view(told) == []
    again = noticed({**payload, **told}, esc("It broke again"))
    assert again is not None
    assert [block["block_id"] for block in again["blocks"]].count("notice") == 1
    assert "again" in again["blocks"][0]["text"]["text"]
    gone = noticed({**payload, **again}, None)
    assert gone is not None
    assert gone == drawn
