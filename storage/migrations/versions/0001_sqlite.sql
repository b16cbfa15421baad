CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END

CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END

CREATE TRIGGER audit_entries_only_next BEFORE INSERT ON audit_entries
WHEN NEW.number IS NOT 1 + coalesce((SELECT max(number) FROM audit_entries WHERE team_id = NEW.team_id), 0)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END

CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END

CREATE TRIGGER audit_texts_only_new BEFORE INSERT ON audit_texts
WHEN EXISTS (SELECT 1 FROM audit_texts WHERE team_id = NEW.team_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
