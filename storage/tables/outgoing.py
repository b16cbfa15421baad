"""What goes out to Slack, and where each change's card stands."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import metadata, partial_index
from storage.types import Instant, Words

outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("change_id", Text, ForeignKey("changes.id"), nullable=False),
    Column("audit_number", BigInteger),
    Column("state", Text),
    Column("priority", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("done_at", Instant),
    Column("why", Words),
    Column("queue", Text, nullable=False, server_default="audit"),
    Column("rank_at", Instant),
    partial_index("uq_outbox_card", "change_id", unique=True, where="kind = 'card'"),
    partial_index("uq_outbox_step", "change_id", "audit_number", unique=True, where="kind = 'step'"),
    partial_index("uq_outbox_follow_ups", "change_id", "audit_number", unique=True, where="kind = 'follow_ups'"),
    partial_index("uq_outbox_notice", "change_id", "state", unique=True, where="kind = 'notice'"),
    partial_index("ix_outbox_turn", "team_id", "queue", "rank_at", "id", where="status IN ('leased', 'waiting')"),
    partial_index("ix_outbox_dead", "done_at", where="status IN ('dead')"),
    partial_index("ix_outbox_done", "done_at", where="status IN ('sent')"),
    partial_index(
        "ix_outbox_why",
        "team_id",
        "why",
        "added_at",
        "id",
        where="status IN ('leased', 'waiting') AND why IS NOT NULL",
    ),
    Index("ix_outbox_change_id", "change_id"),
)

outbox_turns: Final = Table(
    "outbox_turns",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("used_until", Instant, nullable=False),
    Index("ix_outbox_turns_used_until", "used_until"),
)

cards: Final = Table(
    "cards",
    metadata,
    Column("change_id", Text, ForeignKey("changes.id"), primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("row_version", Integer, nullable=False),
    Index("ix_cards_place", "channel_id", "ts"),
)
