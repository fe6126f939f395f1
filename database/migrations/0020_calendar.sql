-- The working calendar kept right (Q61): what follows from the correction of a year that was known.

-- kind: local
-- Days of a year that was known are no longer what they were. Running deadlines that reach them are then looked
-- through and may become later, never earlier; who decided it and what it changed stands in the journal.
CREATE TABLE calendar_correction (
  correction_id uuid PRIMARY KEY,
  year          integer NOT NULL,
  first_day     date NOT NULL,
  last_day      date NOT NULL CHECK (last_day >= first_day),
  decided_at    timestamptz NOT NULL,
  done_at       timestamptz
);
GRANT SELECT ON calendar_correction TO haochaping_system, haochaping_portal;
GRANT INSERT, UPDATE ON calendar_correction TO haochaping_system;
