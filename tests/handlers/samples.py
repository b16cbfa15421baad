"""What the desk may return, with harmless and with nasty text; and how rendered things are judged."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from bot.desk.after.reach import FollowUps
from bot.desk.results import (
    Confirmation,
    OptionLine,
    OptionsList,
    SubscriptionCard,
)
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue.load import load_default
from bot.domain.changes import Change, ChangeKind, ChangeState, FollowUp, Outcome
from bot.domain.customers import Customer, OfferRef, Option, Reason, Subscription
from bot.domain.facts import Facts
from bot.domain.people import Actor, Person, Standing
from bot.domain.policy import Mode
from bot.domain.roles import PartnerRole
from bot.locales import Catalogues, load
from handlers.blocks.pen import Pen
from storage.follow_up_records import Account, FollowUpList

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


def follow_ups(count: int = 2) -> FollowUps:
    """Accounts that need work."""
    accounts = tuple(
        Account(
            key=f"key-{n}",
            change_id="c1",
            about=FollowUp(
                user_id=f"u{n}", name=f"Anna <{n}>", principal_name=f"anna{n}@contoso.de", services=("exchange", "x&y")
            ),
            done_at=AT if n % 3 == 1 else None,
            done_by="U0DONE" if n % 3 == 1 else None,
        )
        for n in range(count)
    )
    left = sum(each.done_at is None for each in accounts)
    work = FollowUpList(
        change_id="c1",
        team_id="T",
        holder=ASKER,
        created_at=AT,
        delete_at=AT + timedelta(days=30),
        deleted_at=None,
        total=count,
        open=left,
    )
    person = Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE")
    return FollowUps(change=change(outcome=outcome()), person=person, work=work if count else None, accounts=accounts)
