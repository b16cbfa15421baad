"""An index by which it is told at once what keeps unsent messages back, however many wait."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KEPT_BACK: Final = "status IN ('leased', 'waiting') AND why IS NOT NULL"


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_outbox_why",
        "outbox",
        ["team_id", "why", "added_at", "id"],
        postgresql_where=sa.text(_KEPT_BACK),
        sqlite_where=sa.text(_KEPT_BACK),
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_outbox_why", "outbox")
