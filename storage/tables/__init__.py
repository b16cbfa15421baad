"""The bot's tables, as the code sees them. Migrations bring them about; `storage.migrate.check` compares the two."""

from storage.tables import audit, changes, desk, outgoing
from storage.tables.base import metadata

__all__ = ["audit", "changes", "desk", "metadata", "outgoing"]
