"""What hypothesis makes of samples of seats: any text in any place, within what the desk may return."""

from hypothesis import strategies as st

from bot.desk.seats.records import SeatOffer, SeatSheet, SeatsListed
from bot.desk.seats.seat_numbers import Added, Either, Total
from bot.domain.customers import OfferRef, Subscription
from bot.domain.errors import ServiceTimeout
from bot.domain.policy import Mode, SecondPersonReason
from bot.domain.roles import PartnerRole
from tests.handlers.generated import all_facts, customers, moves, reasons, texts
from tests.handlers.samples import AT
from tests.handlers.seat_samples import seat_sheet, seats_listed


def seat_offers() -> st.SearchStrategy[SeatOffer]:
    """Any subscription that may take seats."""
    held = st.builds(
        Subscription,
        id=texts(),
        friendly_name=texts(),
        offer=st.builds(OfferRef, id=texts(), key=st.none(), name=texts(), short_name=texts()),
        quantity=st.integers(0, 10_000_000),
        status=texts(),
        ends_on=st.none() | st.dates(),
    )
    return st.builds(
        SeatOffer,
        subscription=held,
        limit=st.none() | st.integers(0, 10_000_000),
        reasons=st.lists(reasons(), max_size=3).map(tuple),
        handle=st.none() | st.uuids().map(lambda each: each.hex[:22]),
    )


def seat_lists() -> st.SearchStrategy[SeatsListed]:
    """Any page of subscriptions that may take seats."""
    return st.builds(
        seats_listed,
        customer=customers(),
        offers=st.lists(seat_offers(), max_size=15).map(tuple),
        mode=st.sampled_from(Mode),
        stopped=st.booleans(),
        pages=st.integers(1, 40),
        page_handles=st.dictionaries(st.integers(1, 40), st.uuids().map(str), max_size=2),
    )


def seat_sheets() -> st.SearchStrategy[SeatSheet]:
    """Anything that is asked about seats."""
    number = st.integers(1, 10_000_000)
    either = st.builds(Either, added=st.builds(Added, seats=number), total=st.builds(Total, seats=number))
    return st.builds(
        seat_sheet,
        facts=all_facts().map(lambda each: each.model_copy(update={"target_offer_id": None})),
        limit=st.none() | st.integers(0, 10_000_000),
        moves=moves(),
        listed_at=st.none() | st.just(AT),
        reasons=st.lists(reasons(), max_size=3).map(tuple),
        second_person=st.lists(st.sampled_from(SecondPersonReason), max_size=3).map(tuple),
        asker_roles=st.lists(st.sampled_from(PartnerRole), max_size=5).map(tuple),
        mode=st.sampled_from(Mode),
        hindrance=st.none() | st.builds(ServiceTimeout),
        ticket_wanted=st.booleans(),
        prefill=st.none() | number,
        either=st.none() | either,
        prefill_note=texts(),
    )
