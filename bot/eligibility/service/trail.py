"""Audit records of what was changed, written in its transaction (facts/partner-center.md, 10)."""

from datetime import UTC, datetime
from typing import Final

from bot.eligibility.service.resources import EMBEDDED_PARTNER
from bot.eligibility.service.writes import Write
from bot.eligibility.wire import Subscription
from storage.book.records import AuditRecordRow

UPGRADED: Final = "upgrade_subscription"
UPDATED: Final = "update_subscription"

_TICKS_BEGIN: Final = datetime(1, 1, 1, tzinfo=UTC)


async def note(
    write: Write,
    *,
    operation: str,
    now: datetime,
    old: Subscription,
    new: Subscription,
    extra: tuple[tuple[str, str], ...] = (),
) -> None:
    """Add the record of one operation. `SubscriptionId-0` is the one that is there afterwards."""
    customer = write.holding.customer
    span = now - _TICKS_BEGIN
    ticks = (span.days * 86_400 + span.seconds) * 10_000_000 + span.microseconds * 10
    details = (
        ("SubscriptionId-0", new.id),
        ("SubscriptionName-0", new.friendly_name or ""),
        ("OfferId-0", new.offer_id or ""),
        ("Quantity-0", str(new.quantity)),
        *((("OrderId", new.order_id),) if new.order_id else ()),
        *extra,
    )
    await write.tx.audit.append(
        AuditRecordRow(
            id=f"{EMBEDDED_PARTNER}_{customer.id}_{operation}_{ticks}",
            at=now,
            customer_id=customer.id,
            customer_name=customer.name,
            resource_type="subscription",
            operation=operation,
            succeeded=True,
            correlation_id=write.call.correlation_id,
            old_value=old.to_json().decode(),
            new_value=new.to_json().decode(),
            extra=details,
        )
    )
