"""Queues of the outbox by what Slack counts, an order in which nothing starves, and turns that all workers share."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

_UNSENT: Final = "status IN ('leased', 'waiting')"
_QUEUE: Final = """UPDATE outbox SET rank_at = added_at, queue = CASE
WHEN kind NOT IN ('card', 'step') THEN 'direct'
WHEN kind = 'card' AND EXISTS (SELECT 1 FROM cards WHERE cards.change_id = outbox.change_id) THEN 'update'
WHEN EXISTS (SELECT 1 FROM changes WHERE changes.id = outbox.change_id AND approvals_needed > 0) THEN 'approvals'
ELSE 'audit' END"""


def upgrade() -> None:
    """Forward. What a worker of the former version still adds is put into its queue when it is claimed."""
    op.add_column("outbox", sa.Column("queue", sa.Text, nullable=False, server_default="audit"))
    op.add_column("outbox", sa.Column("rank_at", _instant()))
    op.execute(_QUEUE)
    op.drop_index("ix_outbox_due", "outbox")
    _index("ix_outbox_turn", ["team_id", "queue", "rank_at", "id"])
    op.create_table(
        "outbox_turns",
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("used_until", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name="pk_outbox_turns"),
    )
    op.create_index("ix_outbox_turns_used_until", "outbox_turns", ["used_until"])


def downgrade() -> None:
    """Back to one order for all, and turns in each worker's memory."""
    op.drop_table("outbox_turns")
    op.drop_index("ix_outbox_turn", "outbox")
    _index("ix_outbox_due", ["priority", "due_at", "id"])
    op.drop_column("outbox", "rank_at")
    op.drop_column("outbox", "queue")


def _instant() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def _index(name: str, columns: list[str]) -> None:
    op.create_index(name, "outbox", columns, postgresql_where=sa.text(_UNSENT), sqlite_where=sa.text(_UNSENT))
