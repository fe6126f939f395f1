-- Supervision (R18–R20, Q71–Q74, P6, P10): orders on cases, spot checks, reports of retaliation.

-- kind: fact
-- 催办、督办、挂牌督办 on a case. The row is the present state; the history is the journal (supervision.*).
CREATE TABLE supervision_order (
  evaluation_id     uuid NOT NULL,
  order_id          uuid NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('urge', 'supervise', 'listed')),
  state             text NOT NULL CHECK (state IN ('issued', 'answered', 'returned', 'accepted', 'withdrawn')),
  case_number       text NOT NULL,
  item_code         text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  staff_number      text NOT NULL DEFAULT '',
  issuer_id         text NOT NULL,
  issuer_path       text NOT NULL,
  issued_by         uuid NOT NULL,
  issued_at         timestamptz NOT NULL,
  clock             jsonb NOT NULL,
  due_at            timestamptz,
  due_provisional   boolean NOT NULL DEFAULT false,
  overdue           boolean NOT NULL DEFAULT false,
  ever_overdue      boolean NOT NULL DEFAULT false,
  answered_at       timestamptz,
  closed_at         timestamptz,
  version           integer NOT NULL DEFAULT 1,
  PRIMARY KEY (evaluation_id, order_id)
);
CREATE INDEX supervision_order_path ON supervision_order (organization_path text_pattern_ops, issued_at DESC);
CREATE INDEX supervision_order_due ON supervision_order (due_at) WHERE state IN ('issued', 'returned');

-- kind: local
-- A round of spot checks. The seed is committed to in the journal before the draw and told with it.
CREATE TABLE spot_check (
  check_id          uuid PRIMARY KEY,
  title             text NOT NULL,
  method            text NOT NULL CHECK (method IN ('sample', 'file', 'site', 'call')),
  selection         text NOT NULL CHECK (selection IN ('draw', 'pick')),
  state             text NOT NULL CHECK (state IN ('planned', 'drawn', 'closed')),
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  filter            jsonb NOT NULL,
  seed              text,
  seed_source       text CHECK (seed_source IN ('random', 'entered')),
  seed_commitment   text,
  percent           integer CHECK (percent BETWEEN 1 AND 100),
  size              integer CHECK (size BETWEEN 1 AND 500),
  population_size   integer,
  population_digest text,
  planned_by        uuid NOT NULL,
  planned_at        timestamptz NOT NULL,
  drawn_at          timestamptz,
  closed_at         timestamptz,
  version           integer NOT NULL DEFAULT 1
);
CREATE INDEX spot_check_path ON spot_check (organization_path text_pattern_ops, planned_at DESC);

-- kind: local
-- The list a round was drawn from, so that the draw can be repeated after the cases have moved on.
CREATE TABLE spot_check_population (
  check_id uuid PRIMARY KEY REFERENCES spot_check,
  ids      uuid[] NOT NULL
);

-- kind: fact
-- One case in a round of spot checks. The organisation is the one that handled it when it was drawn.
CREATE TABLE spot_check_item (
  evaluation_id     uuid NOT NULL,
  check_id          uuid NOT NULL,
  check_path        text NOT NULL,
  place             integer NOT NULL,
  case_number       text NOT NULL,
  item_code         text NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  inspector_id      uuid,
  finding           text CHECK (finding IN ('none', 'unresolved', 'false_report', 'concealed')),
  found_at          timestamptz,
  found_by          uuid,
  reopened          boolean NOT NULL DEFAULT false,
  version           integer NOT NULL DEFAULT 1,
  PRIMARY KEY (evaluation_id, check_id)
);
CREATE INDEX spot_check_item_check ON spot_check_item (check_id, place);
CREATE INDEX spot_check_item_finding ON spot_check_item (organization_path text_pattern_ops, found_at)
  WHERE finding IS NOT NULL;

-- kind: fact
-- A citizen says that somebody takes revenge for a rating (P6, Q81). Goes past the organisation and the district.
CREATE TABLE retaliation_report (
  evaluation_id     uuid NOT NULL,
  report_id         uuid NOT NULL,
  state             text NOT NULL CHECK (state IN ('reported', 'answered')),
  outcome           text CHECK (outcome IN ('confirmed', 'not_confirmed', 'handed_over')),
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  reported_at       timestamptz NOT NULL,
  answered_at       timestamptz,
  answered_by       uuid,
  version           integer NOT NULL DEFAULT 1,
  PRIMARY KEY (evaluation_id, report_id)
);
CREATE INDEX retaliation_report_reported ON retaliation_report (reported_at DESC);

-- The registers of R20 (call-backs, commitments) read by these.
CREATE INDEX rectification_case_real_name ON rectification_case (opened_at, evaluation_id) WHERE real_name;
CREATE INDEX journal_entry_promise ON journal_entry (recorded_at, subject_id) WHERE kind = 'case.promise';
CREATE INDEX rectification_case_opened ON rectification_case (opened_at, evaluation_id);

GRANT SELECT, INSERT, UPDATE ON supervision_order, spot_check, spot_check_item TO haochaping_staff;
GRANT SELECT, INSERT ON spot_check_population TO haochaping_staff;
GRANT SELECT, UPDATE ON retaliation_report TO haochaping_staff;
GRANT SELECT, INSERT ON retaliation_report TO haochaping_intake;
GRANT SELECT ON supervision_order, spot_check, spot_check_population, spot_check_item, retaliation_report
  TO haochaping_system;
GRANT UPDATE ON supervision_order TO haochaping_system;
-- What is public: how many orders are listed and how they ended, and what spot checks found, by organisation.
GRANT SELECT (kind, state, organization_id, organization_path, region_code, issued_at, closed_at, overdue, ever_overdue)
  ON supervision_order TO haochaping_portal;
GRANT SELECT (finding, organization_id, organization_path, region_code, found_at) ON spot_check_item
  TO haochaping_portal;

ALTER TABLE supervision_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE spot_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE spot_check_population ENABLE ROW LEVEL SECURITY;
ALTER TABLE spot_check_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE retaliation_report ENABLE ROW LEVEL SECURITY;

-- Window staff have no part in supervision, whatever their place.
CREATE FUNCTION supervises(path text) RETURNS boolean LANGUAGE sql STABLE
  RETURN within_place(path) AND coalesce(current_setting('app.staff_number', true), '') = '';
-- The setting is made by the one service that hears these reports, from the role of the account.
CREATE FUNCTION hears_retaliation() RETURNS boolean LANGUAGE sql STABLE
  RETURN coalesce(current_setting('app.role', true), '') = 'city_authority';

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['supervision_order', 'spot_check', 'spot_check_population', 'spot_check_item', 'retaliation_report'] LOOP
    EXECUTE format('CREATE POLICY system_all ON %I TO haochaping_system USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
CREATE POLICY staff_place ON supervision_order TO haochaping_staff
  USING (supervises(organization_path)) WITH CHECK (supervises(organization_path));
-- Which cases are looked into is for those who look; the organisation learns it with the finding, not before.
CREATE POLICY staff_place ON spot_check_item TO haochaping_staff
  USING (supervises(organization_path) AND (finding IS NOT NULL OR within_place(check_path)))
  WITH CHECK (supervises(organization_path) AND within_place(check_path));
CREATE POLICY staff_place ON spot_check TO haochaping_staff
  USING (supervises(organization_path)
    OR EXISTS (SELECT 1 FROM spot_check_item i WHERE i.check_id = spot_check.check_id AND i.finding IS NOT NULL))
  WITH CHECK (supervises(organization_path));
CREATE POLICY staff_place ON spot_check_population TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = spot_check_population.check_id AND supervises(c.organization_path)))
  WITH CHECK (EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = spot_check_population.check_id AND supervises(c.organization_path)));
CREATE POLICY portal_listed ON supervision_order TO haochaping_portal USING (kind = 'listed');
CREATE POLICY portal_found ON spot_check_item TO haochaping_portal USING (finding IS NOT NULL);
CREATE POLICY intake_all ON retaliation_report TO haochaping_intake USING (true) WITH CHECK (true);
CREATE POLICY city_only ON retaliation_report TO haochaping_staff
  USING (hears_retaliation() AND supervises(organization_path))
  WITH CHECK (hears_retaliation() AND supervises(organization_path));

-- What a round of spot checks leaves in the journal belongs to the round, not to a rating.
CREATE POLICY staff_spot_check ON journal_entry TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = subject_id AND supervises(c.organization_path)))
  WITH CHECK (EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = subject_id AND supervises(c.organization_path)));
CREATE POLICY staff_spot_check ON entry_text TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = subject_id AND supervises(c.organization_path)))
  WITH CHECK (EXISTS (SELECT 1 FROM spot_check c WHERE c.check_id = subject_id AND supervises(c.organization_path)));
-- Whoever sees a rating still does not see that its citizen reported retaliation; of what was said, nothing.
CREATE POLICY retaliation_sealed ON journal_entry AS RESTRICTIVE TO haochaping_staff
  USING (NOT starts_with(kind, 'supervision.retaliation') OR hears_retaliation());
CREATE POLICY text_of_seen_entry ON entry_text AS RESTRICTIVE TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM journal_entry e
    WHERE e.subject_id = entry_text.subject_id AND e.entry_id = entry_text.entry_id));
