"""What the service's own audit records say about our calls."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.catalogue import Catalogue
from bot.domain.changes import FollowUp
from bot.eligibility import wire
from bot.eligibility.client_answers import instant_of
from bot.eligibility.client_orders import recorded_follow_ups


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHit:
    """A record of the service about a call of ours. `status` is its word: `succeeded`, `failed`, `progress`.

    `call_id` is the call's correlation id, as the record spells it. `follow_ups` are the accounts that need work,
    where the record says so (only our own service's does).
    """

    operation: str
    status: str
    customer_id: str
    subscription_ids: frozenset[str]
    at: datetime | None
    call_id: str
    follow_ups: tuple[FollowUp, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTrail:
    """The service's records about a customer; `complete` is false where there may be more."""

    hits: tuple[AuditHit, ...]
    complete: bool


def hit_of(record: wire.AuditRecord, catalogue: Catalogue) -> AuditHit:
    """The record as the desk knows it."""
    details = {each.key: each.value for each in record.customized_data}
    named = {value for key, value in details.items() if key.startswith("SubscriptionId") and value}
    return AuditHit(
        operation=record.operation_type or "",
        status=record.operation_status or "",
        customer_id=record.customer_id or "",
        subscription_ids=frozenset(named),
        at=instant_of(record.operation_date),
        call_id=record.original_correlation_id or "",
        follow_ups=recorded_follow_ups(details.get("UpgradeResult"), catalogue),
    )
