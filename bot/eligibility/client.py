"""The client of the eligibility service, ours or Partner Center: typed reads, and orders that are sent once.

Reads raise ServiceTrouble and are tried again within bounds (`client_reads`); orders never are, and answer with a
closed union (`client_orders`). Every call takes the correlation id under which the service's own records name it.
"""

import asyncio
from typing import Any, Final

from bot.domain.customers import Customer
from bot.domain.errors import ServiceTrouble, SubscriptionGone
from bot.eligibility import wire
from bot.eligibility.breaker import Breaker
from bot.eligibility.client_accounts import Accounts
from bot.eligibility.client_answers import customer_of
from bot.eligibility.client_faults import segment
from bot.eligibility.client_http import ClientLimits, NoAnswer, NotSent
from bot.eligibility.client_orders import (
    ANOTHER_NUMBER,
    AcceptedForLater,
    Declined,
    Done,
    NotNow,
    OrderAnswer,
    Unclear,
    UpgradeAnswer,
    if_match,
    order_body,
    quantity_outcome,
    upgrade_outcome,
)
from bot.eligibility.client_pages import one_page
from bot.eligibility.client_reads import EligibilityReads, Found, Offered
from bot.eligibility.client_records import AuditHit
from bot.eligibility.client_seats import quantity_body

__all__ = [
    "ANOTHER_NUMBER",
    "AcceptedForLater",
    "Accounts",
    "AuditHit",
    "ClientLimits",
    "Declined",
    "Done",
    "EligibilityClient",
    "Found",
    "NotNow",
    "Offered",
    "OrderAnswer",
    "Unclear",
    "UpgradeAnswer",
]

_RETRY_SOON: Final = 15.0
_LEAST: Final = 5.0
"""Seconds that are left for an order: cut short, its outcome would be unknown for nothing."""


class EligibilityClient(EligibilityReads):
    """One service: the reads, and the two orders."""

    @property
    def breaker(self) -> Breaker:
        """Whether the service is asked just now."""
        return self._http.breaker

    async def probe(self) -> None:
        """Read something small, to see whether the service answers. Raises ServiceTrouble."""
        await self._http.get("customers", correlation_id=self._http.ids.uuid(), query={"size": "1"})

    async def customer_page(self, token: str | None, *, correlation_id: str) -> tuple[tuple[Customer, ...], str | None]:
        """A page of all customers, and the token of the next one (None: it was the last). Raises ServiceTrouble.

        Without `token` the first page. A token that the service does not take is a ServiceRejected.
        """
        query = {"size": str(self._limits.page_size)}
        items, following = await one_page(
            self._http, "customers", wire.Customer, query=query, token=token, correlation_id=correlation_id
        )
        return tuple(customer_of(each) for each in items), following

    async def upgrade(
        self,
        customer_id: str,
        subscription_id: str,
        target_offer_id: str,
        quantity: int,
        *,
        request_id: str,
        correlation_id: str,
        timeout: float,  # noqa: ASYNC109 - the one bound of a call that must not outlive its lease
        entry: dict[str, Any] | None = None,
    ) -> UpgradeAnswer:
        """Order an upgrade, once. `entry` is the item of `offered`; without it the options are read first.

        `timeout` seconds bound all of it; what can go wrong once it is sent is one of the answers, never an exception.
        """
        deadline = self._clock.monotonic() + timeout
        path = f"customers/{segment(customer_id)}/subscriptions/{segment(subscription_id)}/upgrades"
        if entry is None:
            try:
                async with asyncio.timeout(timeout):
                    offered = await self.offered(customer_id, subscription_id, correlation_id=correlation_id)
            except (ServiceTrouble, TimeoutError):
                return NotNow(retry_after=_RETRY_SOON, why="options_unreadable")
            except SubscriptionGone:
                return Declined(code="subscription_gone", sent=False)
            option = offered.option(target_offer_id)
            if option is None or not option.permitted:
                reasons = () if option is None else option.reasons
                return Declined(code="not_offered", reasons=reasons, sent=False)
            entry = offered.entries[target_offer_id.casefold()]
        try:
            answer = await self._http.order(
                "POST",
                path,
                body=order_body(entry, quantity=quantity),
                request_id=request_id,
                correlation_id=correlation_id,
                timeout_=deadline - self._clock.monotonic(),
            )
        except NotSent:
            return NotNow(retry_after=_RETRY_SOON, why="not_sent")
        except NoAnswer as error:
            return Unclear(why=str(error))
        return upgrade_outcome(answer, subscription_id=subscription_id, quantity=quantity, catalogue=self._catalogue)

    async def change_quantity(
        self,
        customer_id: str,
        subscription_id: str,
        quantity: int,
        *,
        expected: int,
        request_id: str,
        correlation_id: str,
        timeout: float,  # noqa: ASYNC109 - as above
    ) -> OrderAnswer:
        """Set the total of seats, once, if it is still `expected`: read again, compared, and the same text sent back.

        The etag goes along where there is one. `timeout` as in `upgrade`; the reading leaves the order its share.
        """
        deadline = self._clock.monotonic() + timeout
        path = f"customers/{segment(customer_id)}/subscriptions/{segment(subscription_id)}"
        try:
            async with asyncio.timeout(timeout - min(_LEAST, timeout / 2)):
                found, raw = await self._held_as_it_came(customer_id, subscription_id, correlation_id=correlation_id)
            body, lock = quantity_body(raw, quantity=quantity), if_match(found.etag)
        except (ServiceTrouble, TimeoutError, ValueError, RecursionError):
            return NotNow(retry_after=_RETRY_SOON, why="subscription_unreadable")
        except SubscriptionGone:
            return Declined(code="subscription_gone", sent=False)
        if found.quantity != expected:
            return Declined(code="quantity_moved", sent=False, quantity_now=found.quantity)
        try:
            answer = await self._http.order(
                "PATCH",
                path,
                body=body,
                request_id=request_id,
                correlation_id=correlation_id,
                timeout_=deadline - self._clock.monotonic(),
                headers=lock,
            )
        except NotSent:
            return NotNow(retry_after=_RETRY_SOON, why="not_sent")
        except NoAnswer as error:
            return Unclear(why=str(error))
        return quantity_outcome(answer, subscription_id=subscription_id, quantity=quantity)
