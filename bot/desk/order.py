"""What differs between the kinds of a change on the rails that they share: reading, sending, and what proves what."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.desk.desk import Desk
from bot.domain.changes import Attempt, Change, FollowUp
from bot.domain.customers import OfferRef, Reason, Subscription
from bot.domain.facts import Facts
from bot.eligibility.client import AuditHit, Declined, OrderAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a change rests on, as read now. `entry`: what orders it, for a kind that needs one."""

    facts: Facts
    subscription: Subscription
    target: OfferRef
    reasons: tuple[Reason, ...]
    accounts_total: int | None = None
    entry: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the service shows. `failed` rests on its own record of our call, never on something missing.

    `attempt` is the one that `completed` or `failed` is about. `unread`: the service could not be asked for all of it.
    """

    completed: bool = False
    failed: bool = False
    by: str = ""
    attempt: Attempt | None = None
    target_subscription_id: str | None = None
    follow_ups: tuple[FollowUp, ...] = field(default=(), repr=False)
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the service shows of a change that was sent: its records of our calls, and what the customer holds.

    `attempts` are those that left, one at least. `unread`: not all of it could be read.
    """

    change: Change
    attempts: Sequence[Attempt]
    records: Sequence[AuditHit]
    held: Sequence[Subscription]
    unread: bool

    def of(self, hit: AuditHit) -> Attempt:
        """The attempt that a record is about."""
        found = (each for each in self.attempts if same(each.correlation_id, hit.call_id))
        return next(found, self.attempts[-1])

    @property
    def source(self) -> Subscription | None:
        """The subscription that the change is about, as it is listed now."""
        return next((each for each in self.held if same(each.id, self.change.facts.subscription_id)), None)


class Send(Protocol):
    """Sends the order once, within `seconds`; what can go wrong is one of the answers, never an exception."""

    async def __call__(
        self, desk: Desk, *, change: Change, attempt: Attempt, entry: dict[str, Any] | None, seconds: float
    ) -> OrderAnswer:
        """The answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One kind. `declined` is given a refusal and the subscription as it is now: the refusal that this proves, or None.

    `read` raises ServiceTrouble, CustomerNotFound, SubscriptionGone; `evidence` never raises ServiceTrouble.
    """

    read: Callable[[Desk, Change], Awaitable[Reading]]
    send: Send
    declined: Callable[[Change, Declined, Subscription], Declined | None]
    evidence: Callable[[Desk, Shown], Awaitable[Evidence]]


def untouched(change: Change, found: Subscription) -> bool:
    """Whether the subscription is as it was ordered from: then no order of this change was carried out on it."""
    facts = change.facts
    return found.active and same(found.offer.id, facts.offer_id) and found.quantity == facts.quantity


def same(one: str, other: str) -> bool:
    """Ids are compared in any case of letters."""
    return one.casefold() == other.casefold()
