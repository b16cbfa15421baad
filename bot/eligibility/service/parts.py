"""What the routers of the service share."""

from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.eligibility.service.calls import known_id
from bot.eligibility.service.errors import CustomerUnknown, SubscriptionUnknown
from storage.book.book import Book, BookTransaction
from storage.book.records import CustomerRecord, HoldingRecord, SubscriptionRecord

OURS = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts that the service stands on."""

    book: Book
    catalogue: Catalogue
    clock: Clock
    ids: Ids


async def customer_of(tx: BookTransaction, customer_id: str) -> CustomerRecord:
    """The customer of a path. Raises `CustomerUnknown`."""
    known = known_id(customer_id)
    found = None if known is None else await tx.customers.get(known)
    if found is None:
        raise CustomerUnknown
    return found


async def holding_of(book: Book, customer_id: str) -> HoldingRecord:
    """The customer of a path with all it holds. Raises `CustomerUnknown`."""
    known = known_id(customer_id)
    found = None if known is None else await book.holding(known)
    if found is None:
        raise CustomerUnknown
    return found


async def locked_holding_of(tx: BookTransaction, customer_id: str) -> HoldingRecord:
    """As `holding_of`; nobody else changes it before the transaction ends."""
    known = known_id(customer_id)
    found = None if known is None else await tx.customers.lock(known)
    if found is None:
        raise CustomerUnknown
    return found


def ours(holding: HoldingRecord, subscription_id: str) -> SubscriptionRecord:
    """The subscription of a path, sold by us. Raises `SubscriptionUnknown`, also for others' subscriptions."""
    wanted = subscription_id.lower()
    for each in holding.subscriptions:
        if each.id == wanted and each.sold_by == OURS:
            return each
    raise SubscriptionUnknown
