"""A service's list of customers for the directory, in pages, and a desk that reads it; nothing else of both works."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.desk.desk import Desk
from bot.desk.directory_fill import LEASE, fill_directory
from bot.domain.clock import ShiftedClock
from bot.domain.customers import Customer
from bot.domain.errors import CustomerNotFound, ServiceRejected
from bot.eligibility.breaker import Breaker
from bot.eligibility.client import Found

PAGE = 10


def listed(number: int, name: str | None = None) -> Customer:
    return Customer(
        id=f"00000000-0000-4000-8000-{number:012x}", name=name or f"Kunde {number:04} GmbH", domain=f"k{number}.example"
    )


@dataclass(slots=True)
class Listing:
    """A service's list, in the order of names, with tokens that name a place in it; `before` runs before each page."""

    clock: ShiftedClock
    there: dict[str, Customer] = field(default_factory=dict)
    before: Callable[[int], None] = lambda _page: None
    read: list[str | None] = field(default_factory=list)
    epoch: str = "a"
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(clock=self.clock)

    def put(self, *customers: Customer) -> None:
        self.there |= {each.id: each for each in customers}

    async def customer_page(self, token: str | None, *, correlation_id: str) -> tuple[tuple[Customer, ...], str | None]:
        del correlation_id
        epoch, _, after = (token or f"{self.epoch}:").partition(":")
        if epoch != self.epoch:
            raise ServiceRejected(status=400, fault_code="2000", fault_text="no such token")
        self.before(len(self.read))
        self.read.append(token)
        ordered = sorted((each for each in self.there.values() if each.name > after), key=lambda each: each.name)
        page = tuple(ordered[:PAGE])
        return page, f"{self.epoch}:{page[-1].name}" if len(ordered) > PAGE else None

    async def customer(self, customer_id: str, *, correlation_id: str) -> Customer:
        del correlation_id
        if customer_id not in self.there:
            raise CustomerNotFound(query=customer_id)
        return self.there[customer_id]

    async def customers_starting_with(self, field_: str, text: str, *, correlation_id: str) -> Found:
        del correlation_id
        key = (lambda each: each.name) if field_ == "CompanyName" else (lambda each: each.domain)
        found = [each for each in self.there.values() if key(each).casefold().startswith(text.casefold())]
        return Found(customers=tuple(found), complete=True)


@dataclass(slots=True)
class ListKit:
    """A desk of which only the directory works, and the list that it reads."""

    desk: Desk
    listing: Listing
    clock: ShiftedClock

    async def turn(self, owner: str = "w", *, seconds: float = 60.0) -> bool:
        return await fill_directory(self.desk, owner=owner, stop=asyncio.Event(), seconds=seconds, pace=0.0)

    async def whole(self) -> None:
        """A pass to its end, the next one that is due."""
        self.clock.advance(self.desk.config.directory_every + LEASE)
        while await self.turn():
            continue

    async def names(self) -> set[str]:
        async with self.desk.database.customers.session() as session:
            return {row[0] for row in (await session.driven("SELECT name FROM customer", ())).all()}


class OtherPages:
    """A listing with another way of giving pages."""

    def __init__(self, listing: Listing, page: object) -> None:
        self._listing, self.customer_page = listing, page

    def __getattr__(self, name: str) -> object:
        return getattr(self._listing, name)
