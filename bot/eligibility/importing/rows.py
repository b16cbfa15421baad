"""A checked customer as rows of the book's tables."""

import json
from typing import Any

from sqlalchemy import Table

from bot.domain.catalogue import Catalogue
from bot.eligibility.importing.check import BookCheck
from bot.eligibility.importing.format import BookCustomer, BookSubscription, BookUser
from storage.book import tables
from storage.book.customers import DOMAIN, NAME
from storage.book.folding import fold
from storage.book.subscriptions import to_json

Rows = dict[Table, list[dict[str, Any]]]


class RowMaker:
    """Turns customers into rows, without their generation."""

    def __init__(self, *, catalogue: Catalogue, check: BookCheck) -> None:
        self._catalogue = catalogue
        self._check = check

    def empty(self) -> Rows:
        """No rows yet, for each table."""
        return {table: [] for table in tables.GENERATIONAL}

    def add(self, rows: Rows, customer: BookCustomer) -> int:
        """Add a customer's rows; how many there are."""
        rows[tables.customers].append(
            {
                "id": customer.id,
                "name": customer.company_name,
                "domain": customer.domain,
                "country": customer.country,
                "delegated": json.dumps(customer.delegated_admin),
                "granular": json.dumps(customer.granular_admin),
            }
        )
        names = rows[tables.names]
        before = len(names)
        for field, text in ((NAME, customer.company_name), (DOMAIN, customer.domain)):
            main, *others = fold(text)
            names.append({"field": field, "key": main, "customer_id": customer.id, "main_key": None})
            names += [{"field": field, "key": key, "customer_id": customer.id, "main_key": main} for key in others]
        for position, subscription in enumerate(customer.subscriptions):
            rows[tables.subscriptions].append(self._subscription(customer.id, position, subscription))
        licences = rows[tables.licences]
        before_licences = len(licences)
        for user in customer.users:
            rows[tables.users].append(
                {
                    "customer_id": customer.id,
                    "id": user.id,
                    "display_name": user.display_name,
                    "principal_name": user.user_principal_name,
                    "active": user.state == "active",
                }
            )
            if user.licenses:
                licences += self._licences(customer.id, user)
        own = 1 + len(names) - before + len(licences) - before_licences
        return own + len(customer.subscriptions) + len(customer.users)

    def _subscription(self, customer_id: str, position: int, subscription: BookSubscription) -> dict[str, Any]:
        offer = self._check.offer(subscription.offer)
        # What is not set is not stored: the service knows the defaults of docs/book.md.
        details = subscription.model_dump(
            by_alias=True, exclude={"id", "offer", "quantity", "status", "sold_by"}, exclude_defaults=True
        )
        return {
            "customer_id": customer_id,
            "id": subscription.id,
            "position": position,
            "offer_id": subscription.offer if offer is None else offer.offer_id,
            "quantity": subscription.quantity,
            "status": subscription.status,
            "sold_by": subscription.sold_by,
            "version": 1,
            "details": to_json(details),
        }

    def _licences(self, customer_id: str, user: BookUser) -> list[dict[str, Any]]:
        off = [plan.key for word in user.disabled_plans if (plan := self._catalogue.plan(word)) is not None]
        made = []
        for word in user.licenses:
            offer = self._check.offer(word)
            own = set() if offer is None or not off else {plan.key for plan in offer.plans}
            made.append(
                {
                    "customer_id": customer_id,
                    "offer_id": word if offer is None else offer.offer_id,
                    "user_id": user.id,
                    "disabled": to_json([key for key in dict.fromkeys(off) if key in own]) if own else "[]",
                }
            )
        return made
