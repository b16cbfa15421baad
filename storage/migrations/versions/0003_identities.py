"""Which Microsoft user a Slack user is, where the e-mail does not say so."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def _instant() -> sa.types.TypeEngine[Any]:
    """Microseconds since 1970 on SQLite, TIMESTAMPTZ on PostgreSQL; here once more, because migrations do not move."""
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "identities",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("linked_by", sa.Text, nullable=False),
        sa.Column("linked_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", name="pk_identities"),
    )
    op.create_index("uq_identities_object", "identities", ["team_id", "object_id"], unique=True)


def downgrade() -> None:
    """Back to e-mail alone."""
    op.drop_table("identities")
