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

-- kind: fact
-- Promises to rectify by a date (R15, Q65) and what became of them, as the journal tells it: derived, so that the
-- register and its sums need not gather each promise from the entries of its case. Made by the consumer `commitments`.
CREATE TABLE commitment (
  evaluation_id     uuid NOT NULL,
  entry_id          uuid NOT NULL,
  version           integer NOT NULL,
  round             integer NOT NULL,
  case_number       text NOT NULL,
  item_code         text NOT NULL,
  staff_number      text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  promised_at       timestamptz NOT NULL,
  promised_first    date NOT NULL,
  promised_on       date NOT NULL,
  extensions        integer NOT NULL DEFAULT 0,
  completed_at      timestamptz,
  PRIMARY KEY (evaluation_id, entry_id)
);
CREATE INDEX commitment_promised ON commitment (promised_at, entry_id)
  INCLUDE (organization_path, region_code, promised_on, extensions, completed_at, staff_number);
GRANT SELECT ON commitment TO haochaping_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON commitment TO haochaping_system;
ALTER TABLE commitment ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_all ON commitment TO haochaping_system USING (true) WITH CHECK (true);
CREATE POLICY staff_place ON commitment TO haochaping_staff
  USING (within_place(organization_path) AND coalesce(current_setting('app.staff_number', true), '') IN ('', staff_number));

-- Whether others handle a case too is asked only where there are any: a call for each row of another district was most
-- of what a district's page of a register took.
ALTER POLICY staff_place ON rectification_case
  USING ((within_place(organization_path) OR (party_paths <> '{}' AND within_any(party_paths)))
    AND own_rating(staff_number))
  WITH CHECK ((within_place(organization_path) OR (party_paths <> '{}' AND within_any(party_paths)))
    AND own_rating(staff_number));
