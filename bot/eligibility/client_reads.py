"""What the client reads: customers, subscriptions, options, accounts, audit records. All tried again within bounds."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Literal, TypeVar

import aiohttp
from pydantic import ValidationError

from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.customers import Customer, Option, Subscription
from bot.domain.errors import (
    CustomerGone,
    ServiceDenied,
    ServiceNonsense,
    ServiceRejected,
    SubscriptionGone,
)
from bot.domain.ids import Ids
from bot.eligibility import wire
from bot.eligibility.breaker import Breaker
from bot.eligibility.client_accounts import Accounts, count_accounts
from bot.eligibility.client_answers import customer_of, option_of, subscription_of
from bot.eligibility.client_faults import segment
from bot.eligibility.client_http import ClientLimits, Transport, base_of
from bot.eligibility.client_pages import pages_of
from bot.eligibility.client_records import AuditHit, AuditTrail, hit_of

M = TypeVar("M", bound=wire.WireModel)
R = TypeVar("R")
SearchField = Literal["CompanyName", "Domain"]

_NOT_OURS: Final = "20002"
_AUDIT_KEPT: Final = timedelta(days=89)
_AUDIT_SLACK: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search brought: in the service's order; `complete` is false where there may be more."""

    customers: tuple[Customer, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The options of a subscription, with the items that would order them, by target offer id in lower case."""

    options: tuple[Option, ...]
    entries: Mapping[str, dict[str, Any]] = field(repr=False)

    def option(self, target_offer_id: str) -> Option | None:
        """The option of a target offer; None where the service does not list it."""
        wanted = target_offer_id.casefold()
        return next((each for each in self.options if each.target.id.casefold() == wanted), None)


class EligibilityReads:
    """One service. The sessions belong to whoever made them; `orders` should open a connection for each request.

    (`aiohttp.TCPConnector(force_close=True)`; by default `session` is used.) `base_url` is the address with or
    without `/v1`.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        base_url: str,
        token_source: Callable[[], Awaitable[str]],
        catalogue: Catalogue,
        clock: Clock,
        ids: Ids,
        limits: ClientLimits | None = None,
        orders: aiohttp.ClientSession | None = None,
    ) -> None:
        self._limits = limits or ClientLimits()
        self._catalogue = catalogue
        self._clock = clock
        self._http = Transport(
            session=session,
            orders=orders or session,
            base=base_of(base_url),
            token_source=token_source,
            ids=ids,
            limits=self._limits,
            gate=asyncio.Semaphore(self._limits.concurrency),
            breaker=Breaker(clock=clock, rules=self._limits.breaker),
        )

    async def customers_starting_with(self, field_: SearchField, text: str, *, correlation_id: str) -> Found:
        """Customers whose name or domain begins with `text`, as the service compares. At most pages x page size."""
        wanted = {"Field": field_, "Value": text, "Operator": "starts_with"}
        query = {"size": str(self._limits.page_size), "filter": json.dumps(wanted, ensure_ascii=False)}
        items, complete = await pages_of(
            self._http, "customers", wire.Customer, query=query, most=self._limits.pages, correlation_id=correlation_id
        )
        return Found(customers=tuple(customer_of(each) for each in items), complete=complete)

    async def customer(self, customer_id: str, *, correlation_id: str) -> Customer:
        """One customer by tenant id. Raises CustomerGone, also for one that is not ours."""
        try:
            found = await self._one(f"customers/{segment(customer_id)}", wire.Customer, correlation_id=correlation_id)
        except ServiceRejected as error:
            if error.status == HTTPStatus.NOT_FOUND:
                raise CustomerGone(query=customer_id) from error
            raise
        except ServiceDenied as error:
            if error.params.get("fault_code") == _NOT_OURS:
                raise CustomerGone(query=customer_id) from error
            raise
        _same(found.id, customer_id, correlation_id)
        return customer_of(found)

    async def subscriptions(self, customer_id: str, *, correlation_id: str) -> tuple[Subscription, ...]:
        """All subscriptions that we sold to a customer, cancelled ones too. Raises CustomerGone."""
        path = f"customers/{segment(customer_id)}/subscriptions"
        try:
            items, _ = await pages_of(self._http, path, wire.Subscription, query={}, correlation_id=correlation_id)
        except ServiceRejected as error:
            if error.status == HTTPStatus.NOT_FOUND:
                raise CustomerGone(query=customer_id) from error
            raise
        return tuple(subscription_of(each, self._catalogue) for each in items)

    async def subscription(self, customer_id: str, subscription_id: str, *, correlation_id: str) -> Subscription:
        """One subscription. Raises SubscriptionGone."""
        found, _ = await self._held_as_it_came(customer_id, subscription_id, correlation_id=correlation_id)
        return subscription_of(found, self._catalogue)

    async def options(self, customer_id: str, subscription_id: str, *, correlation_id: str) -> tuple[Option, ...]:
        """The upgrade options of a subscription, one per target offer, in the service's order."""
        return (await self.offered(customer_id, subscription_id, correlation_id=correlation_id)).options

    async def offered(self, customer_id: str, subscription_id: str, *, correlation_id: str) -> Offered:
        """The upgrade options with what it takes to order them. Raises SubscriptionGone."""
        path = f"customers/{segment(customer_id)}/subscriptions/{segment(subscription_id)}/upgrades"
        raw = await self._gone_if_missing(self._http.get(path, correlation_id=correlation_id))
        try:
            bodies = _items(json.loads(raw))
            entries = [(wire.Upgrade.model_validate(body), body) for body in bodies]
        except (ValueError, RecursionError) as error:
            raise ServiceNonsense(correlation_id=correlation_id) from error
        by_target: dict[str, list[wire.Upgrade]] = {}
        for entry, _ in entries:
            by_target.setdefault(entry.target_offer.id.casefold(), []).append(entry)
        best = {key: option_of(group, self._catalogue) for key, group in by_target.items()}
        return Offered(
            options=tuple(option for option, _ in best.values()),
            entries={key: next(b for e, b in entries if e is chosen) for key, (_, chosen) in best.items()},
        )

    async def accounts(self, customer_id: str, sku_id: str, *, correlation_id: str) -> Accounts | None:
        """Who holds a product, and for whom services switched off would come back; None where it cannot be known."""
        return await count_accounts(self._http, customer_id=customer_id, sku_id=sku_id, correlation_id=correlation_id)

    async def accounts_reset(self, customer_id: str, sku_id: str, *, correlation_id: str) -> int | None:
        """How many accounts would get services back that were switched off for them; None where it is not known."""
        found = await self.accounts(customer_id, sku_id, correlation_id=correlation_id)
        return None if found is None else found.reset

    async def audit_of(
        self, call_ids: frozenset[str], *, since: datetime, customer_id: str, correlation_id: str
    ) -> list[AuditHit]:
        """The service's records of the calls with these correlation ids, looked for from the day before `since`."""
        trail = await self.audit_trail(since=since, customer_id=customer_id, correlation_id=correlation_id)
        sought = {each.lower() for each in call_ids}
        return [each for each in trail.hits if each.call_id.lower() in sought]

    async def audit_trail(self, *, since: datetime, customer_id: str, correlation_id: str) -> AuditTrail:
        """The service's records of a customer, whoever called, from the day before `since`."""
        earliest = self._clock.now() - _AUDIT_KEPT
        start = max(since - _AUDIT_SLACK, earliest)
        wanted = {"Field": "CustomerId", "Value": customer_id, "Operator": "equals"}
        query = {"startDate": start.date().isoformat(), "size": "500", "filter": json.dumps(wanted)}
        items, complete = await pages_of(
            self._http,
            "auditrecords",
            wire.AuditRecord,
            query=query,
            most=self._limits.audit_pages,
            correlation_id=correlation_id,
        )
        return AuditTrail(hits=tuple(hit_of(each, self._catalogue) for each in items), complete=complete)

    async def _held_as_it_came(
        self, customer_id: str, subscription_id: str, *, correlation_id: str
    ) -> tuple[wire.Subscription, bytes]:
        """A subscription, and the text that it was read from. Raises SubscriptionGone."""
        path = f"customers/{segment(customer_id)}/subscriptions/{segment(subscription_id)}"
        raw = await self._gone_if_missing(self._http.get(path, correlation_id=correlation_id))
        found = _read(wire.Subscription, raw, correlation_id)
        _same(found.id, subscription_id, correlation_id)
        return found, raw

    async def _one(self, path: str, model: type[M], *, correlation_id: str) -> M:
        return _read(model, await self._http.get(path, correlation_id=correlation_id), correlation_id)

    @staticmethod
    async def _gone_if_missing(read: Awaitable[R]) -> R:
        try:
            return await read
        except ServiceRejected as error:
            if error.status == HTTPStatus.NOT_FOUND:
                raise SubscriptionGone from error
            raise


def _read(model: type[M], raw: bytes, correlation_id: str) -> M:
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise ServiceNonsense(correlation_id=correlation_id) from error


def _same(found: str, asked: str, correlation_id: str) -> None:
    """An answer about somebody else is nonsense: the wrong customer is the worst mistake (design.md, rule 11)."""
    if found.casefold() != asked.casefold():
        raise ServiceNonsense(correlation_id=correlation_id)


def _items(found: Any) -> list[dict[str, Any]]:
    pairs = found.items() if isinstance(found, dict) else ()
    items = next((value for key, value in pairs if key.lower() == "items"), None)
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise ValueError("no collection")
    return items
