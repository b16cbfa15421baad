"""Drafts, handles, role grants, switches and the deliveries seen: what the desk needs besides changes."""

from typing import Final

from sqlalchemy import Column, Index, Table, Text

from storage.tables.base import metadata
from storage.types import Instant, Words

drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("actor_team_id", Text, nullable=False),
    Column("actor_user_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("listed", Text),
    Column("locale", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("subscription_id", Text, nullable=False),
    Column("target_offer_id", Text),
    Column("prefill_note", Words, nullable=False),
    Index("ix_drafts_created_at", "created_at"),
)

handles: Final = Table(
    "handles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("user_id", Text),
    Column("purpose", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_handles_created_at", "created_at"),
)

grants: Final = Table(
    "grants",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("granted_by", Words, nullable=False),
    Column("granted_at", Instant, nullable=False),
)

switches: Final = Table(
    "switches",
    metadata,
    Column("name", Text, primary_key=True),
    Column("thrown_by", Words, nullable=False),
    Column("thrown_at", Instant, nullable=False),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Index("ix_deliveries_seen_at", "seen_at"),
)
