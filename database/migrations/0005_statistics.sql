-- Rollups, derived from sealed journal entries by the statistics consumer and rebuildable from them.

-- kind: local
CREATE TABLE statistic_daily (
  day             date NOT NULL,
  organization_id text NOT NULL,
  organization_path text NOT NULL,
  region_code     text NOT NULL,
  item_code       text NOT NULL,
  hall_code       text NOT NULL,
  window_code     text NOT NULL,
  staff_number    text NOT NULL,
  channel         smallint NOT NULL,
  visits          integer NOT NULL DEFAULT 0,
  level_5         integer NOT NULL DEFAULT 0,
  level_4         integer NOT NULL DEFAULT 0,
  level_3         integer NOT NULL DEFAULT 0,
  level_2         integer NOT NULL DEFAULT 0,
  level_1         integer NOT NULL DEFAULT 0,
  real_name       integer NOT NULL DEFAULT 0,
  excluded_mistaken  integer NOT NULL DEFAULT 0,
  excluded_malicious integer NOT NULL DEFAULT 0,
  PRIMARY KEY (day, organization_id, item_code, hall_code, window_code, staff_number, channel)
);
CREATE INDEX statistic_daily_path ON statistic_daily (organization_path text_pattern_ops, day);

-- kind: local
-- Cases by the day they were opened.
CREATE TABLE statistic_case_daily (
  day             date NOT NULL,
  organization_id text NOT NULL,
  organization_path text NOT NULL,
  region_code     text NOT NULL,
  opened          integer NOT NULL DEFAULT 0,
  real_name       integer NOT NULL DEFAULT 0,
  real_name_contacted integer NOT NULL DEFAULT 0,
  rectified       integer NOT NULL DEFAULT 0,
  rectified_on_time integer NOT NULL DEFAULT 0,
  closed_solved   integer NOT NULL DEFAULT 0,
  closed_no_answer integer NOT NULL DEFAULT 0,
  not_adopted_mistaken integer NOT NULL DEFAULT 0,
  not_adopted_malicious integer NOT NULL DEFAULT 0,
  reopened        integer NOT NULL DEFAULT 0,
  overdue         integer NOT NULL DEFAULT 0,
  PRIMARY KEY (day, organization_id)
);

-- kind: local
-- What the statistics consumer must remember of an evaluation to undo or add to its counts later.
CREATE TABLE statistic_evaluation (
  evaluation_id uuid PRIMARY KEY,
  day           date NOT NULL,
  organization_id text NOT NULL,
  item_code     text NOT NULL,
  hall_code     text NOT NULL,
  window_code   text NOT NULL,
  staff_number  text NOT NULL,
  channel       smallint NOT NULL,
  level         smallint NOT NULL,
  case_day      date,
  case_contacted boolean NOT NULL DEFAULT false,
  case_rectified boolean NOT NULL DEFAULT false,
  case_overdue  boolean NOT NULL DEFAULT false
);
