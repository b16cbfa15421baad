"""The real eligibility service on a free port of the loopback, with a book of the test's own and switches for faults.

async with running_service(tmp_path, customers=[customer(...)], clock=clock, ids=ids) as service:
service.faults.arm("cut", method="POST", acts=True)
client = service.client()
...
assert await service.orders() == 1
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.domain.catalogue import Catalogue, load_default
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.eligibility.client import ClientLimits, EligibilityClient
from bot.eligibility.importing.run import import_book
from bot.eligibility.service.app import create_service
from bot.eligibility.service.faults import Faults
from bot.web.server import bind, serving
from storage.book.book import Book

TOKEN: Final = "a token for tests"
BASIC: Final = "microsoft-365-business-basic"
STANDARD: Final = "microsoft-365-business-standard"
E1, E3, E5 = "office-365-enterprise-e1", "office-365-enterprise-e3", "office-365-enterprise-e5"
SAMPLE: Final = Path(__file__).parents[2] / "bot" / "eligibility" / "sample_book.json"

QUICK: Final = ClientLimits(
    connect_timeout=1.0,
    read_timeout=1.0,
    read_budget=2.5,
    read_tries=2,
    wait_initial=0.01,
    wait_most=0.05,
)
"""Limits that let a test of a silent service end soon."""

_ORDERED: Final = frozenset({"upgrade_subscription", "update_subscription"})
_numbers = count(1)


def an_id() -> str:
    """A UUID of its own."""
    return f"00000000-0000-4000-8000-{next(_numbers):012x}"


def subscription(offer: str = BASIC, quantity: int = 10, **fields: Any) -> dict[str, Any]:
    """A subscription of a book file (docs/book.md)."""
    return {"id": an_id(), "offer": offer, "quantity": quantity, "friendlyName": "Zentrale", **fields}


def user(name: str, *, licenses: Sequence[str] = (BASIC,), disabled: Sequence[str] = ()) -> dict[str, Any]:
    """A user of a book file."""
    number = next(_numbers)
    principal = f"{name.split(maxsplit=1)[0].lower()}.{number}@customer.example"
    made = {"id": an_id(), "displayName": name, "userPrincipalName": principal, "licenses": list(licenses)}
    return {**made, "disabledPlans": list(disabled)} if disabled else made


def customer(
    name: str,
    *subscriptions: dict[str, Any],
    domain: str | None = None,
    users: Sequence[dict[str, Any]] = (),
    **fields: Any,
) -> dict[str, Any]:
    """A customer of a book file."""
    return {
        "id": an_id(),
        "companyName": name,
        "domain": domain or f"customer-{next(_numbers)}.example",
        "country": "DE",
        "subscriptions": list(subscriptions),
        "users": list(users),
        **fields,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningService:
    """A service that listens at `url`. `faults` makes it misbehave."""

    url: str
    book: Book
    faults: Faults
    catalogue: Catalogue
    session: aiohttp.ClientSession
    order_session: aiohttp.ClientSession
    clock: Clock
    ids: Ids

    def client(
        self, limits: ClientLimits = QUICK, *, token: str = TOKEN, base_url: str | None = None
    ) -> EligibilityClient:
        """A client of it."""

        async def token_source() -> str:
            return token

        return EligibilityClient(
            session=self.session,
            orders=self.order_session,
            base_url=base_url or self.url,
            token_source=token_source,
            catalogue=self.catalogue,
            clock=self.clock,
            ids=self.ids,
            limits=limits,
        )

    async def orders(self) -> int:
        """How many orders the service carried out, by its own records."""
        now = self.clock.now()
        async with self.book.read() as tx:
            page = await tx.audit.page(
                since=now - timedelta(days=365), until=now + timedelta(days=1), size=500, after=None
            )
        return sum(each.succeeded and each.operation in _ORDERED for each in page.items)

    async def replace(self, tmp_path: Path, customers: Sequence[dict[str, Any]]) -> None:
        """Another book: the world moved."""
        await _import(tmp_path, customers, book=self.book, catalogue=self.catalogue, clock=self.clock)


@asynccontextmanager
async def running_service(
    tmp_path: Path, *, clock: Clock, ids: Ids, customers: Sequence[dict[str, Any]] | Path = SAMPLE
) -> AsyncIterator[RunningService]:
    """The service with a book of `customers` (a book file's), stopped at the end."""
    catalogue, faults = load_default(), Faults()
    async with Book.at(f"sqlite:///{tmp_path / f'book-{next(_numbers)}.db'}") as book:
        await _import(tmp_path, customers, book=book, catalogue=catalogue, clock=clock)
        app = create_service(book=book, catalogue=catalogue, token=TOKEN, clock=clock, ids=ids, faults=faults)
        on = bind(host="127.0.0.1", port=0)
        async with (
            serving(app, on=on, drain=1),
            aiohttp.ClientSession(trust_env=False) as session,
            aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(force_close=True)) as orders,
        ):
            yield RunningService(
                url=f"http://127.0.0.1:{on.getsockname()[1]}",
                book=book,
                faults=faults,
                catalogue=catalogue,
                session=session,
                order_session=orders,
                clock=clock,
                ids=ids,
            )


async def _import(
    tmp_path: Path, customers: Sequence[dict[str, Any]] | Path, *, book: Book, catalogue: Catalogue, clock: Clock
) -> None:
    file = customers if isinstance(customers, Path) else tmp_path / f"book-{next(_numbers)}.json"
    if not isinstance(customers, Path):
        file.write_text(json.dumps({"customers": list(customers)}, ensure_ascii=False), encoding="utf-8")
    await import_book(file=file, book=book, catalogue=catalogue, clock=clock)
