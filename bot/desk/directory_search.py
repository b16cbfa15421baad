"""Customers to choose from while somebody types: out of our own copy of the service's list, best first."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.desk.admit import admit
from bot.desk.desk import Desk
from bot.desk.naming import domain_key, spellings, tenant_id
from bot.desk.results import CustomerOpened
from bot.domain.audit import AuditName
from bot.domain.customers import Customer
from bot.domain.errors import CustomerNotFound, HandleUnknown, ServiceTrouble, TooLate
from bot.domain.people import Caller, Person
from bot.domain.policy import Action
from bot.eligibility.client_together import side_by_side
from storage.customers.records import Kept
from storage.errors import StorageError

SUGGEST_SECONDS: Final = 2.4
"""All of it, within the 3 s after which Slack shows nothing at all."""

ADMIT_SECONDS: Final = 1.2
SERVICE_SECONDS: Final = 0.9
MOST: Final = 100
"""Options of a menu, as Slack has it."""

_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCustomer:
    """A customer to choose. `key` is opaque and stays the same while the directory knows the customer."""

    key: str
    customer: Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Who fits, best first, 100 at most.

    `as_of`: what the service listed until then is in the directory; None while it was never read to its end.
    `complete`: False where there may be customers that were not searched: it still fills, or did not answer, or the
    service did not say who was added since.
    """

    matches: tuple[FoundCustomer, ...]
    as_of: datetime | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """`Searched`, for somebody who may look."""

    matches: tuple[FoundCustomer, ...]
    as_of: datetime | None
    complete: bool
    person: Person


async def suggest_customers(desk: Desk, *, caller: Caller, text: str) -> Suggested:
    """Admit, then search. Raises Refused, Undetermined; TooLate after 2.4 s, or where nobody said who may."""
    began = desk.clock.monotonic()
    try:
        admission = await admit(
            desk, caller=caller, action=Action.LOOK, tried=AuditName.OPTIONS_LOOK, within=ADMIT_SECONDS
        )
    except TimeoutError as error:
        raise TooLate from error
    left = SUGGEST_SECONDS - (desk.clock.monotonic() - began)
    found = await search_customers(desk, text=text, within=left)
    return Suggested(matches=found.matches, as_of=found.as_of, complete=found.complete, person=admission.person)


async def search_customers(
    desk: Desk, *, text: str, limit: int = MOST, within: float = SUGGEST_SECONDS - ADMIT_SECONDS
) -> Searched:
    """Who fits `text`, within so many seconds. Never raises what the service or the directory raise.

    Where nobody fits it as it was typed, the service is asked too: somebody may have been added a minute ago.
    """
    until = desk.clock.monotonic() + within
    try:
        async with asyncio.timeout(within):
            hits = await desk.database.customers.search(text, limit=min(limit, MOST))
    except (StorageError, TimeoutError) as error:
        structlog.get_logger(__name__).warning("directory_search_failed", exc_info=error)
        return _searched((), None)
    if hits.fitting:
        return _searched(hits.found, hits.as_of)
    left = min(until - desk.clock.monotonic(), SERVICE_SECONDS)
    added = await _second_chance(desk, text=text, within=max(left, 0.0))
    return _searched(_merged(added or (), hits.found)[:limit], hits.as_of, heard=added is not None)


async def customer_by_key(
    desk: Desk,
    *,
    caller: Caller,
    key: str,
    action: Action = Action.LOOK,
    tried: AuditName = AuditName.OPTIONS_LOOK,
) -> CustomerOpened:
    """The customer that was chosen, read from the service: the directory may be stale, and decides nothing.

    Raises what `admit` and the service raise; HandleUnknown for a key that stands for nobody (any more).
    """
    admission = await admit(desk, caller=caller, action=action, tried=tried)
    known = await desk.database.customers.by_key(key)
    if known is None:
        raise HandleUnknown
    customer = await desk.service.customer(known.customer.id, correlation_id=desk.ids.uuid())
    return CustomerOpened(customer=customer, admission=admission)


def _searched(found: tuple[Kept, ...], as_of: datetime | None, *, heard: bool = True) -> Searched:
    return Searched(
        matches=tuple(FoundCustomer(key=each.key, customer=each.customer) for each in found),
        as_of=as_of,
        complete=as_of is not None and heard,
    )


def _merged(first: tuple[Kept, ...], then: tuple[Kept, ...]) -> tuple[Kept, ...]:
    return tuple({each.key: each for each in (*first, *then)}.values())


async def _second_chance(desk: Desk, *, text: str, within: float) -> tuple[Kept, ...] | None:
    """Whom the service itself finds by the beginning of the name or domain, taken into the directory at once.

    None where it did not say.
    """
    query = " ".join(text.split())[: desk.config.query_limit]
    if len(query) < _SHORTEST:
        return ()
    correlation_id = desk.ids.uuid()
    try:
        async with asyncio.timeout(within):
            customers = await _asked(desk, query, correlation_id=correlation_id)
            if not customers:
                return ()
            known = await desk.database.customers.add(customers)
    except CustomerNotFound:  # nobody has this tenant id
        return ()
    except (ServiceTrouble, StorageError, TimeoutError) as error:
        structlog.get_logger(__name__).info("second_chance_failed", correlation_id=correlation_id, exc_info=error)
        return None
    return tuple(known[each.id] for each in customers if each.id in known)


async def _asked(desk: Desk, query: str, *, correlation_id: str) -> list[Customer]:
    if (tenant := tenant_id(query)) is not None:
        return [await desk.service.customer(tenant, correlation_id=correlation_id)]
    asked = [
        desk.service.customers_starting_with("CompanyName", each, correlation_id=correlation_id)
        for each in spellings(query)
    ]
    if (domain := domain_key(query)) is not None:
        asked.append(desk.service.customers_starting_with("Domain", domain, correlation_id=correlation_id))
    found = await side_by_side(asked, most=desk.config.side_by_side)
    return list({each.id: each for one in found for each in one.customers[:MOST]}.values())
