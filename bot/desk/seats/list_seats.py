"""List a customer's subscriptions with how many seats each may still take, with a handle for each that can."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.handles import Data, HandleMaker, number_of, text_of
from bot.desk.open_handle import open_handle
from bot.desk.purposes import Purpose
from bot.desk.results import CustomerOpened
from bot.desk.seats.listed import listed_seats
from bot.desk.seats.reading import OPEN_CHANGE, pending_of, reasons_against
from bot.desk.seats.records import SeatOffer, SeatsListed
from bot.domain.audit import AuditName
from bot.domain.customers import Customer, Reason, ReasonKind, Subscription
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.domain.people import Caller
from bot.domain.policy import Action

TYPED_LIMIT: Final = 40
"""Characters of a typed number that are kept with a list: more is no number."""


async def list_seats(
    desk: Desk,
    *,
    caller: Caller,
    customer_id: str,
    page: int = 1,
    opened: CustomerOpened | None = None,
    number: str = "",
) -> SeatsListed:
    """One page of the list, what is cancelled at its end. `number`, as typed, is kept for `prepare_seats`.

    `opened` (of `find_customer`) saves admitting and reading the customer once more. Raises CustomerNotFound,
    ServiceTrouble, Refused, Undetermined.
    """
    known: Customer | None = None
    if opened is not None and opened.customer.id == customer_id:
        admission, known = opened.admission, opened.customer
    else:
        admission = await admit(
            desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK, customer_id=customer_id
        )
    correlation_id = desk.ids.uuid()
    customer = known or await desk.service.customer(customer_id, correlation_id=correlation_id)
    held = await desk.service.subscriptions(customer.id, correlation_id=correlation_id)
    held = tuple(sorted(held, key=lambda each: each.status == SubscriptionStatus.DELETED))
    pages = max(1, -(-len(held) // desk.config.page_size))
    page = min(max(page, 1), pages)
    shown = held[(page - 1) * desk.config.page_size : page * desk.config.page_size]
    pending = await pending_of(
        desk,
        customer_id=customer.id,
        subscriptions=[each for each in shown if each.active],
        correlation_id=correlation_id,
    )
    ours = await _open_changes(desk, customer_id=customer.id, subscriptions=shown)
    read_at = desk.clock.now()
    maker = HandleMaker(desk=desk, caller=caller)
    offers = []
    for each in shown:
        limit = each.offer.seat_limit
        against = (*pending.get(each.id, ()), *ours.get(each.id, ()))
        reasons = reasons_against(each, limit=limit, pending=_once(against))
        data = listed_seats(customer=customer, subscription=each, read_at=read_at, number=number[:TYPED_LIMIT])
        handle = None if reasons else maker.make(Purpose.CHOOSE_SEATS, data)
        offers.append(SeatOffer(subscription=each, limit=limit, reasons=reasons, handle=handle))

    def turn(to: int) -> str:
        here: Data = {"customer_id": customer.id, "page": to, "number": number[:TYPED_LIMIT]}
        return maker.make(Purpose.SEATS_LIST, here)

    refresh = turn(page)
    turns = {each: turn(each) for each in (page - 1, page + 1) if 1 <= each <= pages}
    stopped = await maker.keep()
    return SeatsListed(
        customer=customer,
        person=admission.person,
        offers=tuple(offers),
        candidates=sum(not reasons_against(each, limit=each.offer.seat_limit) for each in held),
        page=page,
        pages=pages,
        total=len(held),
        read_at=read_at,
        mode=desk.mode(admission.policy),
        stopped=stopped is not None,
        refresh_handle=refresh,
        page_handles=turns,
    )


async def refresh_seats(desk: Desk, *, caller: Caller, handle: str) -> SeatsListed:
    """The list behind a handle of SEATS_LIST, read now. Raises as `open_handle` and `list_seats` do."""
    await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK)
    data = (await open_handle(desk, caller=caller, value=handle, purpose=Purpose.SEATS_LIST)).data
    return await list_seats(
        desk,
        caller=caller,
        customer_id=text_of(data, "customer_id"),
        page=number_of(data, "page"),
        number=text_of(data, "number"),
    )


async def _open_changes(
    desk: Desk, *, customer_id: str, subscriptions: Sequence[Subscription]
) -> Mapping[str, tuple[Reason, ...]]:
    """Our own open change of each subscription, as a reason."""
    found: dict[str, tuple[Reason, ...]] = {}
    async with desk.database.read() as tx:
        for each in subscriptions:
            change = await tx.changes.open_for(customer_id, each.id)
            if change is not None:
                told = Reason(kind=ReasonKind.OPERATION_PENDING, raw_code=OPEN_CHANGE, raw_text=change.number)
                found[each.id] = (told,)
    return found


def _once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """One of each kind, the last one: a change of ours says more than the service's word for it."""
    return tuple({each.kind: each for each in reasons}.values())
