"""Upgrades on the rails of every change: of all seats, or of a part of them (docs/decisions/0050, 0052, 0102)."""

from datetime import datetime, timedelta
from typing import Any, Final

from bot.desk.desk import Desk
from bot.desk.look import Counting, look
from bot.desk.order import Evidence, Order, Reading, Shown, same, untouched
from bot.domain.changes import Attempt, Change
from bot.domain.customers import Reason, ReasonKind, Subscription
from bot.domain.eligibility_terms import SubscriptionStatus
from bot.eligibility.client import Declined, OrderAnswer
from bot.eligibility.client_answers import offer_ref

_OPERATION: Final = "upgrade_subscription"
_CLOCKS: Final = timedelta(minutes=2)
"""How far the service's clock may be behind ours: creation dates are compared with the sending."""


async def _read(desk: Desk, change: Change) -> Reading:
    """Accounts that were confirmed as not known stay so; those that were known must be read again."""
    facts = change.facts
    target = offer_ref(
        offer_id=facts.target_offer_id or "", name=facts.target_offer_name or "", catalogue=desk.catalogue
    )
    seen = await look(
        desk,
        customer_id=facts.customer_id,
        subscription_id=facts.subscription_id,
        target=target,
        counting=Counting.NO if facts.accounts_reset is None else Counting.MUST,
        part=facts.target_quantity if facts.seats_left else None,
    )
    return Reading(
        facts=seen.facts,
        subscription=seen.subscription,
        target=seen.target,
        reasons=NOT_LISTED if seen.option is None else seen.option.reasons,
        accounts_total=None if seen.accounts is None else seen.accounts.total,
        entry=seen.entry,
    )


NOT_LISTED: Final = (Reason(kind=ReasonKind.TARGET_NOT_FOUND, raw_code=ReasonKind.TARGET_NOT_FOUND),)
"""A target that is no longer listed has no reason of the service's: it is not found."""


async def _send(
    desk: Desk, *, change: Change, attempt: Attempt, entry: dict[str, Any] | None, seconds: float
) -> OrderAnswer:
    facts = change.facts
    return await desk.service.upgrade(
        facts.customer_id,
        facts.subscription_id,
        facts.target_offer_id or "",
        facts.target_quantity,
        request_id=attempt.request_id,
        correlation_id=attempt.correlation_id,
        timeout=seconds,
        entry=entry,
    )


def _declined(change: Change, answer: Declined, found: Subscription) -> Declined | None:
    return answer if untouched(change, found) else None


async def _evidence(desk: Desk, shown: Shown) -> Evidence:  # noqa: ARG001 - the protocol's
    change, last = shown.change, shown.attempts[-1]
    target = _target(shown, since=shown.attempts[0].sent_at)
    ours = [each for each in shown.records if each.operation == _OPERATION]
    succeeded = next((each for each in ours if each.status == "succeeded"), None)
    if succeeded is not None:
        named = {
            each
            for hit in ours
            if hit.status == "succeeded"
            for each in hit.subscription_ids
            if not same(each, change.facts.subscription_id)
        }
        return Evidence(
            completed=True,
            by="audit_record",
            attempt=shown.of(succeeded),
            target_subscription_id=next(iter(named)) if len(named) == 1 else target,
            follow_ups=succeeded.follow_ups,
        )
    if target is not None and (by := _left_the_source(shown)) is not None:
        return Evidence(completed=True, by=by, attempt=last, target_subscription_id=target)
    # A failure on record may be that of a second copy, made by others: only an untouched source makes it ours.
    failed = any(each.status == "failed" and shown.of(each) == last for each in ours)
    if failed and shown.source is not None and untouched(change, shown.source):
        return Evidence(failed=True, by="audit_record", attempt=last)
    return Evidence(unread=shown.unread)


def _target(shown: Shown, *, since: datetime) -> str | None:
    """The one subscription of the target offer, as many seats as ordered, made since the sending; None for 0 or 2."""
    facts = shown.change.facts
    made = [
        each
        for each in shown.held
        if same(each.offer.id, facts.target_offer_id or "")
        and each.status != SubscriptionStatus.DELETED
        and each.created_at is not None
        and each.created_at >= since - _CLOCKS
    ]
    # Two of the target offer leave open which is ours, whatever their seats; one of other seats is not ours.
    return made[0].id if len(made) == 1 and made[0].quantity == facts.target_quantity else None


def _left_the_source(shown: Shown) -> str | None:
    """By what the source shows that the seats left it: it is gone, or, of a part, has exactly the other seats."""
    facts = shown.change.facts
    if not facts.seats_left:
        source = [each for each in shown.held if same(each.id, facts.subscription_id)]
        gone = bool(shown.held) and all(each.status == SubscriptionStatus.DELETED for each in source)
        return "source_gone_target_there" if gone else None
    rest = shown.source
    stays = rest is not None and rest.active and same(rest.offer.id, facts.offer_id)
    return "rest_stays_target_there" if stays and rest is not None and rest.quantity == facts.seats_left else None


UPGRADE: Final = Order(read=_read, send=_send, declined=_declined, evidence=_evidence)
