"""Seats on the rails of every change: how they are read, sent and proven (docs/decisions/0100, 0101)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.desk.desk import Desk
from bot.desk.order import Evidence, Order, Reading, Shown, same, untouched
from bot.desk.seats.reading import look_at_seats
from bot.domain.changes import Attempt, Change, ChangeState
from bot.domain.customers import Subscription
from bot.domain.errors import NotThere, ServiceTrouble
from bot.eligibility.client import ANOTHER_NUMBER, AcceptedForLater, AuditHit, Declined, Done, OrderAnswer, Unclear

log = structlog.get_logger(__name__)

_OPERATION: Final = "update_subscription"
_CLOCKS: Final = timedelta(minutes=2)
"""How far the service's clock may be behind ours."""

_TRAIL: Final = timedelta(minutes=15)
"""How long after the sending the service's records are taken to name everybody who changed the subscription."""

_LOOKS: Final = (0.0, 0.5, 1.5)
"""Seconds before each look whether what was accepted is done already; later ones are the clock's."""


async def _read(desk: Desk, change: Change) -> Reading:
    facts = change.facts
    seen = await look_at_seats(desk, customer_id=facts.customer_id, subscription_id=facts.subscription_id)
    return Reading(
        facts=seen.facts(total=facts.target_quantity, expected=facts.quantity),
        subscription=seen.subscription,
        target=seen.subscription.offer,
        reasons=seen.reasons,
    )


async def _send(
    desk: Desk,
    *,
    change: Change,
    attempt: Attempt,
    entry: dict[str, Any] | None,  # noqa: ARG001 - the protocol's
    seconds: float,
) -> OrderAnswer:
    """One PATCH; after a yes of the service's without the number in it then reads only, until it reports the total."""
    facts, until = change.facts, desk.clock.monotonic() + seconds
    answer = await desk.service.change_quantity(
        facts.customer_id,
        facts.subscription_id,
        facts.target_quantity,
        expected=facts.quantity,
        request_id=attempt.request_id,
        correlation_id=attempt.correlation_id,
        timeout=seconds,
    )
    # A 200 that is not the service's own (a sign-in page, half a body) is no yes: the clock looks for evidence then.
    said_yes = isinstance(answer, AcceptedForLater) or (isinstance(answer, Unclear) and answer.why == ANOTHER_NUMBER)
    if said_yes and await _reported(desk, change, until=until):
        return Done(target_subscription_id=facts.subscription_id, quantity=facts.target_quantity)
    return answer


async def _reported(desk: Desk, change: Change, *, until: float) -> bool:
    """Whether the service reports the new total, within a few looks. Never raises ServiceTrouble."""
    facts = change.facts
    try:
        async with asyncio.timeout(max(until - desk.clock.monotonic(), 0.0)):
            for pause in _LOOKS:
                await asyncio.sleep(pause)
                found = await desk.service.subscription(
                    facts.customer_id, facts.subscription_id, correlation_id=desk.ids.uuid()
                )
                if _has_total(change, found):
                    return True
    except (ServiceTrouble, NotThere, TimeoutError) as error:
        log.info("total_unread", change_id=change.id, error=type(error).__name__)
    return False


def _declined(change: Change, answer: Declined, found: Subscription) -> Declined | None:
    """A refusal is proven by a total that is not ours. One that moved to another number is why it was refused."""
    if found.quantity == change.facts.target_quantity:
        return None
    moved = found.quantity != change.facts.quantity
    return replace(answer, quantity_now=found.quantity) if moved else answer


async def _evidence(desk: Desk, shown: Shown) -> Evidence:
    change, last, source = shown.change, shown.attempts[-1], shown.source
    ours = [each for each in shown.records if each.operation == _OPERATION]
    succeeded = next((each for each in ours if each.status == "succeeded"), None)
    if succeeded is not None:
        return _completed(change, by="audit_record", attempt=shown.of(succeeded))
    if source is not None and _has_total(change, source):
        if change.state is ChangeState.ACCEPTED:  # the service took this very order, and shows what it was to bring
            return _completed(change, by="total_reported", attempt=last)
        try:
            alone = await _nobody_else(desk, shown)
        except ServiceTrouble as error:
            log.info("audit_records_unreadable", change_id=change.id, error=type(error).__name__)
            return Evidence(unread=True)
        if alone:
            return _completed(change, by="total_by_nobody_else", attempt=last)
    failed = any(each.status == "failed" and shown.of(each) == last for each in ours)
    if failed and source is not None and untouched(change, source):
        return Evidence(failed=True, by="audit_record", attempt=last)
    return Evidence(unread=shown.unread)


async def _nobody_else(desk: Desk, shown: Shown) -> bool:
    """Whether the service's records, read in full and late enough, name nobody else who could have set the total."""
    facts, first = shown.change.facts, shown.attempts[0]
    if desk.clock.now() - shown.attempts[-1].sent_at < _TRAIL:
        return False
    trail = await desk.service.audit_trail(
        since=first.sent_at, customer_id=facts.customer_id, correlation_id=desk.ids.uuid()
    )
    calls = {each.correlation_id.casefold() for each in shown.attempts}
    others = (
        each
        for each in trail.hits
        if each.call_id.casefold() not in calls
        and _may_concern(each, facts.subscription_id)
        and (each.at is None or each.at >= first.sent_at - _CLOCKS)
    )
    return trail.complete and next(others, None) is None


def _may_concern(hit: AuditHit, subscription_id: str) -> bool:
    """Whether a record is about it, or about subscriptions without saying which."""
    if not hit.subscription_ids:
        return "subscription" in hit.operation.casefold()
    return any(same(named, subscription_id) for named in hit.subscription_ids)


def _completed(change: Change, *, by: str, attempt: Attempt) -> Evidence:
    return Evidence(completed=True, by=by, attempt=attempt, target_subscription_id=change.facts.subscription_id)


def _has_total(change: Change, found: Subscription) -> bool:
    return found.quantity == change.facts.target_quantity and same(found.offer.id, change.facts.offer_id)


SEATS: Final = Order(read=_read, send=_send, declined=_declined, evidence=_evidence)
