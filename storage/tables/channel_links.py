"""Which customer a Slack channel is about."""

from typing import Final

from sqlalchemy import Column, Table, Text

from storage.tables.base import metadata
from storage.types import Instant

channel_links: Final = Table(
    "channel_links",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("actor_team_id", Text, nullable=False),
    Column("actor_user_id", Text, nullable=False),
    Column("linked_at", Instant, nullable=False),
)
