-- What cases are about besides the first rating: complaints and opinions from outside (R14, Q60), the one follow-up
-- rating after rectification (追评), and which case each rating or complaint was joined to.

-- kind: fact
-- A second look at the same service after it was put right. Both ratings stay; this one never takes the place of the
-- first. The primary key refuses a second follow-up.
CREATE TABLE follow_up (
  evaluation_id  uuid PRIMARY KEY,
  submission_id  uuid NOT NULL,
  level          smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
  hall_level     smallint CHECK (hall_level BETWEEN 1 AND 5),
  option_version text NOT NULL,
  option_codes   text[] NOT NULL,
  has_words      boolean NOT NULL,
  channel        smallint NOT NULL CHECK (channel BETWEEN 1 AND 7),
  submitted_at   timestamptz NOT NULL,
  entry_id       uuid NOT NULL,
  digest         bytea NOT NULL
);

-- kind: fact
-- A complaint (投诉) or an opinion (意见建议) about a service, as a partner or an official took it down. Its
-- evaluation_id is derived from who took it down and under which number, so the same one is never entered twice.
CREATE TABLE complaint (
  evaluation_id     uuid PRIMARY KEY,
  complaint_number  text NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('complaint', 'opinion')),
  medium            text NOT NULL CHECK (medium IN ('hotline', 'opinion_box', 'platform', 'mail', 'visit', 'other')),
  source            text NOT NULL,
  source_number     text NOT NULL,
  matter_id         uuid NOT NULL,
  affair_number     text NOT NULL DEFAULT '',
  item_code         text NOT NULL DEFAULT '',
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  window_code       text NOT NULL DEFAULT '',
  staff_number      text NOT NULL DEFAULT '',
  real_name         boolean NOT NULL,
  do_not_contact    boolean NOT NULL,
  received_at       timestamptz NOT NULL,
  recorded_at       timestamptz NOT NULL,
  entry_id          uuid NOT NULL,
  digest            bytea NOT NULL
);
CREATE INDEX complaint_path ON complaint (organization_path text_pattern_ops, recorded_at DESC);
CREATE INDEX complaint_recorded ON complaint (recorded_at DESC);

-- kind: fact
-- The case that a rating or a complaint was joined to, where that is not a case of its own. It stands beside the
-- source, so that whoever holds the source's secret link finds the case.
CREATE TABLE matter_link (
  evaluation_id      uuid PRIMARY KEY,
  matter_id          uuid NOT NULL,
  case_evaluation_id uuid NOT NULL,
  linked_at          timestamptz NOT NULL,
  entry_id           uuid NOT NULL
);
CREATE INDEX matter_link_case ON matter_link (case_evaluation_id);

-- A complaint knows the affair by its number only.
CREATE INDEX visit_affair ON visit (affair_number);

ALTER TABLE statistic_daily
  ADD COLUMN follow_ups integer NOT NULL DEFAULT 0,
  ADD COLUMN follow_ups_positive integer NOT NULL DEFAULT 0,
  ADD COLUMN complaints integer NOT NULL DEFAULT 0;

ALTER TABLE publication_case
  ADD COLUMN follow_up_level smallint,
  ADD COLUMN follow_up_at timestamptz;

GRANT SELECT, INSERT ON follow_up, complaint TO haochaping_intake;
GRANT SELECT ON matter_link TO haochaping_intake;
GRANT SELECT ON follow_up, complaint, matter_link TO haochaping_staff;
GRANT SELECT ON follow_up, complaint TO haochaping_system;
GRANT SELECT, INSERT ON matter_link TO haochaping_system;

ALTER TABLE follow_up ENABLE ROW LEVEL SECURITY;
ALTER TABLE complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE matter_link ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['follow_up', 'complaint', 'matter_link'] LOOP
    EXECUTE format('CREATE POLICY system_all ON %I TO haochaping_system USING (true) WITH CHECK (true)', t);
    EXECUTE format('CREATE POLICY intake_all ON %I TO haochaping_intake USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;

CREATE POLICY staff_place ON follow_up TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = follow_up.evaluation_id));
-- Window staff read the ratings of their own service; complaints about them are for those who look into them.
CREATE POLICY staff_place ON complaint TO haochaping_staff
  USING (coalesce(current_setting('app.staff_number', true), '') = '' AND (within_place(organization_path)
    OR EXISTS (SELECT 1 FROM rectification_case c WHERE c.evaluation_id = complaint.evaluation_id)));
CREATE POLICY staff_place ON matter_link TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM evaluation e WHERE e.evaluation_id = matter_link.evaluation_id)
    OR EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = matter_link.evaluation_id));
-- What belongs to a complaint is seen by whoever sees the complaint, beside what the other policies allow.
CREATE POLICY staff_complaint ON journal_entry TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = subject_id))
  WITH CHECK (EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = subject_id));
CREATE POLICY staff_complaint ON entry_text TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = subject_id))
  WITH CHECK (EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = subject_id));
CREATE POLICY staff_complaint ON personal_data TO haochaping_staff
  USING (EXISTS (SELECT 1 FROM complaint c WHERE c.evaluation_id = personal_data.evaluation_id));
