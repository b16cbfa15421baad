"""What a list showed of a subscription that may take seats: what its handle carries, and that as facts again."""

from datetime import date, datetime

from bot.desk.handles import Data, number_of, text_of
from bot.domain.changes import Change
from bot.domain.customers import Customer, Subscription
from bot.domain.facts import Facts


def listed_seats(*, customer: Customer, subscription: Subscription, read_at: datetime, number: str = "") -> Data:
    """What a list showed. `number` is what was typed beside the customer."""
    return {
        "customer_id": customer.id,
        "customer_name": customer.name,
        "customer_domain": customer.domain,
        "subscription_id": subscription.id,
        "subscription_name": subscription.friendly_name,
        "offer_id": subscription.offer.id,
        "offer_name": subscription.offer.name,
        "quantity": subscription.quantity,
        "status": subscription.status,
        "ends_on": None if subscription.ends_on is None else subscription.ends_on.isoformat(),
        "read_at": read_at.isoformat(),
        "number": number,
    }


def of_change(change: Change) -> Data:
    """The facts that an earlier change rested on, as a list would have carried them, and how many were added."""
    facts = change.facts
    kept = {"customer_id", "customer_name", "customer_domain", "subscription_id", "subscription_name", "offer_id"}
    more = {"offer_name", "quantity", "status", "ends_on", "read_at"}
    return {**facts.model_dump(mode="json", include=kept | more), "number": f"+{facts.seats_concerned}"}


def listed_facts(data: Data, *, fresh: Facts) -> Facts:
    """What the list showed, as facts. What its handle does not carry is taken as now: it moves nothing."""
    ends_on, quantity = text_of(data, "ends_on"), number_of(data, "quantity")
    update = {
        "customer_name": text_of(data, "customer_name"),
        "customer_domain": text_of(data, "customer_domain"),
        "subscription_name": text_of(data, "subscription_name"),
        "offer_id": text_of(data, "offer_id"),
        "offer_name": text_of(data, "offer_name"),
        "quantity": quantity,
        "status": text_of(data, "status"),
        "ends_on": date.fromisoformat(ends_on) if ends_on else None,
        "target_quantity": fresh.target_quantity,
        "permitted": True,
        "read_at": datetime.fromisoformat(text_of(data, "read_at")),
    }
    return fresh.model_copy(update=update)
