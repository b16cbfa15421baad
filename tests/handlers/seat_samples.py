"""What the desk may return about seats."""

from typing import Any

from bot.desk.seats.records import SeatOffer, SeatSheet, SeatsListed
from bot.domain.facts import Facts
from bot.domain.people import Person, Standing
from bot.domain.policy import Mode
from bot.domain.roles import PartnerRole
from tests.handlers.samples import ASKER, AT, BASIC, CONTOSO, facts, subscription


def seat_facts(**fields: Any) -> Facts:
    """Facts of more seats: 20 there are, 25 there will be."""
    made = {"target_offer_id": None, "target_offer_name": None, "services_added": (), "accounts_reset": None}
    return facts(**made | {"quantity": 20, "target_quantity": 25, "seat_limit": 300} | fields)


def seat_offer(**fields: Any) -> SeatOffer:
    """A subscription that can take seats."""
    made: dict[str, Any] = {"subscription": subscription(), "limit": 300, "reasons": (), "handle": "h-seats"}
    return SeatOffer(**made | fields)


def seats_listed(*offers: SeatOffer, **fields: Any) -> SeatsListed:
    """A page of them."""
    made: dict[str, Any] = {
        "customer": CONTOSO,
        "person": Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE"),
        "offers": offers,
        "candidates": len(offers),
        "page": 1,
        "pages": 1,
        "total": len(offers),
        "read_at": AT,
        "mode": Mode.LIVE,
        "stopped": False,
        "refresh_handle": "h-refresh",
    }
    return SeatsListed(**made | fields)


def seat_sheet(**fields: Any) -> SeatSheet:
    """What is asked before seats are ordered."""
    made: dict[str, Any] = {
        "draft_id": "draft-1",
        "person": Person(actor=ASKER, standing=Standing.MEMBER, locale="de-DE"),
        "facts": seat_facts(target_quantity=20),
        "offer": BASIC,
        "limit": 300,
        "moves": (),
        "listed_at": AT,
        "reasons": (),
        "second_person": (),
        "second_person_above": 25,
        "refundable_quantity": None,
        "refundable_until": None,
        "term": None,
        "asker_roles": (PartnerRole.SALES_AGENT,),
        "mode": Mode.LIVE,
        "hindrance": None,
        "ticket_wanted": False,
        "prefill": 5,
        "either": None,
        "prefill_note": "",
    }
    return SeatSheet(**made | fields)
