"""The audit trail: entries chained per workspace, the chains' ends, and the free text that may be deleted.

Entries are append-only; triggers hold that (storage/triggers.py). WITHOUT ROWID closes a way round them on SQLite:
REPLACE can hit an existing rowid without touching the key.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from storage.tables.base import metadata, partial_index
from storage.types import Instant, Words

audit_entries: Final = Table(
    "audit_entries",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("name", Text, nullable=False),
    Column("change_id", Text),
    Column("customer_id", Text),
    Column("body", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    partial_index("ix_audit_entries_change", "change_id", "number", where="change_id IS NOT NULL"),
    partial_index("ix_audit_entries_customer", "team_id", "customer_id", "number", where="customer_id IS NOT NULL"),
    Index("ix_audit_entries_at", "team_id", "at"),
    sqlite_with_rowid=False,
)

audit_heads: Final = Table(
    "audit_heads",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

audit_texts: Final = Table(
    "audit_texts",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("text", Words, nullable=False),
)

audit_checkpoints: Final = Table(
    "audit_checkpoints",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("until_number", BigInteger, nullable=False),
    Column("entry_number", BigInteger, nullable=False),
    Column("sealed_at", Instant, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Entries up to `number` are gone; those up to `until_number` go next. `entry_number` is the entry that says so."""

refusal_reports: Final = Table(
    "refusal_reports",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("told_number", BigInteger, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("until_number", BigInteger),
    Column("item_id", Text),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
)
"""How far refusals were told in the channel; `until_number` and `item_id` are of the report that is under way."""
