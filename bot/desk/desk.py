"""The desk: what every use case needs, put together once by `bot.bootstrap`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.directory.directory import Directory
from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.domain.ids import Ids
from bot.domain.policy import Mode, Policy
from bot.eligibility.client import EligibilityClient
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskConfig:
    """What does not change while the desk runs. Deadlines are seconds by the monotonic clock.

    `page_size` subscriptions of four blocks each fit Slack's 50 beside head and foot. `send_timeout` bounds one order;
    `lease` is for how long a sender owns a change: it must outlast a second look (`look_deadline`) and the order.
    `pending_wait` bounds the waiting for the end of an operation that an order was refused for.
    """

    approvals_channel: str
    audit_channel: str
    language: str
    service_is_embedded: bool
    write_deadline: float = 2.0
    commit_grace: float = 0.5
    list_deadline: float = 20.0
    look_deadline: float = 20.0
    accounts_deadline: float = 4.0
    send_timeout: float = 60.0
    pending_wait: float = 30.0
    lease: timedelta = timedelta(seconds=120)
    page_size: int = 10
    side_by_side: int = 8
    choices: int = 100
    query_limit: int = 200
    note_limit: int = 500
    handle_max_age: timedelta = timedelta(hours=24)
    handle_keep: timedelta = timedelta(days=40)
    retry_after: timedelta = timedelta(seconds=30)
    settle_after: timedelta = timedelta(hours=24)
    audit_keep: timedelta | None = None
    directory_every: timedelta = timedelta(minutes=30)
    follow_ups_keep: timedelta = timedelta(days=30)
    follow_ups_remind: timedelta = timedelta(days=3)

    def __post_init__(self) -> None:
        if self.lease.total_seconds() < self.look_deadline + self.send_timeout + LEASE_MARGIN:
            raise ValueError("the lease must outlast the second look and the order")


LEASE_MARGIN = 5.0
"""Seconds of a lease that a sender leaves unused: for recording the outcome, and for clocks that drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The use cases' dependencies. `wake` pokes the worker after something became due; it must not block or raise."""

    database: Database
    service: EligibilityClient
    directory: Directory
    catalogue: Catalogue
    policies: Callable[[], Policy]
    clock: Clock
    ids: Ids
    config: DeskConfig
    wake: Callable[[], None] = lambda: None

    def mode(self, policy: Policy) -> Mode:
        """How the desk operates: as the policy says, else live on the embedded service and read-only on any other."""
        if policy.operation.mode is not None:
            return policy.operation.mode
        return Mode.LIVE if self.config.service_is_embedded else Mode.READ_ONLY
