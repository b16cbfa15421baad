"""Accounts that need work after an upgrade, whose list it is, and the files that were made of it."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.base import metadata, partial_index
from storage.types import Instant, Words

follow_ups: Final = Table(
    "follow_ups",
    metadata,
    Column("change_id", Text, ForeignKey("changes.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("principal_name", Words, nullable=False),
    Column("services", Text, nullable=False),
    Column("done_at", Instant),
    Column("done_by", Text),
    Index("uq_follow_ups_key", "key", unique=True),
)

follow_up_lists: Final = Table(
    "follow_up_lists",
    metadata,
    Column("change_id", Text, ForeignKey("changes.id"), primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("holder_team_id", Text, nullable=False),
    Column("holder_user_id", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("remind_at", Instant),
    Column("delete_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    partial_index("ix_follow_up_lists_remind", "remind_at", where="remind_at IS NOT NULL"),
    partial_index("ix_follow_up_lists_delete", "delete_at", where="deleted_at IS NULL"),
    Index("ix_follow_up_lists_holder", "holder_team_id", "holder_user_id", "created_at", "change_id"),
)

follow_up_files: Final = Table(
    "follow_up_files",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("file_id", Text, primary_key=True),
    Column("change_id", Text, ForeignKey("follow_up_lists.change_id"), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index("ix_follow_up_files_due", "due_at"),
    Index("ix_follow_up_files_change", "change_id"),
)
