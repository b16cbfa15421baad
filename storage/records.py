"""What the store keeps besides the domain's own records. Instants are UTC and aware."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.audit import AuditEntry
from bot.domain.changes import ChangeKind, ChangeState, Outcome
from bot.domain.facts import Facts
from bot.domain.people import Actor
from bot.domain.roles import PartnerRole
from storage.outgoing_records import Queue

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list. `after` is an opaque place to go on from, None on the last page."""

    items: tuple[T, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUpdate:
    """What a move sets besides the state. None leaves a column as it is."""

    facts: Facts | None = None
    facts_version: int | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None
    checked_at: datetime | None = None
    outcome: Outcome | None = None
    approvals_needed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands behind a confirmation modal: facts as read when it opened; `listed` as the list showed them."""

    id: str
    team_id: str
    actor: Actor
    kind: ChangeKind
    facts: Facts
    listed: Facts | None
    locale: str
    created_at: datetime
    customer_id: str
    subscription_id: str
    target_offer_id: str | None
    prefill_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """What a button's opaque value stands for. `user_id` None: anybody in the channel may press it."""

    id: str
    team_id: str
    user_id: str | None
    purpose: str
    data: Mapping[str, str | int | None]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A partner role given to a Slack user by hand; `by` is who ran the command."""

    team_id: str
    user_id: str
    role: PartnerRole
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """The stop switch, while it is thrown: by whom and since when."""

    by: str
    at: datetime


class OutboxKind(StrEnum):
    """What goes out: the card of a change, a step in its thread, messages to its asker and to who holds its list."""

    CARD = "card"
    STEP = "step"
    NOTICE = "notice"
    FOLLOW_UPS = "follow_ups"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """Something to be sent, drawn from the rows when it is sent. `id` is stable: put it into the message's metadata.

    `audit_number` is a step's entry; `state` is what a notice tells. A lower `priority` goes first. `attempts` counts
    the claims that may have posted it, this one included: above 1, look whether it was. `why` is the code of what it
    met last. The fields of the lease are set by `claim` and say whose item it is; pass the claimed item back as it is.
    """

    id: str
    team_id: str
    kind: OutboxKind
    change_id: str
    due_at: datetime
    audit_number: int | None = None
    state: ChangeState | None = None
    priority: int = 5
    attempts: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = None
    generation: int = 1
    why: str | None = None
    queue: Queue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxDepth:
    """How much waits: unsent items, since when the oldest waits, and how many were given up."""

    waiting: int
    oldest_at: datetime | None
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTrouble:
    """What keeps unsent items of a workspace back: its code, how many, and since when the oldest of them waits."""

    team_id: str
    code: str
    waiting: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where a change's card stands, and which version of its row it shows."""

    change_id: str
    channel_id: str
    ts: str
    row_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """The end of a workspace's chain: the last entry's number (0: none yet) and its hash in hex."""

    team_id: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """An entry as it stands in the chain. `hash` is hex. `text_deleted`: it had free text, which is gone by now."""

    number: int
    at: datetime
    hash: str
    entry: AuditEntry
    text_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReport:
    """What is to be told of refusals: the entries behind `after` up to `until`. `item_id` is stable over attempts."""

    team_id: str
    after: int
    until: int
    item_id: str
    attempts: int
    lease_owner: str
    lease_until: datetime


class FaultKind(StrEnum):
    """How a chain was found broken."""

    EDITED = "edited"
    MOVED = "moved"
    REMOVED = "removed"
    INSERTED = "inserted"
    CUT_OFF = "cut_off"
    HEAD = "head"
    TEXT_EDITED = "text_edited"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCheckpoint:
    """Where a chain was cut: entries up to `number` are gone, `hash` (hex) is the last one's.

    Entries up to `until` are being removed; `entry_number` is the entry that says so; `seal` is made with the key.
    """

    team_id: str
    number: int
    hash: str
    until: int
    entry_number: int
    sealed_at: datetime
    seal: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFault:
    """One fault, at the entry `number` (`last` is the end of a removed span)."""

    kind: FaultKind
    number: int
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What `verify` found. `faults` holds the first hundred; `fault_count` counts them all."""

    team_id: str
    entries: int
    head: AuditHead
    faults: tuple[AuditFault, ...] = field(default=())
    fault_count: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.fault_count == 0
