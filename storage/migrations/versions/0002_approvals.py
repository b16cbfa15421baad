"""Approvals: what is asked of approvers, what they decided, and what they saw before they did."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def _instant() -> sa.types.TypeEngine[Any]:
    """Microseconds since 1970 on SQLite, TIMESTAMPTZ on PostgreSQL; here once more, because migrations do not move."""
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def _index(name: str, table: str, columns: list[str], *, unique: bool = False, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "approval_requests",
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_approval_requests_change_id")),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("asked_at", _instant(), nullable=False),
        sa.Column("remind_at", _instant(), nullable=False),
        sa.Column("escalate_at", _instant(), nullable=False),
        sa.Column("reminded_at", _instant()),
        sa.Column("escalated_at", _instant()),
        sa.Column("looked_at", _instant()),
        sa.Column("found", sa.Boolean),
        sa.Column("closed_at", _instant()),
        sa.PrimaryKeyConstraint("change_id", name="pk_approval_requests"),
    )
    op.create_table(
        "decisions",
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_decisions_change_id")),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("facts_version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("self_made", sa.Boolean, nullable=False),
        sa.Column("at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", "position", name="pk_decisions"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_reviews_change_id"), nullable=False),
        sa.Column("facts_version", sa.Integer, nullable=False),
        sa.Column("actor_team_id", sa.Text, nullable=False),
        sa.Column("actor_user_id", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    open_ = "closed_at IS NULL"
    _index("ix_approval_requests_remind", "approval_requests", ["remind_at"], where=f"reminded_at IS NULL AND {open_}")
    _index(
        "ix_approval_requests_escalate",
        "approval_requests",
        ["escalate_at"],
        where=f"reminded_at IS NOT NULL AND escalated_at IS NULL AND {open_}",
    )
    _index("ix_approval_requests_look", "approval_requests", ["asked_at"], where=f"looked_at IS NULL AND {open_}")
    _index(
        "uq_decisions_person",
        "decisions",
        ["change_id", "facts_version", "kind", "team_id", "user_id"],
        unique=True,
    )
    _index("ix_reviews_change_id", "reviews", ["change_id"])
    _index("ix_reviews_created_at", "reviews", ["created_at"])


def downgrade() -> None:
    """Back to changes that nobody approves."""
    for table in ("reviews", "decisions", "approval_requests"):
        op.drop_table(table)
