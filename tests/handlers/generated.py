"""What hypothesis makes of samples: any text in any place, within what the desk may return."""

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st

from bot.desk.results import (
    Confirmation,
    CustomerChoice,
    CustomerMatch,
    OptionLine,
    OptionsList,
    SubscriptionCard,
)
from bot.domain.changes import Change, ChangeState
from bot.domain.customers import Blocking, Customer, OfferRef, Option, Reason, ReasonKind, SoldBy, Subscription
from bot.domain.errors import ServiceTimeout
from bot.domain.facts import Facts, Move
from bot.domain.people import Person, Standing
from bot.domain.policy import Mode, SecondPersonReason
from bot.domain.roles import PartnerRole
from tests.handlers.samples import (
    ASKER,
    AT,
    change,
    confirmation,
    facts,
    options_list,
    outcome,
    permitted,
    subscription,
)

NASTY: Final = (
    "<!channel>",
    "<https://evil.example|Approve here>",
    "A & B \"quoted\" 'text' „Anführung“",
    "&lt;!here&gt; &amp;",
    "emoji 😀👩‍👩‍👧 :smile:",
    "שלום עולם",
    "مرحبا بالعالم & <co>",
    "*bold* _it_ ~no~ `code` ```",
    "{placeholder} {0} %s",
    "nul\x00 bell\x07 new\nline tab\t \u202eevil",
    "&" * 3000,
    "<" * 3000,
    "ä" * 3000,
    "א" * 3000,
    "a*" * 1500,
    "",
    " ",
    "> quote",
    "|",
)


def texts() -> st.SearchStrategy[str]:
    """Text as people, customers and services might write it."""
    return st.one_of(
        st.sampled_from(NASTY), st.text(max_size=60), st.lists(st.sampled_from(NASTY), max_size=3).map("".join)
    )


def reasons() -> st.SearchStrategy[Reason]:
    """Any reason."""
    blocking = st.builds(
        Blocking,
        offer_name=texts(),
        friendly_name=st.none() | texts(),
        subscription_id=st.none() | texts(),
        sold_by=st.sampled_from(SoldBy),
    )
    return st.builds(
        Reason,
        kind=st.sampled_from(ReasonKind),
        raw_code=texts(),
        raw_text=texts(),
        status=st.none() | texts(),
        families=st.lists(texts(), max_size=5).map(tuple),
        blocking=st.none() | blocking,
    )


def customers() -> st.SearchStrategy[Customer]:
    """Any customer. Ids and domains are the service's, and never empty."""
    return st.builds(Customer, id=texts(), name=texts(), domain=texts())


def option_lines() -> st.SearchStrategy[OptionLine]:
    """Any target."""
    target = st.builds(OfferRef, id=texts(), key=st.none(), name=texts(), short_name=texts())
    option = st.builds(Option, target=target, reasons=st.lists(reasons(), max_size=3).map(tuple))
    return st.builds(OptionLine, option=option, handle=st.none() | st.uuids().map(lambda each: each.hex[:22]))


def lists(*, most_cards: int = 12, most_options: int = 30) -> st.SearchStrategy[OptionsList]:
    """Any page."""
    subscriptions = st.builds(
        Subscription,
        id=texts(),
        friendly_name=texts(),
        offer=st.builds(OfferRef, id=texts(), key=st.none(), name=texts(), short_name=texts()),
        quantity=st.integers(0, 10_000_000),
        status=texts(),
        ends_on=st.none() | st.dates(),
    )
    cards = st.builds(
        SubscriptionCard,
        subscription=subscriptions,
        options=st.lists(option_lines(), max_size=most_options).map(tuple),
        trouble=st.none() | st.builds(ServiceTimeout),
    )
    return st.builds(
        options_list,
        st.just(SubscriptionCard(subscription=subscription(), options=(permitted(),))),
        customer=customers(),
        cards=st.lists(cards, max_size=most_cards).map(tuple),
        mode=st.sampled_from(Mode),
        stopped=st.booleans(),
        pages=st.integers(1, 40),
        cancelled_hidden=st.integers(0, 500),
        page_handles=st.dictionaries(st.integers(1, 40), st.uuids().map(str), max_size=2),
    )


def all_facts() -> st.SearchStrategy[Facts]:
    """Any facts."""
    return st.builds(
        facts,
        customer_id=texts(),
        customer_name=texts(),
        customer_domain=texts(),
        subscription_id=texts(),
        subscription_name=texts(),
        offer_name=texts(),
        offer_id=texts(),
        target_offer_name=st.none() | texts(),
        target_offer_id=st.none() | texts(),
        services_added=st.lists(texts(), max_size=40).map(tuple),
        services_lost=st.lists(texts(), max_size=40).map(tuple),
        accounts_reset=st.none() | st.integers(0, 100_000),
        quantity=st.integers(0, 10_000_000),
        target_quantity=st.integers(0, 10_000_000),
        ends_on=st.none() | st.dates(),
        may_be_part=st.booleans(),
        term=st.none() | texts(),
        refundable_quantity=st.none() | st.integers(0, 10_000_000),
        refundable_until=st.none() | st.just(AT),
    )


def moves() -> st.SearchStrategy[tuple[Move, ...]]:
    """Anything that moved."""
    names = ("customer_name", "subscription_name", "offer_id", "status", "target_offer_id")
    numbers = ("quantity", "target_quantity", "accounts_reset")
    worded = st.builds(Move, field=st.sampled_from(names), before=texts(), after=texts())
    counted = st.builds(Move, field=st.sampled_from(numbers), before=st.none() | st.integers(0), after=st.integers(0))
    return st.lists(worded | counted, max_size=8).map(tuple)


def confirmations() -> st.SearchStrategy[Confirmation]:
    """Anything that is confirmed."""
    return st.builds(
        confirmation,
        facts=all_facts(),
        moves=moves(),
        listed_at=st.none() | st.just(AT),
        reasons=st.lists(reasons(), max_size=4).map(tuple),
        second_person=st.lists(st.sampled_from(SecondPersonReason), max_size=3).map(tuple),
        mode=st.sampled_from(Mode),
        ticket_wanted=st.booleans(),
        services_known=st.booleans(),
        prefill_note=texts(),
        hindrance=st.none() | st.builds(ServiceTimeout),
    )


def changes() -> st.SearchStrategy[Change]:
    """Any change in any state."""
    outcomes = st.builds(
        outcome,
        target_subscription_id=st.none() | texts(),
        correlation_id=st.none() | texts(),
        follow_ups=st.integers(0, 100_000),
        accounts_total=st.none() | st.integers(0, 100_000),
        error_code=st.none() | texts() | st.sampled_from(("outcome_unknown", "too_late")),
        error_text=texts(),
        reference=st.none() | texts(),
        moves=moves(),
    )
    return st.builds(
        change,
        st.sampled_from(ChangeState),
        facts=all_facts(),
        note=texts(),
        number=texts(),
        rehearsal=st.booleans(),
        outcome=st.none() | outcomes,
        attempts=st.integers(0, 3),
        due_at=st.sampled_from((AT, AT + timedelta(minutes=5))),
        checked_at=st.none() | st.just(AT),
        asker_roles=st.lists(st.sampled_from(PartnerRole), max_size=5).map(tuple),
    )


def choices() -> st.SearchStrategy[CustomerChoice]:
    """Any choice of customers."""
    match = st.builds(CustomerMatch, customer=customers(), handle=st.uuids().map(str))
    return st.builds(
        CustomerChoice,
        query=texts(),
        matches=st.lists(match, min_size=1, max_size=120).map(tuple),
        total=st.integers(1, 100_000),
        at_least=st.booleans(),
        same_name=st.booleans(),
        person=st.just(Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE")),
    )
