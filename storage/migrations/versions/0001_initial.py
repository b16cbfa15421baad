"""The first schema: changes and their attempts, desk, outbox, the chained audit trail with its triggers."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

_OPEN = "state IN ('accepted', 'approved', 'awaiting_approval', 'submitting', 'unknown')"


def _instant() -> sa.types.TypeEngine[Any]:
    """Microseconds since 1970 on SQLite, TIMESTAMPTZ on PostgreSQL; here once more, because migrations do not move."""
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def _index(name: str, table: str, columns: list[str], *, unique: bool = False, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)


def upgrade() -> None:
    """Forward."""
    _tables()
    _indexes()
    script = Path(__file__).with_name(f"0001_{op.get_bind().dialect.name}.sql")
    for statement in script.read_text(encoding="utf-8").split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Back to nothing. The trail goes too: it is the operator who asks, with `migrate down`."""
    for table in (*_CHANGES, *_REST):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")


_CHANGES = ("outbox", "cards", "follow_ups", "attempts", "changes")
_REST = ("drafts", "handles", "grants", "switches", "deliveries", "audit_texts", "audit_heads", "audit_entries")


def _tables() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", _instant(), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("change_id", sa.Text),
        sa.Column("customer_id", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "number", name="pk_audit_entries"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_heads",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_audit_heads"),
    )
    op.create_table(
        "audit_texts",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "number", name="pk_audit_texts"),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("asker_team_id", sa.Text, nullable=False),
        sa.Column("asker_user_id", sa.Text, nullable=False),
        sa.Column("asker_roles", sa.Text, nullable=False),
        sa.Column("asker_locale", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("subscription_id", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("facts_version", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("approvals_needed", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("changed_at", _instant(), nullable=False),
        sa.Column("expires_at", _instant(), nullable=False),
        sa.Column("due_at", _instant(), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", _instant()),
        sa.Column("checked_at", _instant()),
        sa.Column("outcome", sa.Text),
        sa.Column("row_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seen_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_deliveries"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("actor_team_id", sa.Text, nullable=False),
        sa.Column("actor_user_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("listed", sa.Text),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("subscription_id", sa.Text, nullable=False),
        sa.Column("target_offer_id", sa.Text),
        sa.Column("prefill_note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    op.create_table(
        "grants",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", "role", name="pk_grants"),
    )
    op.create_table(
        "handles",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handles"),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("thrown_by", sa.Text, nullable=False),
        sa.Column("thrown_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switches"),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_attempts_change_id"), nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("sent_at", _instant(), nullable=False),
        sa.Column("answered_at", _instant()),
        sa.Column("result", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_table(
        "cards",
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_cards_change_id"), nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
        sa.Column("row_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("change_id", name="pk_cards"),
    )
    op.create_table(
        "follow_ups",
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_follow_ups_change_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("principal_name", sa.Text, nullable=False),
        sa.Column("services", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("change_id", "position", name="pk_follow_ups"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_outbox_change_id"), nullable=False),
        sa.Column("audit_number", sa.BigInteger),
        sa.Column("state", sa.Text),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("due_at", _instant(), nullable=False),
        sa.Column("added_at", _instant(), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", _instant()),
        sa.Column("done_at", _instant()),
        sa.Column("why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )


def _indexes() -> None:
    _index("ix_audit_entries_at", "audit_entries", ["team_id", "at"])
    _index("ix_audit_entries_change", "audit_entries", ["change_id", "number"], where="change_id IS NOT NULL")
    _index(
        "ix_audit_entries_customer",
        "audit_entries",
        ["team_id", "customer_id", "number"],
        where="customer_id IS NOT NULL",
    )
    _index("ix_changes_asker", "changes", ["asker_team_id", "asker_user_id", "created_at", "id"])
    _index("ix_changes_check", "changes", ["due_at"], where="state IN ('accepted', 'unknown')")
    _index("ix_changes_customer", "changes", ["customer_id", "created_at"])
    _index("ix_changes_due", "changes", ["due_at", "created_at", "id"], where="state IN ('approved')")
    _index("ix_changes_expiry", "changes", ["expires_at"], where="state IN ('approved', 'awaiting_approval')")
    _index("ix_changes_lease", "changes", ["lease_until"], where="state IN ('submitting')")
    _index("ix_changes_open", "changes", ["team_id", "created_at", "id"], where=_OPEN)
    _index("ix_changes_recent", "changes", ["team_id", "created_at", "id"])
    _index("ix_changes_waiting", "changes", ["team_id", "created_at", "id"], where="state IN ('awaiting_approval')")
    _index("uq_changes_draft_id", "changes", ["draft_id"], unique=True)
    _index(
        "uq_changes_in_flight",
        "changes",
        ["customer_id"],
        unique=True,
        where="state IN ('accepted', 'submitting', 'unknown')",
    )
    _index("uq_changes_number", "changes", ["team_id", "number"], unique=True)
    _index("uq_changes_open", "changes", ["customer_id", "subscription_id"], unique=True, where=_OPEN)
    _index("ix_deliveries_seen_at", "deliveries", ["seen_at"])
    _index("ix_drafts_created_at", "drafts", ["created_at"])
    _index("ix_handles_created_at", "handles", ["created_at"])
    _index("ix_attempts_change_id", "attempts", ["change_id", "sent_at"])
    _index("uq_attempts_request_id", "attempts", ["request_id"], unique=True)
    _index("uq_attempts_unanswered", "attempts", ["change_id"], unique=True, where="answered_at IS NULL")
    _index("ix_cards_place", "cards", ["channel_id", "ts"])
    _index("ix_outbox_change_id", "outbox", ["change_id"])
    _index("ix_outbox_dead", "outbox", ["done_at"], where="status IN ('dead')")
    _index("ix_outbox_done", "outbox", ["done_at"], where="status IN ('sent')")
    _index("ix_outbox_due", "outbox", ["priority", "due_at", "id"], where="status IN ('leased', 'waiting')")
    _index("uq_outbox_card", "outbox", ["change_id"], unique=True, where="kind = 'card'")
    _index("uq_outbox_notice", "outbox", ["change_id", "state"], unique=True, where="kind = 'notice'")
    _index("uq_outbox_step", "outbox", ["change_id", "audit_number"], unique=True, where="kind = 'step'")
