"""What makes the audit trail append-only, as the code expects it. Migrations carry their own copies, by hand.

SQLite: UPDATE and DELETE are refused, and an INSERT at any place but the next: so REPLACE cannot hit an entry, also
from a program that has not turned `recursive_triggers` on. PostgreSQL: UPDATE, DELETE and TRUNCATE are refused for
the whole statement, ALWAYS, so that `session_replication_role` does not go round them.
"""

from typing import Final

SQLITE: Final = (
    """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_entries_only_next BEFORE INSERT ON audit_entries
WHEN NEW.number IS NOT 1 + coalesce((SELECT max(number) FROM audit_entries WHERE team_id = NEW.team_id), 0)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_texts_only_new BEFORE INSERT ON audit_texts
WHEN EXISTS (SELECT 1 FROM audit_texts WHERE team_id = NEW.team_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)

POSTGRESQL: Final = (
    """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only",
    """CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    "ALTER TABLE audit_texts ENABLE ALWAYS TRIGGER audit_texts_no_update",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that make them, by the dialect's name."""
    return POSTGRESQL if dialect == "postgresql" else SQLITE
