-- The trail is appended to, in order, and nothing else. An entry may lose its personal part, whole, and once.
CREATE TRIGGER audit_event_insert BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR rowid = NEW.rowid)
  OR (NEW.seq IS NOT NULL AND (
    NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
    OR (NEW.seq > 1 AND NEW.previous IS NOT (SELECT hash FROM audit_event WHERE seq = NEW.seq - 1))
    OR NEW.hash IS NULL OR NEW.commitment IS NULL OR NEW.previous IS NULL))
BEGIN
  SELECT RAISE(ABORT, 'the trail is appended to in order');
END;
--> statement-breakpoint
CREATE TRIGGER audit_event_update BEFORE UPDATE ON audit_event
WHEN NEW.rowid IS NOT OLD.rowid OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.kind IS NOT OLD.kind
  OR NEW.client_id IS NOT OLD.client_id OR NEW.means IS NOT OLD.means
  OR NOT (
    (OLD.seq IS NULL
      AND NEW.seq IS (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
      AND (NEW.seq = 1 OR NEW.previous IS (SELECT hash FROM audit_event WHERE seq = NEW.seq - 1))
      AND NEW.hash IS NOT NULL AND NEW.commitment IS NOT NULL AND NEW.previous IS NOT NULL
      AND NEW.practitioner_id IS OLD.practitioner_id AND NEW.place IS OLD.place AND NEW.detail IS OLD.detail)
    OR (OLD.seq IS NOT NULL AND NEW.seq IS OLD.seq AND NEW.previous IS OLD.previous AND NEW.hash IS OLD.hash
      AND NEW.commitment IS OLD.commitment AND NEW.practitioner_id IS NULL AND NEW.place IS NULL
      AND NEW.detail IS NULL AND NEW.salt IS NULL))
BEGIN
  SELECT RAISE(ABORT, 'the trail is appended to and not rewritten');
END;
--> statement-breakpoint
CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event
BEGIN
  SELECT RAISE(ABORT, 'the trail is appended to: nothing leaves it');
END;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoint_insert BEFORE INSERT ON audit_checkpoint
WHEN EXISTS (SELECT 1 FROM audit_checkpoint WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'a checkpoint is signed once');
END;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoint_update BEFORE UPDATE ON audit_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'a checkpoint is signed once');
END;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoint_delete BEFORE DELETE ON audit_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'a checkpoint stays');
END;
