"""List a customer's subscriptions with their upgrade options, with a handle for each that can be pressed."""

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.facts import listed_data
from bot.desk.handles import Data, HandleMaker
from bot.desk.page import Line, PageRead, read_page
from bot.desk.purposes import Purpose
from bot.desk.results import Admission, CustomerOpened, OptionLine, OptionsList, SubscriptionCard
from bot.desk.seats.beside_options import instead_of_upgrades, seat_offer
from bot.domain.audit import AuditName
from bot.domain.people import Caller
from bot.domain.policy import Action


async def list_options(
    desk: Desk, *, caller: Caller, customer_id: str, page: int = 1, opened: CustomerOpened | None = None
) -> OptionsList:
    """One page of the list. `opened` (of `find_customer`) saves admitting and reading the customer once more.

    Raises ServiceTrouble where nothing at all could be read; CustomerNotFound, Refused, Undetermined.
    """
    if opened is not None and opened.customer.id == customer_id:
        admission, known = opened.admission, opened.customer
    else:
        admission, known = (
            await admit(desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK, customer_id=customer_id),
            None,
        )
    read = await read_page(desk, customer_id=customer_id, page=page, customer=known)
    return await _shown(desk, caller=caller, admission=admission, read=read)


async def _shown(desk: Desk, *, caller: Caller, admission: Admission, read: PageRead) -> OptionsList:
    maker = HandleMaker(desk=desk, caller=caller)
    cards = tuple(_card(maker, read, each) for each in read.lines)
    here: Data = {"customer_id": read.customer.id, "page": read.page}
    refresh = maker.make(Purpose.REFRESH, here)
    share = maker.make(Purpose.SHARE, here)
    around = [each for each in (read.page - 1, read.page + 1) if 1 <= each <= read.pages]
    turns = {each: maker.make(Purpose.REFRESH, {"customer_id": read.customer.id, "page": each}) for each in around}
    stopped = await maker.keep()
    return OptionsList(
        customer=read.customer,
        person=admission.person,
        cards=cards,
        page=read.page,
        pages=read.pages,
        total=read.total,
        cancelled_hidden=read.hidden,
        read_at=read.read_at,
        mode=desk.mode(admission.policy),
        stopped=stopped is not None,
        refresh_handle=refresh,
        share_handle=share,
        page_handles=turns,
    )


def _card(maker: HandleMaker, read: PageRead, line: Line) -> SubscriptionCard:
    lines = []
    for option in line.options:
        handle = None
        if option.permitted:
            shown = listed_data(
                customer=read.customer, subscription=line.subscription, option=option, read_at=read.read_at
            )
            handle = maker.make(Purpose.UPGRADE, shown)
        lines.append(OptionLine(option=option, handle=handle))
    return SubscriptionCard(
        subscription=line.subscription,
        options=tuple(lines),
        trouble=line.trouble,
        seats=seat_offer(maker, read, line.subscription, options=line.options),
        instead=instead_of_upgrades(maker, read, line),
    )
