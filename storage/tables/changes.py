"""Changes, their attempts and the accounts that need work afterwards."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from bot.domain.changes import IN_FLIGHT, OPEN
from storage.tables.base import listed, metadata, partial_index
from storage.types import Instant, Words

changes: Final = Table(
    "changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("team_id", Text, nullable=False),
    Column("asker_team_id", Text, nullable=False),
    Column("asker_user_id", Text, nullable=False),
    Column("asker_roles", Text, nullable=False),
    Column("asker_locale", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("subscription_id", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("facts_version", Integer, nullable=False),
    Column("note", Words, nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("approvals_needed", Integer, nullable=False),
    Column("draft_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("checked_at", Instant),
    Column("outcome", Text),
    Column("row_version", Integer, nullable=False),
    Index("uq_changes_draft_id", "draft_id", unique=True),
    Index("uq_changes_number", "team_id", "number", unique=True),
    partial_index("uq_changes_open", "customer_id", "subscription_id", unique=True, where=f"state IN ({listed(OPEN)})"),
    # In flight is wider than submitting: an unknown order of a customer holds the next one back as well.
    partial_index("uq_changes_in_flight", "customer_id", unique=True, where=f"state IN ({listed(IN_FLIGHT)})"),
    partial_index("ix_changes_due", "due_at", "created_at", "id", where="state IN ('approved')"),
    partial_index("ix_changes_lease", "lease_until", where="state IN ('submitting')"),
    partial_index("ix_changes_check", "due_at", where="state IN ('accepted', 'unknown')"),
    partial_index("ix_changes_expiry", "expires_at", where="state IN ('approved', 'awaiting_approval')"),
    partial_index("ix_changes_waiting", "team_id", "created_at", "id", where="state IN ('awaiting_approval')"),
    # With the state in it SQLite takes it; without, it would take ix_changes_recent and read every change.
    partial_index("ix_changes_open", "team_id", "created_at", "id", "state", where=f"state IN ({listed(OPEN)})"),
    Index("ix_changes_recent", "team_id", "created_at", "id"),
    Index("ix_changes_asker", "asker_team_id", "asker_user_id", "created_at", "id"),
    Index("ix_changes_customer", "team_id", "customer_id", "created_at", "id"),
)

attempts: Final = Table(
    "attempts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("change_id", Text, ForeignKey("changes.id"), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("result", Words),
    Index("uq_attempts_request_id", "request_id", unique=True),
    partial_index("uq_attempts_unanswered", "change_id", unique=True, where="answered_at IS NULL"),
    Index("ix_attempts_change_id", "change_id", "sent_at"),
)
