"""Checkpoints, up to which the trail may be cut; and how far refusals were told in the channel."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

_SQLITE: Final = (
    "DROP TRIGGER audit_entries_no_delete",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoints WHERE team_id = OLD.team_id AND number >= OLD.number)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_checkpoints_begin BEFORE INSERT ON audit_checkpoints
WHEN NEW.number IS NOT 0 OR NEW.hash IS NOT zeroblob(32)
OR EXISTS (SELECT 1 FROM audit_checkpoints WHERE team_id = NEW.team_id)
OR NOT EXISTS (SELECT 1 FROM audit_entries WHERE team_id = NEW.team_id AND number = NEW.entry_number
AND name = 'clock:audit:cut' AND number > NEW.until_number)
BEGIN SELECT RAISE(ABORT, 'a checkpoint needs its entry'); END""",
    """CREATE TRIGGER audit_checkpoints_advance BEFORE UPDATE ON audit_checkpoints
WHEN NEW.team_id IS NOT OLD.team_id OR NEW.number < OLD.number OR NEW.number > NEW.until_number
OR NEW.entry_number < OLD.entry_number
OR (NEW.number IS OLD.number AND NEW.hash IS NOT OLD.hash)
OR (NEW.number IS NOT OLD.number AND NEW.hash IS NOT
(SELECT hash FROM audit_entries WHERE team_id = NEW.team_id AND number = NEW.number))
OR NOT EXISTS (SELECT 1 FROM audit_entries WHERE team_id = NEW.team_id AND number = NEW.entry_number
AND name = 'clock:audit:cut' AND number > NEW.until_number)
BEGIN SELECT RAISE(ABORT, 'a checkpoint needs its entry'); END""",
    """CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)

_POSTGRESQL: Final = (
    "DROP TRIGGER audit_entries_append_only ON audit_entries",
    """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only",
    """CREATE FUNCTION refuse_audit_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS
$$ DECLARE cut bigint; BEGIN
EXECUTE 'SELECT number FROM ' || quote_ident(TG_TABLE_SCHEMA) || '.audit_checkpoints WHERE team_id = $1'
INTO cut USING OLD.team_id;
IF cut IS NULL OR cut < OLD.number THEN
RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END IF;
RETURN OLD; END $$""",
    """CREATE TRIGGER audit_entries_cut_only BEFORE DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_audit_delete()""",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_cut_only",
    """CREATE FUNCTION refuse_audit_checkpoint() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS
$$ DECLARE kept bytea; entered boolean; sound boolean; entries text; BEGIN
entries := quote_ident(TG_TABLE_SCHEMA) || '.audit_entries WHERE team_id = $1 AND number = $2';
EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || entries || ' AND name = ''clock:audit:cut'' AND number > $3)'
INTO entered USING NEW.team_id, NEW.entry_number, NEW.until_number;
EXECUTE 'SELECT hash FROM ' || entries
INTO kept USING NEW.team_id, NEW.number;
IF TG_OP = 'INSERT' THEN
sound := NEW.number = 0 AND NEW.hash = decode(repeat('00', 32), 'hex');
ELSE
sound := NEW.team_id = OLD.team_id AND NEW.number >= OLD.number AND NEW.number <= NEW.until_number
AND NEW.entry_number >= OLD.entry_number
AND NEW.hash = CASE WHEN NEW.number = OLD.number THEN OLD.hash ELSE kept END;
END IF;
IF entered IS NOT TRUE OR sound IS NOT TRUE THEN
RAISE EXCEPTION 'a checkpoint needs its entry' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW; END $$""",
    """CREATE TRIGGER audit_checkpoints_advance BEFORE INSERT OR UPDATE ON audit_checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse_audit_checkpoint()""",
    "ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER audit_checkpoints_advance",
    """CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE OR TRUNCATE ON audit_checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER audit_checkpoints_no_delete",
)

_TOLD_SQLITE: Final = """INSERT INTO refusal_reports (team_id, told_number, next_at, attempts)
SELECT team_id, number, CAST(strftime('%s', 'now') AS INTEGER) * 1000000, 0 FROM audit_heads"""

_TOLD_POSTGRESQL: Final = """INSERT INTO refusal_reports (team_id, told_number, next_at, attempts)
SELECT team_id, number, now(), 0 FROM audit_heads"""

_SQLITE_BACK: Final = (
    "DROP TRIGGER audit_entries_no_delete",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)

_POSTGRESQL_BACK: Final = (
    "DROP TRIGGER audit_entries_cut_only ON audit_entries",
    "DROP FUNCTION refuse_audit_delete()",
    "DROP TRIGGER audit_entries_append_only ON audit_entries",
    """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only",
)


def _instant() -> sa.types.TypeEngine[Any]:
    """Microseconds since 1970 on SQLite, TIMESTAMPTZ on PostgreSQL; here once more, because migrations do not move."""
    return sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Forward. What was refused before is not told: only what comes from now on."""
    op.create_table(
        "audit_checkpoints",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("until_number", sa.BigInteger, nullable=False),
        sa.Column("entry_number", sa.BigInteger, nullable=False),
        sa.Column("sealed_at", _instant(), nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_audit_checkpoints"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refusal_reports",
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("told_number", sa.BigInteger, nullable=False),
        sa.Column("next_at", _instant(), nullable=False),
        sa.Column("until_number", sa.BigInteger),
        sa.Column("item_id", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", _instant()),
        sa.PrimaryKeyConstraint("team_id", name="pk_refusal_reports"),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    op.get_bind().exec_driver_sql(_TOLD_POSTGRESQL if postgres else _TOLD_SQLITE)
    for statement in _POSTGRESQL if postgres else _SQLITE:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Back to a trail that is never cut; one that was cut cannot be verified by older versions."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL_BACK if postgres else _SQLITE_BACK:
        op.get_bind().exec_driver_sql(statement)
    op.drop_table("audit_checkpoints")
    op.drop_table("refusal_reports")
    if postgres:
        op.execute("DROP FUNCTION refuse_audit_checkpoint()")
