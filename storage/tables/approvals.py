"""What is asked of approvers, what was decided, and what stands behind an approval modal."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import metadata, partial_index
from storage.types import Instant

approval_requests: Final = Table(
    "approval_requests",
    metadata,
    Column("change_id", Text, ForeignKey("changes.id"), primary_key=True),
    Column("reasons", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("remind_at", Instant, nullable=False),
    Column("escalate_at", Instant, nullable=False),
    Column("reminded_at", Instant),
    Column("escalated_at", Instant),
    Column("looked_at", Instant),
    Column("found", Boolean),
    # An answered question is closed when the clock next meets it, so that these indexes hold little that is over.
    Column("closed_at", Instant),
    partial_index("ix_approval_requests_remind", "remind_at", where="reminded_at IS NULL AND closed_at IS NULL"),
    partial_index(
        "ix_approval_requests_escalate",
        "escalate_at",
        where="reminded_at IS NOT NULL AND escalated_at IS NULL AND closed_at IS NULL",
    ),
    partial_index("ix_approval_requests_look", "asked_at", where="looked_at IS NULL AND closed_at IS NULL"),
)

decisions: Final = Table(
    "decisions",
    metadata,
    Column("change_id", Text, ForeignKey("changes.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("facts_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("team_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("self_made", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    # Each person counts once for each version of the facts.
    Index("uq_decisions_person", "change_id", "facts_version", "kind", "team_id", "user_id", unique=True),
)

reviews: Final = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("change_id", Text, ForeignKey("changes.id"), nullable=False),
    Column("facts_version", Integer, nullable=False),
    Column("actor_team_id", Text, nullable=False),
    Column("actor_user_id", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_reviews_change_id", "change_id"),
    Index("ix_reviews_created_at", "created_at"),
)
