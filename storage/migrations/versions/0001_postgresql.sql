CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()

ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only

CREATE TRIGGER audit_texts_no_update BEFORE UPDATE ON audit_texts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()

ALTER TABLE audit_texts ENABLE ALWAYS TRIGGER audit_texts_no_update
