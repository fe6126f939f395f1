-- The case in full (R14–R20): several clocks, pauses, extension, re-assignment, co-handlers, other sources than ratings.

ALTER TABLE rectification_case
  ALTER COLUMN level DROP NOT NULL,
  ADD COLUMN source_kind       text NOT NULL DEFAULT 'rating',
  -- whose opening days count for the organisation's own work; '' for the common calendar
  ADD COLUMN hall_code         text NOT NULL DEFAULT '',
  -- the affair it is about, whatever it came from; null where that is not known
  ADD COLUMN matter_id         uuid,
  -- what everybody waits for, each with its arithmetic; those that have stopped too
  ADD COLUMN clocks            jsonb NOT NULL DEFAULT '[]',
  -- derived from the clocks at every write
  ADD COLUMN next_due_at       timestamptz,
  ADD COLUMN next_due_key      text,
  ADD COLUMN next_alarm_at     timestamptz,
  ADD COLUMN missing_years     integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN returns_to        text,
  ADD COLUMN attempts          integer NOT NULL DEFAULT 0,
  ADD COLUMN asked             boolean NOT NULL DEFAULT false,
  ADD COLUMN transfer_to       text,
  ADD COLUMN transfer_refused  boolean NOT NULL DEFAULT false,
  -- the commitment register: promised at first, until now, how often later, and what was asked for last
  ADD COLUMN first_promised_on date,
  ADD COLUMN extensions        integer NOT NULL DEFAULT 0,
  ADD COLUMN extension_until   date,
  ADD COLUMN extension_status  text CHECK (extension_status IN ('requested', 'approved', 'refused', 'lapsed')),
  ADD COLUMN false_reports     integer NOT NULL DEFAULT 0,
  -- places of the organisations that handle it with the lead
  ADD COLUMN party_paths       text[] NOT NULL DEFAULT '{}',
  -- somebody may see it who does not see its rating
  ADD COLUMN shared            boolean NOT NULL DEFAULT false;

UPDATE rectification_case SET
  first_promised_on = promised_on,
  next_due_at = due_at,
  next_due_key = due_arithmetic ->> 'key',
  next_alarm_at = CASE WHEN state <> 'resurvey' THEN due_at END,
  missing_years = ARRAY(SELECT y::int FROM jsonb_array_elements_text(due_arithmetic -> 'missingYears') y ORDER BY 1),
  clocks = jsonb_build_array(due_arithmetic || jsonb_build_object(
    'hallCode', NULL,
    'until', CASE WHEN due_arithmetic ->> 'key' = 'promised' THEN to_jsonb(promised_on) ELSE 'null'::jsonb END,
    'pauses', '[]'::jsonb,
    'stoppedAt', NULL,
    'dueAt', to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'provisional', due_provisional,
    'fired', '[]'::jsonb,
    'late', overdue))
WHERE due_arithmetic IS NOT NULL;
UPDATE rectification_case SET first_promised_on = promised_on WHERE promised_on IS NOT NULL;

ALTER TABLE rectification_case DROP COLUMN due_arithmetic;

DROP INDEX rectification_case_due, rectification_case_path, rectification_case_closed;
CREATE INDEX rectification_case_due ON rectification_case (next_due_at, evaluation_id) WHERE state <> 'closed';
CREATE INDEX rectification_case_path ON rectification_case (organization_path text_pattern_ops, next_due_at, evaluation_id)
  WHERE state <> 'closed';
CREATE INDEX rectification_case_closed ON rectification_case (closed_at DESC, evaluation_id DESC) WHERE state = 'closed';
CREATE INDEX rectification_case_closed_path ON rectification_case (organization_path text_pattern_ops, closed_at DESC)
  WHERE state = 'closed';
CREATE INDEX rectification_case_alarm ON rectification_case (next_alarm_at, evaluation_id) WHERE next_alarm_at IS NOT NULL;
CREATE INDEX rectification_case_provisional ON rectification_case (evaluation_id) WHERE missing_years <> '{}';
CREATE INDEX rectification_case_matter ON rectification_case (matter_id) WHERE matter_id IS NOT NULL;
CREATE INDEX rectification_case_number ON rectification_case (case_number);
CREATE INDEX rectification_case_verifier ON rectification_case (verifier_id) WHERE state <> 'closed';
CREATE INDEX rectification_case_shared ON rectification_case (evaluation_id) WHERE shared;

-- kind: fact
-- Organisations besides the lead: those that handle a case with it, and those that had it before.
CREATE TABLE case_party (
  evaluation_id     uuid NOT NULL,
  party_id          uuid NOT NULL,
  case_id           uuid NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('co', 'former')),
  since             timestamptz NOT NULL,
  until             timestamptz,
  PRIMARY KEY (evaluation_id, party_id)
);

-- kind: fact
-- What opened a case, and what was joined to it afterwards: one chain for each matter.
CREATE TABLE case_source (
  evaluation_id        uuid NOT NULL,
  source_id            uuid NOT NULL,
  case_id              uuid NOT NULL,
  kind                 text NOT NULL
    CHECK (kind IN ('rating', 'complaint', 'opinion', 'follow_up', 'spot_check', 'reopened')),
  source_evaluation_id uuid,
  at                   timestamptz NOT NULL,
  PRIMARY KEY (evaluation_id, source_id)
);
INSERT INTO case_source (evaluation_id, source_id, case_id, kind, source_evaluation_id, at)
  SELECT evaluation_id, evaluation_id, case_id, 'rating', evaluation_id, opened_at FROM rectification_case;

GRANT SELECT ON case_party, case_source TO haochaping_intake, haochaping_staff, haochaping_system;
GRANT INSERT ON case_party, case_source TO haochaping_staff, haochaping_system;
GRANT UPDATE (until) ON case_party TO haochaping_staff, haochaping_system;

CREATE FUNCTION within_any(paths text[]) RETURNS boolean LANGUAGE sql STABLE
  RETURN paths <> '{}' AND EXISTS (SELECT 1 FROM unnest(paths) AS p (path) WHERE within_place(p.path));

-- A case is seen from its lead's place and from those of the organisations that handle it with the lead. Its
-- journal, texts and evidence are seen by whoever sees the rating or the case.
ALTER POLICY staff_place ON rectification_case
  USING ((within_place(organization_path) OR within_any(party_paths)) AND own_rating(staff_number))
  WITH CHECK ((within_place(organization_path) OR within_any(party_paths)) AND own_rating(staff_number));
ALTER POLICY staff_place ON evaluation
  USING ((within_place(organization_path) OR EXISTS (SELECT 1 FROM rectification_case c
    WHERE c.evaluation_id = evaluation.evaluation_id AND c.shared)) AND own_rating(staff_number));
ALTER POLICY staff_place ON visit
  USING ((within_place(organization_path) OR EXISTS (SELECT 1 FROM rectification_case c
    WHERE c.evaluation_id = visit.evaluation_id AND c.shared)) AND own_rating(staff_number));
ALTER POLICY staff_place ON personal_data
  USING ((EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = personal_data.evaluation_id)
      OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = personal_data.evaluation_id))
    AND coalesce(current_setting('app.staff_number', true), '') = '');
ALTER POLICY staff_place ON journal_entry
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = subject_id))
  WITH CHECK (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = subject_id));
ALTER POLICY staff_place ON entry_text
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = subject_id))
  WITH CHECK (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = subject_id)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = subject_id));
ALTER POLICY staff_place ON evidence_file
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = evidence_file.evaluation_id)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = evidence_file.evaluation_id))
  WITH CHECK (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = evidence_file.evaluation_id)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = evidence_file.evaluation_id));

ALTER TABLE case_party ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_source ENABLE ROW LEVEL SECURITY;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['case_party', 'case_source'] LOOP
    EXECUTE format('CREATE POLICY system_all ON %I TO haochaping_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY intake_all ON %I TO haochaping_intake USING (true)', t);
    EXECUTE format('CREATE POLICY staff_place ON %I TO haochaping_staff
      USING (EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = %I.evaluation_id))
      WITH CHECK (EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = %I.evaluation_id))', t, t, t);
  END LOOP;
END $$;
