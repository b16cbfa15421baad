"""Which customer a Slack channel is about."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def _instant() -> sa.types.TypeEngine[Any]:
    """Microseconds since 1970 on SQLite, TIMESTAMPTZ on PostgreSQL; here once more, because migrations do not move."""
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "channel_links",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("actor_team_id", sa.Text, nullable=False),
        sa.Column("actor_user_id", sa.Text, nullable=False),
        sa.Column("linked_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name="pk_channel_links"),
    )


def downgrade() -> None:
    """Back to typing the customer each time."""
    op.drop_table("channel_links")
