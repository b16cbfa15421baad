"""What makes the audit trail append-only, as the code expects it. Migrations carry their own copies, by hand.

SQLite: UPDATE and DELETE are refused, and an INSERT at any place but the next: so REPLACE cannot hit an entry, also
from a program that has not turned `recursive_triggers` on. PostgreSQL: UPDATE, DELETE and TRUNCATE are refused
ALWAYS, so that `session_replication_role` does not go round them.

The one DELETE that passes is of entries up to a checkpoint. A checkpoint needs its entry in the trail, takes its hash
from the entry that it stands at, and only moves forward; that it is sealed with the key is `verify`'s to see. The
functions name the table's own schema: a temporary table of the same name is not looked at.
"""

from typing import Final

SQLITE: Final = (
    """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoints WHERE team_id = OLD.team_id AND number >= OLD.number)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entries_only_next BEFORE INSERT ON audit_entries
WHEN NEW.number IS NOT 1 + coalesce((SELECT max(number) FROM audit_entries WHERE team_id = NEW.team_id), 0)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_texts_only_new BEFORE INSERT ON audit_texts
WHEN EXISTS (SELECT 1 FROM audit_texts WHERE team_id = NEW.team_id AND number = NEW.number)
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

POSTGRESQL: Final = (
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only",
    """CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_texts ENABLE ALWAYS TRIGGER audit_texts_no_update",
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


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that make them, by the dialect's name."""
    return POSTGRESQL if dialect == "postgresql" else SQLITE
