"""What the desk may return, with harmless and with nasty text; and how rendered things are judged."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from bot.desk.results import (
    Confirmation,
    CustomerChoice,
    CustomerMatch,
    FollowUps,
    OptionLine,
    OptionsList,
    SubscriptionCard,
)
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue.load import load_default
from bot.domain.changes import Change, ChangeKind, ChangeState, FollowUp, Outcome
from bot.domain.customers import Blocking, Customer, OfferRef, Option, Reason, ReasonKind, SoldBy, Subscription
from bot.domain.errors import ServiceTimeout
from bot.domain.facts import Facts, Move
from bot.domain.people import Actor, Person, Standing
from bot.domain.policy import Mode, SecondPersonReason
from bot.domain.roles import PartnerRole
from bot.locales import Catalogues, load
from bot.workspace.limits import validate_message, validate_view
from handlers.blocks import limits
from handlers.blocks.pen import Pen
from handlers.blocks.sheet import Message

AT: Final = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ASKER: Final = Actor(team_id="T0TEAM", user_id="U0ASKER")
CONTOSO: Final = Customer(id="11111111-aaaa-bbbb-cccc-000000009c41", name="Contoso GmbH", domain="contoso.de")
BASIC: Final = OfferRef(
    id="BD938F12-058F-4927-BBA3-AE36B1D2501C",
    key="microsoft-365-business-basic",
    name="Microsoft 365 Business Basic",
    short_name="Business Basic",
)
LANGUAGES: Final = ("en-US", "de-DE")
_ALLOWED: Final = re.compile(r"<(?:@[A-Z0-9]+|!date\^\d+\^[^|<>]*\|[^<>]*|https://[^|<>]+\|[^<>]+)>")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

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


@cache
def catalogues() -> Catalogues:
    """Every language."""
    return load()


@cache
def catalogue() -> Catalogue:
    """The catalogue that we ship."""
    return load_default()


def pen(locale: str = "en-US") -> Pen:
    """A reader's pen."""
    return Pen(catalogues().for_locale(locale), catalogue())


def texts() -> st.SearchStrategy[str]:
    """Text as people, customers and services might write it."""
    return st.one_of(
        st.sampled_from(NASTY), st.text(max_size=60), st.lists(st.sampled_from(NASTY), max_size=3).map("".join)
    )


def offer(key: str = "office-365-enterprise-e3") -> OfferRef:
    """An offer of the catalogue."""
    found = catalogue().offers[key]
    return OfferRef(id=found.offer_id, key=key, name=found.name.en, short_name=found.short_name)


def subscription(**fields: Any) -> Subscription:
    """A subscription."""
    made: dict[str, Any] = {
        "id": "22222222-aaaa-bbbb-cccc-000000007f3a",
        "friendly_name": "Zentrale",
        "offer": BASIC,
        "quantity": 24,
        "status": "active",
        "ends_on": date(2027, 3, 31),
    }
    return Subscription(**made | fields)


def permitted(key: str = "office-365-enterprise-e3", handle: str | None = "h-1") -> OptionLine:
    """A target that may be pressed."""
    return OptionLine(option=Option(target=offer(key)), handle=handle)


def refused(key: str, *reasons: Reason) -> OptionLine:
    """A target that may not."""
    return OptionLine(option=Option(target=offer(key), reasons=reasons), handle=None)


def options_list(*cards: SubscriptionCard, **fields: Any) -> OptionsList:
    """A page of the list."""
    made: dict[str, Any] = {
        "customer": CONTOSO,
        "person": Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE"),
        "cards": cards,
        "page": 1,
        "pages": 1,
        "total": len(cards),
        "cancelled_hidden": 0,
        "read_at": AT,
        "mode": Mode.LIVE,
        "stopped": False,
        "refresh_handle": "h-refresh",
        "share_handle": "h-share",
    }
    return OptionsList(**made | fields)


def facts(**fields: Any) -> Facts:
    """Facts of an upgrade."""
    made: dict[str, Any] = {
        "customer_id": CONTOSO.id,
        "customer_name": CONTOSO.name,
        "customer_domain": CONTOSO.domain,
        "subscription_id": "22222222-aaaa-bbbb-cccc-000000007f3a",
        "subscription_name": "Zentrale",
        "offer_id": BASIC.id,
        "offer_name": BASIC.name,
        "quantity": 25,
        "status": "active",
        "target_offer_id": offer().id,
        "target_offer_name": offer().name,
        "target_quantity": 25,
        "services_added": ("office_apps", "exchange_plan_2"),
        "accounts_reset": 2,
        "read_at": AT,
    }
    return Facts(**made | fields)


def confirmation(**fields: Any) -> Confirmation:
    """What is confirmed."""
    made: dict[str, Any] = {
        "draft_id": "draft-1",
        "person": Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE"),
        "facts": facts(),
        "source": BASIC,
        "target": offer(),
        "services_known": True,
        "moves": (),
        "listed_at": AT,
        "reasons": (),
        "second_person": (),
        "asker_roles": (PartnerRole.SALES_AGENT,),
        "mode": Mode.LIVE,
        "hindrance": None,
        "ticket_wanted": False,
        "prefill_note": "",
    }
    return Confirmation(**made | fields)


def change(state: ChangeState = ChangeState.COMPLETED, **fields: Any) -> Change:
    """A change in a state."""
    made: dict[str, Any] = {
        "id": "chg0000000000000000001",
        "number": "8F2K3M",
        "team_id": "T0TEAM",
        "asker": ASKER,
        "asker_roles": (PartnerRole.HELPDESK_AGENT,),
        "asker_locale": "de-DE",
        "kind": ChangeKind.UPGRADE,
        "state": state,
        "facts": facts(),
        "facts_version": 1,
        "note": "Ticket 4711",
        "rehearsal": False,
        "approvals_needed": 0,
        "draft_id": "draft-1",
        "created_at": AT,
        "changed_at": AT,
        "expires_at": AT + timedelta(hours=24),
        "due_at": AT,
    }
    return Change(**made | fields)


def outcome(**fields: Any) -> Outcome:
    """How it ended."""
    made: dict[str, Any] = {
        "target_subscription_id": "33333333-aaaa-bbbb-cccc-00000000b8e2",
        "quantity": 25,
        "correlation_id": "5f0c0000-1111-2222-3333-444444444444",
        "follow_ups": 2,
        "accounts_total": 23,
    }
    return Outcome(**made | fields)


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


def follow_ups(count: int = 2) -> FollowUps:
    """Accounts that need work."""
    accounts = tuple(
        FollowUp(
            user_id=f"u{n}", name=f"Anna <{n}>", principal_name=f"anna{n}@contoso.de", services=("exchange", "x&y")
        )
        for n in range(count)
    )
    person = Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE")
    return FollowUps(change=change(outcome=outcome()), person=person, accounts=accounts)


def check_message(message: Message, *, update: bool = False) -> None:
    """What Slack would refuse, and what must never be in a message."""
    payload = message.payload()
    assert validate_message(payload, text_limit=limits.TEXT_UPDATED if update else None) == []
    assert message.text.strip()
    assert len(message.text) <= limits.TEXT_POSTED
    _check_texts(payload)


def check_view(view: dict[str, Any]) -> None:
    """The same for a modal or Home."""
    assert validate_view(view) == []
    _check_texts(view)


def mrkdwn_of(thing: Any) -> list[str]:
    """Every piece of mrkdwn in a message or view, the top-level text included."""
    found: list[str] = []
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            assert thing["verbatim"] is True
            found.append(thing["text"])
        elif "blocks" in thing and isinstance(thing.get("text"), str):
            found.append(thing["text"])
        for value in thing.values():
            found += mrkdwn_of(value)
    elif isinstance(thing, list):
        for value in thing:
            found += mrkdwn_of(value)
    return found


def buttons_of(thing: Any) -> list[dict[str, Any]]:
    """Every button."""
    blocks = thing["blocks"]
    return [each for block in blocks for each in block.get("elements", ()) if each.get("type") == "button"]


def _strings(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from _strings(each)


def _check_texts(thing: dict[str, Any]) -> None:
    assert not [each for each in _strings(thing) if _CONTROL.search(each) or "\u202e" in each]
    for text in mrkdwn_of(thing):
        left = _ALLOWED.sub("", text)
        assert "<" not in left, text
        assert ">" not in left, text
        assert re.sub(r"&(?:amp|lt|gt);", "", left).count("&") == 0, text
        assert text.count("\u2068") == text.count("\u2069"), text
    names = [button["text"]["text"] for button in buttons_of(thing)]
    assert len(names) == len(set(names)), names
    assert all(len(name) <= limits.BUTTON_TEXT for name in names)
