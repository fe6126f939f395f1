-- A notice that asks to sign for a case is done with once the case has been signed for: found by where it leads.
CREATE INDEX inbox_item_unread_path ON inbox_item (path) WHERE read_at IS NULL;
