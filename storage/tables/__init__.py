"""The bot's tables, as the code sees them. Migrations bring them about; `storage.migrate.check` compares the two."""

from storage.tables import approvals, audit, changes, channel_links, desk, identities, outgoing
from storage.tables.base import metadata

__all__ = ["approvals", "audit", "changes", "channel_links", "desk", "follow_ups", "identities", "metadata", "outgoing"]
