-- Appeals against ratings and their re-examination (R29, Q99, Q100, P9), and what of them is counted.

-- kind: fact
-- The row is the present state; the history, with statements, evidence and reasons, is the journal (appeal.*). A
-- rating has one appeal at a time: the id follows from the rating and the appeal's number.
CREATE TABLE appeal (
  evaluation_id     uuid NOT NULL,
  appeal_id         uuid NOT NULL,
  number            integer NOT NULL,
  state             text NOT NULL CHECK (state IN ('filed', 'decided', 'reexamination_filed', 'final', 'withdrawn')),
  stage             text NOT NULL CHECK (stage IN ('first', 'reexamination')),
  claim             text NOT NULL CHECK (claim IN ('mistaken', 'malicious', 'partly')),
  outcome           text CHECK (outcome IN ('upheld', 'mistaken', 'malicious', 'partly')),
  first_outcome     text CHECK (first_outcome IN ('upheld', 'mistaken', 'malicious', 'partly')),
  appellant_kind    text NOT NULL CHECK (appellant_kind IN ('organization', 'staff')),
  appellant_id      uuid NOT NULL,
  organization_id   text NOT NULL,
  organization_path text NOT NULL,
  region_code       text NOT NULL,
  item_code         text NOT NULL,
  staff_number      text NOT NULL DEFAULT '',
  level             smallint NOT NULL,
  first_instance    text NOT NULL CHECK (first_instance IN ('district', 'city')),
  citizen_heard     boolean NOT NULL DEFAULT false,
  answer_until      timestamptz NOT NULL,
  filed_at          timestamptz NOT NULL,
  decided_at        timestamptz,
  first_decider     uuid,
  reexamine_until   timestamptz,
  reexamination_by  text CHECK (reexamination_by IN ('appellant', 'citizen')),
  reexamined_at     timestamptz,
  clock             jsonb NOT NULL,
  due_at            timestamptz,
  due_provisional   boolean NOT NULL DEFAULT false,
  overdue           boolean NOT NULL DEFAULT false,
  ever_overdue      boolean NOT NULL DEFAULT false,
  version           integer NOT NULL DEFAULT 1,
  PRIMARY KEY (evaluation_id, appeal_id)
);
CREATE INDEX appeal_path ON appeal (organization_path text_pattern_ops, filed_at DESC);
CREATE INDEX appeal_filed ON appeal (filed_at DESC, evaluation_id);
CREATE INDEX appeal_due ON appeal (due_at, evaluation_id) WHERE state IN ('filed', 'reexamination_filed');
CREATE INDEX appeal_becoming_final ON appeal (reexamine_until) WHERE state = 'decided';

GRANT SELECT, INSERT, UPDATE ON appeal TO haochaping_staff;
GRANT SELECT, UPDATE ON appeal TO haochaping_system;
GRANT SELECT ON appeal TO haochaping_intake;

-- The appellant's place, the places above it, where it is decided, and the named staff member's own.
ALTER TABLE appeal ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_all ON appeal TO haochaping_system USING (true) WITH CHECK (true);
CREATE POLICY intake_all ON appeal TO haochaping_intake USING (true);
CREATE POLICY staff_place ON appeal TO haochaping_staff
  USING (within_place(organization_path) AND own_rating(staff_number))
  WITH CHECK (within_place(organization_path) AND own_rating(staff_number));

-- Appeals stand on the day of their rating, as its case does; overturned: decided otherwise than to let it stand.
ALTER TABLE statistic_daily
  ADD COLUMN appeals_filed      integer NOT NULL DEFAULT 0,
  ADD COLUMN appeals_decided    integer NOT NULL DEFAULT 0,
  ADD COLUMN appeals_overturned integer NOT NULL DEFAULT 0;
