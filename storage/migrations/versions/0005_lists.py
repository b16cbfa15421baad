"""Indexes by which SQLite finds a customer's changes and the open ones, however many others there are."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_OPEN: Final = "state IN ('accepted', 'approved', 'awaiting_approval', 'submitting', 'unknown')"


def upgrade() -> None:
    """Forward. With the state in it, SQLite prefers the index of open changes to that of all."""
    _replace(open_=["team_id", "created_at", "id", "state"], customer=["team_id", "customer_id", "created_at", "id"])


def downgrade() -> None:
    """Back to the former ones."""
    _replace(open_=["team_id", "created_at", "id"], customer=["customer_id", "created_at"])


def _replace(*, open_: list[str], customer: list[str]) -> None:
    op.drop_index("ix_changes_open", "changes")
    op.drop_index("ix_changes_customer", "changes")
    op.create_index("ix_changes_open", "changes", open_, postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN))
    op.create_index("ix_changes_customer", "changes", customer)
