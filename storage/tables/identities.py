"""Which Microsoft user a Slack user is, where the e-mail does not say so."""

from typing import Final

from sqlalchemy import Column, Index, Table, Text

from storage.tables.base import metadata
from storage.types import Instant, Words

identities: Final = Table(
    "identities",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("object_id", Text, nullable=False),
    Column("linked_by", Words, nullable=False),
    Column("linked_at", Instant, nullable=False),
    # Two Slack users who are one Microsoft user could approve each other's changes.
    Index("uq_identities_object", "team_id", "object_id", unique=True),
)
