"""Follow-up lists as the store keeps them. Instants are UTC and aware."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.changes import FollowUp
from bot.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewList:
    """A list at its beginning: a key for each account (opaque), who holds it, when to remind, when names go."""

    change_id: str
    team_id: str
    holder: Actor
    accounts: tuple[FollowUp, ...] = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    remind_at: datetime
    delete_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of a list, behind an opaque `key`. `done_by` is the Slack user id of whoever ticked it."""

    key: str
    change_id: str
    about: FollowUp = field(repr=False)
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpList:
    """Whose list it is and how far it is. `deleted_at`: since then the names are gone, and with them the accounts."""

    change_id: str
    team_id: str
    holder: Actor
    created_at: datetime
    delete_at: datetime
    deleted_at: datetime | None
    total: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file in Slack that holds names of accounts, to be deleted at `due_at`. `added_at`: None until it is kept."""

    team_id: str
    file_id: str
    change_id: str
    due_at: datetime
    added_at: datetime | None = None
