"""Follow-up lists that are worked off: a key and a tick for each account, a holder, a reminder, an end, files."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

_OLD: Final = "change_id, position, user_id, name, principal_name, services"
_KEY: Final = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}
_IN_30_DAYS: Final = {"sqlite": "changed_at + 2592000000000", "postgresql": "changed_at + interval '30 days'"}


def upgrade() -> None:
    """Forward. Lists that are there belong to whoever asked for the change, and end in 30 days from it."""
    engine = op.get_bind().dialect.name
    op.execute(f"CREATE TABLE follow_ups_kept AS SELECT {_OLD} FROM follow_ups")  # noqa: S608 - our own names
    op.drop_table("follow_ups")
    _follow_ups(
        sa.Column("key", sa.Text, nullable=False), sa.Column("done_at", _instant()), sa.Column("done_by", sa.Text)
    )
    op.create_index("uq_follow_ups_key", "follow_ups", ["key"], unique=True)
    op.execute(f"INSERT INTO follow_ups ({_OLD}, key) SELECT {_OLD}, {_KEY[engine]} FROM follow_ups_kept")  # noqa: S608
    op.drop_table("follow_ups_kept")
    _lists()
    lists = "change_id, team_id, holder_team_id, holder_user_id, created_at, delete_at"
    taken = f"id, team_id, asker_team_id, asker_user_id, changed_at, {_IN_30_DAYS[engine]}"
    whose = "changes WHERE id IN (SELECT change_id FROM follow_ups)"
    op.execute(f"INSERT INTO follow_up_lists ({lists}) SELECT {taken} FROM {whose}")  # noqa: S608 - our own names
    _files()
    _index("uq_outbox_follow_ups", "outbox", ["change_id", "audit_number"], where="kind = 'follow_ups'", unique=True)


def downgrade() -> None:
    """Back to names and services alone."""
    op.execute("DELETE FROM outbox WHERE kind = 'follow_ups'")
    op.drop_index("uq_outbox_follow_ups", "outbox")
    op.drop_table("follow_up_files")
    op.drop_table("follow_up_lists")
    op.execute(f"CREATE TABLE follow_ups_kept AS SELECT {_OLD} FROM follow_ups")  # noqa: S608 - our own names
    op.drop_table("follow_ups")
    _follow_ups()
    op.execute(f"INSERT INTO follow_ups ({_OLD}) SELECT {_OLD} FROM follow_ups_kept")  # noqa: S608 - our own names
    op.drop_table("follow_ups_kept")


def _instant() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def _follow_ups(*more: sa.Column[Any]) -> None:
    op.create_table(
        "follow_ups",
        sa.Column("change_id", sa.Text, sa.ForeignKey("changes.id", name="fk_follow_ups_change_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("principal_name", sa.Text, nullable=False),
        sa.Column("services", sa.Text, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("change_id", "position", name="pk_follow_ups"),
    )


def _lists() -> None:
    changes = sa.ForeignKey("changes.id", name="fk_follow_up_lists_change_id")
    op.create_table(
        "follow_up_lists",
        sa.Column("change_id", sa.Text, changes, nullable=False),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("holder_team_id", sa.Text, nullable=False),
        sa.Column("holder_user_id", sa.Text, nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("remind_at", _instant()),
        sa.Column("delete_at", _instant(), nullable=False),
        sa.Column("deleted_at", _instant()),
        sa.PrimaryKeyConstraint("change_id", name="pk_follow_up_lists"),
    )
    _index("ix_follow_up_lists_remind", "follow_up_lists", ["remind_at"], where="remind_at IS NOT NULL")
    _index("ix_follow_up_lists_delete", "follow_up_lists", ["delete_at"], where="deleted_at IS NULL")
    columns = ["holder_team_id", "holder_user_id", "created_at", "change_id"]
    _index("ix_follow_up_lists_holder", "follow_up_lists", columns)


def _files() -> None:
    lists = sa.ForeignKey("follow_up_lists.change_id", name="fk_follow_up_files_change_id")
    op.create_table(
        "follow_up_files",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("file_id", sa.Text, nullable=False),
        sa.Column("change_id", sa.Text, lists, nullable=False),
        sa.Column("added_at", _instant(), nullable=False),
        sa.Column("due_at", _instant(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "file_id", name="pk_follow_up_files"),
    )
    _index("ix_follow_up_files_due", "follow_up_files", ["due_at"])
    _index("ix_follow_up_files_change", "follow_up_files", ["change_id"])


def _index(name: str, table: str, columns: list[str], *, where: str | None = None, unique: bool = False) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)
