-- Clocks and what is told of them: opening days of halls, policies by kind of item (Q30, Q61), and the summaries of
-- each month (R19, Q72).

-- kind: reference
-- A hall opens or stays shut on one date, or on every such weekday (1 Monday … 7 Sunday), other than the common
-- calendar says. The rows of a hall are always written together; their history is in the journal.
CREATE TABLE hall_day (
  hall_code text NOT NULL REFERENCES hall (code),
  day       text NOT NULL CHECK (day ~ '^([1-7]|\d{4}-\d{2}-\d{2})$'),
  open      boolean NOT NULL,
  note      text NOT NULL DEFAULT '',
  PRIMARY KEY (hall_code, day)
);
GRANT SELECT ON hall_day TO haochaping_intake, haochaping_staff, haochaping_system, haochaping_portal;
GRANT INSERT, DELETE ON hall_day TO haochaping_system;

-- The kind of service item a version is for; '' for all of them.
ALTER TABLE policy ADD COLUMN category text NOT NULL DEFAULT '';

-- kind: local
-- The summary of a month: whole numbers as they stood at a position of the ledger. A month has one that is not
-- withdrawn; who approves it does not publish it.
CREATE TABLE summary (
  summary_id   uuid PRIMARY KEY,
  period       text NOT NULL CHECK (period ~ '^\d{4}-\d{2}$'),
  scope        text NOT NULL,
  round        integer NOT NULL,
  figures      jsonb NOT NULL,
  position     bigint NOT NULL,
  as_of        timestamptz NOT NULL,
  state        text NOT NULL CHECK (state IN ('draft', 'approved', 'published', 'withdrawn')),
  drafted_at   timestamptz NOT NULL,
  approved_by  uuid,
  approved_at  timestamptz,
  published_by uuid CHECK (published_by <> approved_by),
  published_at timestamptz,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  withdrawal   text NOT NULL DEFAULT '',
  version      integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX summary_standing ON summary (scope, period) WHERE state <> 'withdrawn';
ALTER TABLE summary ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_all ON summary TO haochaping_system USING (true) WITH CHECK (true);
-- What is not published yet is nobody's but theirs who read it through the program.
CREATE POLICY portal_published ON summary TO haochaping_portal
  USING (published_at IS NOT NULL AND state IN ('published', 'withdrawn'));
GRANT SELECT, INSERT, UPDATE ON summary TO haochaping_system;
GRANT SELECT ON summary TO haochaping_portal;
